using System.Security.Cryptography;
using System.Text.Json;
using LeadLedger.EventStore;
using LeadLedger.Messaging;

namespace LeadLedger.Businesses;

/// <summary>
/// Loads business files: one file, or every *.json of a folder, one business each. Either all of them are sound, or the
/// exception lists everything that is wrong with any of them.
/// </summary>
public static class BusinessFile
{
    public const string ExampleName = "example.business.json";

    private const string SchemaEnding = ".schema.json";
    private const int PolicyVersionDigits = 12;

    private static readonly JsonDocumentOptions _json = new()
    {
        CommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
        MaxDepth = 32,
    };

    /// <summary>
    /// The shipped example, word for word: a roofing company that a newcomer can try and then change.
    /// </summary>
    public static string Example => EmbeddedText.Of(ExampleName);

    /// <summary>The businesses with the templates and the linter that come with the service.</summary>
    /// <inheritdoc cref="LoadAll(string, IReadOnlyDictionary{string, Template}, Func{Template, Business,
    /// IReadOnlyList{string}})"/>
    public static IReadOnlyList<Business> LoadAll(string fileOrFolder) =>
        LoadAll(fileOrFolder, ShippedTemplates.ById, TemplateFitness.Problems);

    /// <summary>
    /// The business of one text, such as <see cref="Example"/>, with the shipped templates and linter.
    /// </summary>
    public static Business Parse(string name, string text, string folder) =>
        Parse(name, text, folder, ShippedTemplates.ById, TemplateFitness.Problems);

    /// <param name="fileOrFolder">A business file, or a folder of them.</param>
    /// <param name="shipped">The templates that come with the service, by id.</param>
    /// <param name="lint">Why a template may not be used in a business; empty when it may.</param>
    /// <exception cref="BusinessFileException">Something is wrong; every problem of every file is listed.</exception>
    public static IReadOnlyList<Business> LoadAll(
        string fileOrFolder,
        IReadOnlyDictionary<string, Template> shipped,
        Func<Template, Business, IReadOnlyList<string>> lint)
    {
        var loaded = new List<LoadedFile>();
        var unreadable = new List<BusinessFileProblem>();
        foreach (var path in Paths(fileOrFolder, unreadable))
        {
            try
            {
                var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
                loaded.Add(Read(path, File.ReadAllText(path), folder, shipped, lint));
            }
            catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
            {
                unreadable.Add(new BusinessFileProblem(
                    path, "the file", problem.Message.TrimEnd('.'), "Make it readable for the service"));
            }
        }

        return Sound(loaded, unreadable);
    }

    /// <summary>The business of one text, such as <see cref="Example"/>.</summary>
    /// <inheritdoc cref="LoadAll(string, IReadOnlyDictionary{string, Template}, Func{Template, Business,
    /// IReadOnlyList{string}})"/>
    /// <param name="name">What problems call the text.</param>
    /// <param name="folder">Where relative files of secrets are sought.</param>
    public static Business Parse(
        string name,
        string text,
        string folder,
        IReadOnlyDictionary<string, Template> shipped,
        Func<Template, Business, IReadOnlyList<string>> lint) =>
        Sound([Read(name, text, folder, shipped, lint)], [])[0];

    private static List<string> Paths(string fileOrFolder, List<BusinessFileProblem> problems)
    {
        if (File.Exists(fileOrFolder))
        {
            return [fileOrFolder];
        }

        if (!Directory.Exists(fileOrFolder))
        {
            problems.Add(new BusinessFileProblem(
                fileOrFolder,
                "the file",
                "there is no such file or folder",
                "Name a business file, or a folder of them"));
            return [];
        }

        var files = Directory.EnumerateFiles(fileOrFolder, "*.json")
            .Where(path => !path.EndsWith(SchemaEnding, StringComparison.OrdinalIgnoreCase))
            .Order(StringComparer.Ordinal)
            .ToList();
        if (files.Count == 0)
        {
            problems.Add(new BusinessFileProblem(
                fileOrFolder,
                "the folder",
                "holds no *.json file",
                "Put a business file there, such as a copy of the example"));
        }

        return files;
    }

    private static LoadedFile Read(
        string name,
        string text,
        string folder,
        IReadOnlyDictionary<string, Template> shipped,
        Func<Template, Business, IReadOnlyList<string>> lint)
    {
        var problems = new FileProblems(name);
        try
        {
            using var document = JsonDocument.Parse(text.TrimStart('\uFEFF'), _json);
            var root = document.RootElement;
            SchemaCheck.Run(root, problems);
            var policyVersion = problems.All.Count == 0 ? PolicyVersion(root) : "";
            var reader = new BusinessReader(new FileNode(root, "", problems), folder, shipped, lint);
            return new LoadedFile(name, reader.Read(policyVersion), reader.LinePaths, problems);
        }
        catch (JsonException malformed)
        {
            problems.Add(
                $"line {malformed.LineNumber + 1}, character {malformed.BytePositionInLine + 1}",
                "is not JSON from here on",
                "Look for a missing comma, quote or bracket there or just before");
            return new LoadedFile(name, null, [], problems);
        }
    }

    private static IReadOnlyList<Business> Sound(List<LoadedFile> files, List<BusinessFileProblem> unreadable)
    {
        BusinessSeparation.Check(files);
        BusinessFileProblem[] problems = [.. unreadable, .. files.SelectMany(file => file.Problems.All)];
        return problems.Length == 0
            ? [.. files.Select(file => file.Business!)]
            : throw new BusinessFileException(problems);
    }

    /// <summary>Of the content alone: neither comments, order nor layout change it.</summary>
    private static string PolicyVersion(JsonElement root)
    {
        var members = root.EnumerateObject()
            .Where(member => member.Name != "$schema")
            .ToDictionary(member => member.Name, member => member.Value, StringComparer.Ordinal);
        var canonical = CanonicalJson.Of(JsonSerializer.SerializeToUtf8Bytes(members));
        return Convert.ToHexStringLower(SHA256.HashData(canonical))[..PolicyVersionDigits];
    }
}
