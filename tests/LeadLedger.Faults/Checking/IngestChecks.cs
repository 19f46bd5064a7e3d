using Npgsql;

namespace LeadLedger.Faults.Checking;

/// <summary>Acknowledged means kept, with one effect; one person is one lead (I1, I3, I6).</summary>
internal static class IngestChecks
{
    public static async Task RunAsync(NpgsqlDataSource source, CheckInput input, LedgerFindings findings, CheckReport report)
    {
        var inbox = (await LedgerReading.RowsAsync(
            source, "select source, dedupe_key, outcome, problem from inbox",
            static reader => (Key: $"{reader.GetString(0)} {reader.GetString(1)}", Outcome: reader.GetString(2), Problem: reader.IsDBNull(3) ? null : reader.GetString(3))))
            .ToDictionary(row => row.Key, StringComparer.Ordinal);
        var byKey = input.Sent.GroupBy(sent => $"{sent.Webhook.Source} {sent.Webhook.Key}", StringComparer.Ordinal).ToArray();
        foreach (var deliveries in byKey)
        {
            var webhook = deliveries.First().Webhook;
            var acked = deliveries.Any(sent => sent.AckedAt is not null);
            if (acked)
            {
                report.Trials("I1", "acknowledged webhooks are in the inbox", 1);
                if (!inbox.TryGetValue(deliveries.Key, out var row))
                {
                    report.Violation("I1", "acknowledged webhooks are in the inbox", $"lost: {deliveries.Key} of {webhook.Phone}");
                }
                else if (row.Outcome != "accepted")
                {
                    report.Violation("I1", "acknowledged webhooks are in the inbox", $"{deliveries.Key} was kept as {row.Outcome}: {row.Problem}");
                }
            }

            if (EffectOf(webhook.Kind) is { } effect)
            {
                var count = findings.Effects.GetValueOrDefault($"{effect} {webhook.Subject}");
                report.Trials("I1", "acknowledged webhooks have one effect", acked ? 1 : 0);
                if (acked && count == 0)
                {
                    report.Violation("I1", "acknowledged webhooks have one effect", $"lost: no {effect} for {deliveries.Key}");
                }
                else if (count > 1)
                {
                    report.Violation("I1", "acknowledged webhooks have one effect", $"duplicate: {count} {effect} for {deliveries.Key}");
                }
            }

            if (deliveries.Sum(sent => sent.Attempts) > 1)
            {
                report.Trials("I3", "webhooks delivered more than once add nothing", 1);
            }

            foreach (var refused in deliveries.Where(sent => sent.Refusal is not null))
            {
                report.Violation("I2", "signed webhooks are answered 2xx or 503", $"{deliveries.Key}: {refused.Refusal}");
            }

            report.Trials("I2", "signed webhooks are answered 2xx or 503", deliveries.Count());
        }

        foreach (var taken in input.Twin.Where(record => record.What == "callback"))
        {
            report.Check("I1", "acknowledged status callbacks are in the inbox", inbox.ContainsKey($"twilio.sms_status {taken.Sid}:{taken.Detail}"),
                $"lost: {taken.Sid}:{taken.Detail} to {taken.To}");
        }

        foreach (var complaint in input.Twin.Where(record => record.What == "complaint"))
        {
            report.Violation("I14", "requests are as the provider documents them", complaint.Detail ?? "");
        }

        report.Figure("webhooks sent", input.Sent.Count);
        report.Figure("webhooks acknowledged", input.Sent.Count(sent => sent.AckedAt is not null));
        report.Figure("attempts", input.Sent.Sum(sent => sent.Attempts));
        report.Figure("given up without an acknowledgement", input.Sent.Count(sent => sent.AckedAt is null));
        People(input, findings, report);
    }

    private static string? EffectOf(string kind) => kind switch
    {
        "voice" => "call_ringing",
        "dial" => "call_missed",
        "form" => "form_submitted",
        "text" or "stop" => "sms_received",
        _ => null,
    };

    private static void People(CheckInput input, LedgerFindings findings, CheckReport report)
    {
        const string Title = "one person is one live lead";
        var leads = findings.Leads.Where(lead => lead.Value is { MergedInto: null, Phone: not null }).GroupBy(lead => lead.Value.Phone!, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.Select(lead => lead.Key).ToArray(), StringComparer.Ordinal);
        var people = input.Sent.Where(sent => sent.AckedAt is not null && sent.Webhook.Kind is "dial" or "form" or "text" or "stop")
            .Select(sent => sent.Webhook.Phone).Distinct(StringComparer.Ordinal);
        foreach (var phone in people)
        {
            var found = leads.GetValueOrDefault(phone, []);
            report.Check("I6", Title, found.Length == 1, $"{phone} has {found.Length} live leads: {string.Join(", ", found)}");
        }

        foreach (var (id, lead) in findings.Leads)
        {
            report.Check("I1", "one open task for each lead", lead.MostOpenTasks <= 1, $"lead {id} had two open tasks at once");
        }
    }
}
