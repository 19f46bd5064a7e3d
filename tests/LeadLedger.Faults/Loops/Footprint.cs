namespace LeadLedger.Faults.Loops;

/// <summary>
/// Everything the ledger holds about one person, in lines without ids and times: two histories that came to the same have the same footprint.
/// </summary>
/// <param name="Lines">One line for each stream, work item, receipt and contact point, sorted.</param>
/// <param name="Problems">What contradicts itself: gaps, views that are behind, broken chains.</param>
/// <param name="Unfinished">Work items that are due, claimed or calling.</param>
/// <param name="PutOff">Work items that were put off for moments, to be tried again.</param>
public sealed record Footprint(IReadOnlyList<string> Lines, IReadOnlyList<string> Problems, int Unfinished, int PutOff)
{
    public bool Equals(Footprint? other) => other is not null && Lines.SequenceEqual(other.Lines, StringComparer.Ordinal);

    public override int GetHashCode() => Lines.Count;

    public override string ToString() => string.Join("; ", Lines);

    /// <summary>What differs, in words; empty when both are the same.</summary>
    public static IEnumerable<string> Differences(Footprint expected, Footprint found)
    {
        var missing = expected.Lines.ToList();
        foreach (var line in found.Lines)
        {
            if (!missing.Remove(line))
            {
                yield return $"unexpected: {line}";
            }
        }

        foreach (var line in missing)
        {
            yield return $"missing: {line}";
        }
    }
}
