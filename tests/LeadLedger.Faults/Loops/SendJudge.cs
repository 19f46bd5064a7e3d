namespace LeadLedger.Faults.Loops;

/// <summary>
/// Compares histories in which texts and alerts were under way when something broke. What was decided must be the same to the letter; how a text
/// fared may be unknown, if the ledger says so and nothing is left hanging.
/// </summary>
public static class SendJudge
{
    private static readonly string[] Decisions = ["sms_requested", "sms_received"];

    private static readonly string[] Outcomes = ["ack_sla_breached", "owner_alert_sent", "owner_alert_failed", "task_refreshed", "number_unreachable"];

    // How a work item may end after one fault; a parked one has failed five times.
    private static readonly string[] Ends = ["done", "ambiguous", "cancelled", "expired", "pending"];

    public static IEnumerable<string> Compare(Footprint expected, Footprint found)
    {
        foreach (var difference in Footprint.Differences(Core(expected), Core(found)))
        {
            yield return difference;
        }

        foreach (var line in found.Lines.Where(IsWork).Where(line => !Ends.Contains(line.Split(' ')[2]) && !expected.Lines.Contains(line)))
        {
            yield return $"ended as {line}";
        }

        var unknown = found.Lines.Count(line => line == "work: send_sms ambiguous");
        var told = found.Lines.Where(line => line.StartsWith("lead: ", StringComparison.Ordinal)).Sum(line => line.Split(' ').Count(SaysUnknown));
        if (unknown > told)
        {
            yield return $"{unknown} texts are unconfirmed and the lead says so of {told}";
        }
    }

    private static Footprint Core(Footprint footprint) =>
        footprint with { Lines = [.. footprint.Lines.Where(line => !line.StartsWith("work: settle_text", StringComparison.Ordinal)).Select(Core).Order(StringComparer.Ordinal)] };

    private static string Core(string line) => IsWork(line)
        ? line[..line.LastIndexOf(' ')]
        : string.Join(' ', line.Split(' ').Where(word => !IsOutcome(word)));

    /// <summary>Whether a fact says that nobody knows whether the text left.</summary>
    public static bool SaysUnknown(string fact) => fact is "sms_outcome_unknown" or "sms_unconfirmed" or "unconfirmed";

    private static bool IsOutcome(string fact) =>
        Outcomes.Contains(fact) || (fact.StartsWith("sms_", StringComparison.Ordinal) && !Decisions.Contains(fact));

    private static bool IsWork(string line) => line.StartsWith("work: ", StringComparison.Ordinal);
}
