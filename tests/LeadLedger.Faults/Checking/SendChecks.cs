using System.Globalization;
using System.Text.Json;
using LeadLedger.Faults.Twin;
using Npgsql;

namespace LeadLedger.Faults.Checking;

/// <summary>At most one text for each decision, none after an opt-out, none at night, and none forgotten (I14, I15, I16, I17).</summary>
internal static class SendChecks
{
    private const string OneText = "at most one accepted text for each decision";
    private const string NoSecondTry = "no second request after an uncertain one";
    private const string Finished = "decisions to text come to an end";

    public static async Task RunAsync(NpgsqlDataSource source, CheckInput input, LedgerFindings findings, CheckReport report)
    {
        var rows = await LedgerReading.RowsAsync(
            source, "select id, stream_id, effect_key, state, body::text, last_error, due_at from outbox where kind = 'send_sms'",
            reader => new TextRow(
                reader.GetGuid(0), reader.GetGuid(1), reader.GetString(2), reader.GetString(3), JsonDocument.Parse(reader.GetString(4)).RootElement,
                reader.IsDBNull(5) ? null : reader.GetString(5), reader.GetDateTime(6) > input.StoppedAt));
        var tokens = (await LedgerReading.RowsAsync(
            source, "select token, outbox_id from outbox_attempt where token is not null", static reader => (Token: reader.GetString(0), Row: reader.GetGuid(1))))
            .ToDictionary(row => row.Token, row => row.Row, StringComparer.Ordinal);
        var byRow = new Dictionary<Guid, List<TwinRecord>>();
        foreach (var request in input.Twin.Where(record => record.What is "received" or "accepted"))
        {
            if (request.Token is not { } token || !tokens.TryGetValue(token, out var row))
            {
                report.Violation("I14", "every request has a committed mark", $"a text to {request.To} was asked for under a token nobody marked");
                continue;
            }

            if (!byRow.TryGetValue(row, out var requests))
            {
                byRow[row] = requests = [];
            }

            requests.Add(request);
            report.Trials("I14", "every request has a committed mark", 1);
        }

        foreach (var row in rows)
        {
            OneRow(row, byRow.GetValueOrDefault(row.Id, []), findings, report);
        }

        Requested(rows, findings, report);
        await OptOutsAsync(source, input, report);
        Hours(input, report);
        Caps(input, rows, byRow, report);
        report.Figure("texts requested by the service", input.Twin.Count(record => record.What == "received"));
        report.Figure("texts accepted by the provider", input.Twin.Count(record => record.What == "accepted"));
        report.Figure("requests with a fault", input.Twin.Count(record => record is { What: "received", Mode: not "Ok" }));
        report.Figure("texts whose end is not known (ambiguous, unconfirmed)", rows.Count(row => row.State is "ambiguous" or "unconfirmed"));
        report.Figure("texts that wait for their next try", rows.Count(row => row is { State: "pending", IsWaiting: true }));
        foreach (var state in rows.CountBy(row => row.State).OrderBy(state => state.Key, StringComparer.Ordinal))
        {
            report.Figure($"texts {state.Key}", state.Value);
        }
    }

    private static void OneRow(TextRow row, List<TwinRecord> requests, LedgerFindings findings, CheckReport report)
    {
        var accepted = requests.Count(request => request.What == "accepted");
        var received = requests.Where(request => request.What == "received").ToArray();
        report.Check("I14", OneText, accepted <= 1, $"{accepted} texts were accepted for {row.Key}");

        // Only 429 says that nothing was done; after anything else that was read by the provider nobody may ask again.
        var uncertain = received.Count(request => request.Mode is not nameof(TwinMode.TooMany));
        report.Check("I14", NoSecondTry, uncertain <= 1, $"{received.Length} requests for {row.Key}: {string.Join(", ", received.Select(request => request.Mode))}");
        foreach (var request in received)
        {
            report.Check("I14", "what is sent is what was decided",
                request.To == PlainLead.Text(row.Body, "to") && request.Body == PlainLead.Text(row.Body, "body"), $"{row.Key} sent something else to {request.To}");
        }

        var message = PlainLead.Text(row.Body, "message")!;
        findings.Leads.TryGetValue(row.Lead, out var lead);
        var known = lead?.Messages.GetValueOrDefault(message);
        var ends = row.State switch
        {
            "done" or "rejected" or "cancelled" or "expired" => true,
            "ambiguous" or "unconfirmed" => lead?.Unconfirmed.Contains(message) == true,

            // Its next try, or the opening of the window, is still to come.
            "pending" => row.IsWaiting,

            // Over a limit of texts: it waits for a person.
            "parked" => known == "withheld" || findings.Failed.Contains(message) || lead?.Unconfirmed.Contains(message) == true,
            _ => false,
        };
        report.Check("I15", Finished, ends, $"{row.Key} is {row.State} ({known}): {row.Error}");
        if (row.State is "ambiguous" or "unconfirmed" || known == "unconfirmed")
        {
            report.Check("I15", "unconfirmed texts have an open task", lead is { OpenTask: not null } || lead is { TasksOpened: > 0 },
                $"{row.Key} is unconfirmed and nobody is told");
        }

        if (accepted > 0)
        {
            report.Check("I15", "what the provider took is not booked as unsent", row.State is not ("cancelled" or "expired" or "pending") && known is not "withheld",
                $"{row.Key} was accepted and is {row.State} ({known})");
        }

        if (row.State == "done")
        {
            report.Check("I15", "what is booked as sent was accepted", accepted == 1, $"{row.Key} is done ({known}); {accepted} were accepted");
        }
    }

    private static void Requested(List<TextRow> rows, LedgerFindings findings, CheckReport report)
    {
        var work = rows.Select(row => PlainLead.Text(row.Body, "message")!).ToHashSet(StringComparer.Ordinal);
        foreach (var (message, lead, _, purpose) in findings.Requested)
        {
            report.Check("I15", "decisions to text have their work item", work.Contains(message), $"{purpose} {message} of lead {lead} was decided and never queued");
        }

        var twice = findings.Requested.GroupBy(request => (request.Lead, request.Inquiry, request.Purpose)).Where(group => group.Count() > 1);
        foreach (var group in twice)
        {
            report.Violation("I14", "one decision for each inquiry and purpose", $"lead {group.Key.Lead} inquiry {group.Key.Inquiry}: {group.Count()} texts decided");
        }

        report.Trials("I14", "one decision for each inquiry and purpose", findings.Requested.Count);
    }

    // Both sides hold the number's gate row until they commit, so the server's commit times give their true order.
    private static async Task OptOutsAsync(NpgsqlDataSource source, CheckInput input, CheckReport report)
    {
        const string Title = "no mark commits after an opt-out";
        var optOuts = new Dictionary<string, DateTime>(StringComparer.Ordinal);
        foreach (var (number, at) in await LedgerReading.RowsAsync(
            source, "select data->>'value', pg_xact_commit_timestamp(xmin) from mt_events where type = 'opted_out'",
            static reader => (reader.GetString(0), reader.GetDateTime(1))))
        {
            optOuts[number] = optOuts.TryGetValue(number, out var first) && first < at ? first : at;
        }

        var marks = await LedgerReading.RowsAsync(
            source,
            """
            select o.body->>'to', pg_xact_commit_timestamp(a.xmin), o.effect_key
            from outbox_attempt a join outbox o on o.id = a.outbox_id
            where a.step = 'mark' and o.kind = 'send_sms' and o.body->>'purpose' <> 'opt_out_confirmation'
            """,
            static reader => (To: reader.GetString(0), At: reader.GetDateTime(1), Key: reader.GetString(2)));
        report.Figure("opt-outs", optOuts.Count);
        var confirmations = (await LedgerReading.RowsAsync(
            source, "select a.token from outbox_attempt a join outbox o on o.id = a.outbox_id where a.token is not null and o.body->>'purpose' = 'opt_out_confirmation'",
            static reader => reader.GetString(0))).ToHashSet(StringComparer.Ordinal);
        foreach (var mark in marks.Where(mark => optOuts.ContainsKey(mark.To)))
        {
            report.Check("I16", Title, mark.At <= optOuts[mark.To],
                string.Create(CultureInfo.InvariantCulture, $"{mark.Key} to {mark.To} was marked {(mark.At - optOuts[mark.To]).TotalMilliseconds:0} ms after the opt-out"));
        }

        report.Trials("I16", Title, optOuts.Keys.Except(marks.Select(mark => mark.To)).Count());
        foreach (var request in input.Twin.Where(record => record.What == "received" && optOuts.ContainsKey(record.To!) && !confirmations.Contains(record.Token!)))
        {
            var late = DateTime.UnixEpoch.AddTicks(request.At * 10) - optOuts[request.To!];
            report.Check("I16", "a text marked before the opt-out leaves within the call deadline", late <= input.CallDeadline + TimeSpan.FromSeconds(1),
                string.Create(CultureInfo.InvariantCulture, $"a text reached the provider {late.TotalSeconds:0.0} s after {request.To} had opted out"));
        }
    }

    private static void Hours(CheckInput input, CheckReport report)
    {
        foreach (var taken in input.Twin.Where(record => record.What == "accepted"))
        {
            var problem = taken.Validity is < 1 or > 36_000 ? $"a validity of {taken.Validity} s"
                : input.Window?.Invoke(taken.To!).Problem(DateTimeOffset.UnixEpoch.AddTicks(taken.At * 10), taken.Validity);
            report.Check("I17", "accepted and deliverable only inside the window", problem is null, $"a text to {taken.To}: {problem}");
        }
    }

    private static void Caps(CheckInput input, List<TextRow> rows, Dictionary<Guid, List<TwinRecord>> byRow, CheckReport report)
    {
        if (input.TextsPerNumber is not { } limit)
        {
            return;
        }

        var counted = rows.Where(row => PlainLead.Text(row.Body, "purpose") != "opt_out_confirmation")
            .GroupBy(row => PlainLead.Text(row.Body, "to")!, StringComparer.Ordinal);
        foreach (var number in counted)
        {
            var texts = number.Sum(row => byRow.GetValueOrDefault(row.Id, []).Count(request => request.What == "accepted"));
            report.Check("I19", "texts to one number stay within the limit", texts <= limit, $"{texts} texts to {number.Key}, at most {limit} in an hour");
        }
    }

    private sealed record TextRow(Guid Id, Guid Lead, string Key, string State, JsonElement Body, string? Error, bool IsWaiting);
}
