using System.Text.Json;
using Npgsql;

namespace LeadLedger.Faults.Checking;

/// <summary>What the walk over all events found that the other checks need.</summary>
public sealed class LedgerFindings
{
    public Dictionary<Guid, PlainLead> Leads { get; } = [];

    /// <summary>How often each thing that happened outside became a fact: <c>type subject</c>.</summary>
    public Dictionary<string, int> Effects { get; } = new(StringComparer.Ordinal);

    /// <summary>First and number of escalations by <c>task rung</c>.</summary>
    public Dictionary<string, (DateTime First, int Count)> Escalations { get; } = new(StringComparer.Ordinal);

    /// <summary>Tasks that a person or the service closed.</summary>
    public HashSet<string> ClosedTasks { get; } = new(StringComparer.Ordinal);

    /// <summary>Requested texts: message, lead, inquiry, purpose.</summary>
    public List<(string Message, Guid Lead, string Inquiry, string Purpose)> Requested { get; } = [];

    public HashSet<string> Failed { get; } = new(StringComparer.Ordinal);
}

/// <summary>Every stream: gapless, chained, and its view the fold of its events (I9, I10, I13).</summary>
internal static class StreamChecks
{
    public static async Task<LedgerFindings> RunAsync(NpgsqlDataSource source, CheckReport report)
    {
        var findings = new LedgerFindings();
        var versions = new Dictionary<Guid, long>();
        var leads = (await LedgerReading.RowsAsync(source, "select id from mt_streams where type = 'lead'", static reader => reader.GetGuid(0))).ToHashSet();
        Guid current = default;
        string? hash = null;
        var events = 0;
        await foreach (var fact in LedgerReading.FactsAsync(source))
        {
            events++;
            if (fact.Stream != current)
            {
                current = fact.Stream;
                hash = null;
            }

            var before = versions.GetValueOrDefault(fact.Stream);
            if (fact.Version != before + 1)
            {
                report.Violation("I9", "stream versions are 1..n", $"stream {fact.Stream}: version {fact.Version} follows {before}");
            }

            versions[fact.Stream] = fact.Version;
            if (PlainChain.Problem(fact, hash) is { } problem)
            {
                report.Violation("I13", "events match their hash and the one before", $"{fact.Type} {fact.Stream}/{fact.Version}: {problem}");
            }

            hash = PlainChain.Header(fact, "hash");
            Note(fact, leads.Contains(fact.Stream), findings);
        }

        report.Trials("I9", "stream versions are 1..n", events);
        report.Trials("I13", "events match their hash and the one before", events);
        await HeadsAsync(source, versions, report);
        await ViewsAsync(source, findings, report);
        report.Figure("events", events);
        report.Figure("leads", findings.Leads.Count);
        return findings;
    }

    private static void Note(StoredFact fact, bool isLead, LedgerFindings findings)
    {
        if (!isLead)
        {
            if (fact.Type is "call_ringing" or "dial_reported" && fact.Data.TryGetProperty("parties", out var parties))
            {
                Count($"{fact.Type} {PlainLead.Text(parties, "callSid")}");
            }

            return;
        }

        if (!findings.Leads.TryGetValue(fact.Stream, out var lead))
        {
            findings.Leads[fact.Stream] = lead = new PlainLead();
        }

        lead.Apply(fact);
        switch (fact.Type)
        {
            case "call_missed":
                Count($"call_missed {PlainLead.Text(fact.Data, "callSid")}");
                break;
            case "form_submitted":
                Count($"form_submitted {PlainLead.Text(fact.Data, "submissionId")}");
                break;
            case "sms_received":
                Count($"sms_received {PlainLead.Text(fact.Data, "messageSid")}");
                break;
            case "sms_requested":
                findings.Requested.Add((
                    PlainLead.Text(fact.Data, "message")!, fact.Stream, PlainLead.Text(fact.Data, "inquiry")!, PlainLead.Text(fact.Data, "purpose")!));
                break;
            case "sms_failed":
                findings.Failed.Add(PlainLead.Text(fact.Data, "message")!);
                break;
            case "task_completed" or "task_cancelled":
                findings.ClosedTasks.Add(PlainLead.Text(fact.Data, "task")!);
                break;
            case "task_escalated":
                var key = $"{PlainLead.Text(fact.Data, "task")} {PlainLead.Text(fact.Data, "rung")}";
                var (first, count) = findings.Escalations.GetValueOrDefault(key, (fact.At, 0));
                findings.Escalations[key] = (first, count + 1);
                break;
            default:
                break;
        }

        void Count(string effect) => findings.Effects[effect] = findings.Effects.GetValueOrDefault(effect) + 1;
    }

    private static async Task HeadsAsync(NpgsqlDataSource source, Dictionary<Guid, long> versions, CheckReport report)
    {
        var heads = await LedgerReading.RowsAsync(source, "select id, version from mt_streams", static reader => (reader.GetGuid(0), reader.GetInt64(1)));
        foreach (var (id, version) in heads)
        {
            report.Check("I9", "stream rows carry the last version", versions.GetValueOrDefault(id) == version, $"stream {id} says {version}, has {versions.GetValueOrDefault(id)}");
        }

        report.Check("I9", "stream rows carry the last version", heads.Count == versions.Count, $"{heads.Count} stream rows, {versions.Count} streams");
        var orphans = await LedgerReading.NumberAsync(source,
            "select count(*) from outbox o where stream_id is not null and not exists (select 1 from mt_streams s where s.tenant_id = o.tenant_id and s.id = o.stream_id)");
        report.Check("I9", "no work item or receipt without its stream", orphans == 0, $"{orphans} work items");
        var receipts = await LedgerReading.NumberAsync(source,
            "select count(*) from inbox i where stream_id is not null and not exists (select 1 from mt_streams s where s.tenant_id = i.tenant_id and s.id = i.stream_id)");
        report.Check("I9", "no work item or receipt without its stream", receipts == 0, $"{receipts} receipts");
        var trail = await LedgerReading.NumberAsync(source,
            "select (select count(*) from mt_events e full join audit_trail a using (tenant_id, stream_id, version) where e.version is null or a.version is null)");
        report.Check("I9", "one audit row for each event", trail == 0, $"{trail} events or audit rows stand alone");
    }

    private static async Task ViewsAsync(NpgsqlDataSource source, LedgerFindings findings, CheckReport report)
    {
        const string Title = "lead views equal a second fold";
        var views = await LedgerReading.RowsAsync(
            source, "select id, data::text from mt_doc_leadview", static reader => (Id: reader.GetGuid(0), Data: JsonDocument.Parse(reader.GetString(1)).RootElement));
        report.Trials("I10", Title, Math.Max(views.Count, findings.Leads.Count));
        foreach (var (id, data) in views)
        {
            if (!findings.Leads.TryGetValue(id, out var lead))
            {
                report.Violation("I10", Title, $"view {id} has no events");
            }
            else if (lead.Difference(data) is { } difference)
            {
                report.Violation("I10", Title, $"lead {id}: {difference}");
            }
        }

        foreach (var id in findings.Leads.Keys.Except(views.Select(view => view.Id)))
        {
            report.Violation("I10", Title, $"lead {id} has no view");
        }
    }
}
