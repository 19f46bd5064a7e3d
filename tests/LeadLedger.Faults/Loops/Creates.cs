namespace LeadLedger.Faults.Loops;

/// <summary>
/// What the provider took, held against what the ledger decided. The provider's log is the truth about texts: at most one for each work item, and
/// none without its mark.
/// </summary>
public static class Creates
{
    public static async Task<IReadOnlyList<string>> ProblemsAsync(LoopRig rig, IReadOnlyList<Person> people)
    {
        var phones = people.Select(person => person.Phone).ToHashSet(StringComparer.Ordinal);
        var log = rig.Twin.ReadLog();
        var taken = log.Where(record => record.What == "accepted" && phones.Contains(record.To!)).ToArray();
        var problems = log.Where(record => record.What == "complaint" && (record.To is null || phones.Contains(record.To)))
            .Select(record => $"the provider complains: {record.Detail}").Distinct(StringComparer.Ordinal).ToList();
        var rows = await rig.Footprints.AttemptsAsync([.. taken.Select(record => record.Token!)]);
        foreach (var record in taken.Where(record => !rows.ContainsKey(record.Token!)))
        {
            problems.Add($"a text to {record.To} was taken without a mark in the ledger");
        }

        foreach (var row in taken.Where(record => rows.ContainsKey(record.Token!)).GroupBy(record => rows[record.Token!]).Where(row => row.Count() > 1))
        {
            problems.Add($"one decision was sent {row.Count()} times to {row.First().To}");
        }

        return problems;
    }
}
