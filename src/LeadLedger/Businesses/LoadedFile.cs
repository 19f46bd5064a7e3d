namespace LeadLedger.Businesses;

/// <summary>One file as read so far.</summary>
/// <param name="Name">The file as it was named.</param>
/// <param name="Business">Null where the file is not even JSON.</param>
/// <param name="LinePaths">Where each of the business's lines stands in the file.</param>
/// <param name="Problems">What is wrong with it.</param>
internal sealed record LoadedFile(
    string Name, Business? Business, IReadOnlyList<string> LinePaths, FileProblems Problems);
