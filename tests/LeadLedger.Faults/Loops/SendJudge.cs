namespace LeadLedger.Faults.Loops;

/// <summary>
/// Compares histories in which texts and alerts were under way when something broke. What was decided must be the same to the letter; how a text
/// fared may be unknown, if the ledger says so and nothing is left hanging.
/// </summary>
public static class SendJudge
{
    private static readonly string[] Outcomes =
    [
        "sms_accepted", "sms_sent", "sms_delivered", "sms_failed", "sms_attempt_failed", "sms_withheld", "sms_unconfirmed", "ack_sla_breached",
        "owner_alert_sent", "owner_alert_failed", "task_refreshed",
    ];

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
        var told = found.Lines.Where(line => line.StartsWith("lead: ", StringComparison.Ordinal)).Sum(line => line.Split(' ').Count(word => word == "sms_unconfirmed"));
        if (unknown > told)
        {
            yield return $"{unknown} texts are unconfirmed and the lead says so of {told}";
        }
    }

    private static Footprint Core(Footprint footprint) =>
        footprint with { Lines = [.. footprint.Lines.Select(Core).Order(StringComparer.Ordinal)] };

    private static string Core(string line) => IsWork(line)
        ? line[..line.LastIndexOf(' ')]
        : string.Join(' ', line.Split(' ').Where(word => !Outcomes.Contains(word)));

    private static bool IsWork(string line) => line.StartsWith("work: ", StringComparison.Ordinal);
}
