using System.Text.Json;
using System.Text.Json.Nodes;
using LeadLedger.Contacting;
using LeadLedger.EventStore;
using LeadLedger.Leads;
using LeadLedger.Pausing;
using Npgsql;

namespace LeadLedger.Tests.Support;

/// <summary>
/// What must hold after every scenario, whatever it was about: views and gate rows are the fold of the events, and every inquiry
/// has exactly one standing decision for each purpose.
/// </summary>
public static class ProjectionCheck
{
    public static async Task<IReadOnlyList<string>> ProblemsAsync(NpgsqlDataSource database, Ledger ledger)
    {
        var problems = new List<string>();
        var all = new List<RecordedEvent>();
        foreach (var (key, type) in await StreamsAsync(database))
        {
            var events = await ledger.FetchAsync(key);
            all.AddRange(events);
            var (folded, table) = type switch
            {
                "lead" => (JsonSerializer.Serialize(LeadStreams.Lead.Fold(events), LedgerJsonContext.Default.Lead), LeadStreams.Lead.Table),
                "call" => (JsonSerializer.Serialize(LeadStreams.Call.Fold(events), LedgerJsonContext.Default.CallRecord), LeadStreams.Call.Table),
                _ => (JsonSerializer.Serialize(OperationsStream.Type.Fold(events), LedgerJsonContext.Default.Operations), OperationsStream.Type.Table),
            };
            var stored = await DocumentAsync(database, table, key);
            if (stored is null || !JsonNode.DeepEquals(JsonNode.Parse(stored), JsonNode.Parse(folded)))
            {
                problems.Add($"the view of {type} {key.Id} is not the fold of its events:\n stored {stored}\n folded {folded}");
            }

            if (type == "lead")
            {
                problems.AddRange(DecisionProblems(events));
            }
        }

        problems.AddRange(await GateProblemsAsync(database, all));
        return problems;
    }

    private static IEnumerable<string> DecisionProblems(IReadOnlyList<RecordedEvent> events)
    {
        var decisions = events.Select(e => e.Data).OfType<DecisionMade>().ToArray();
        var superseded = decisions.Select(d => d.Supersedes).OfType<Guid>().ToHashSet();
        foreach (var inquiry in events.Select(e => e.Data).OfType<IInquiry>().Where(i => i is not SmsReceived { AsksForAttention: false }))
        {
            foreach (var purpose in (ReadOnlySpan<string>)[Purposes.Acknowledgement, Purposes.OwnerAlert])
            {
                var standing = 0;
                foreach (var decision in decisions)
                {
                    standing += decision.Inquiry == inquiry.Inquiry && decision.Purpose == purpose && !superseded.Contains(decision.Decision) ? 1 : 0;
                }

                if (standing != 1)
                {
                    return [$"inquiry {inquiry.Inquiry} has {standing} standing decisions for {purpose}"];
                }
            }
        }

        return [];
    }

    private static async Task<IReadOnlyList<string>> GateProblemsAsync(NpgsqlDataSource database, IEnumerable<RecordedEvent> all)
    {
        var folded = new Dictionary<GateKey, (ContactPoint State, IReadOnlyList<Guid> Streams)>();
        foreach (var recorded in all.OrderBy(e => e.Sequence))
        {
            foreach (var key in ContactPoints.KeysOf(recorded))
            {
                var (state, streams) = folded.GetValueOrDefault(key, (ContactPoint.Empty, []));
                folded[key] = ContactPoints.Apply(key, state, streams, recorded);
            }
        }

        var problems = new List<string>();
        await using var command = database.CreateCommand("select tenant_id, kind, value, data::text, streams from contact_point");
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            var key = new GateKey(reader.GetString(0), reader.GetString(1), reader.GetString(2));
            var (state, streams) = folded.GetValueOrDefault(key, (ContactPoint.Empty, []));
            folded.Remove(key);
            var stored = reader.GetString(3) == "{}"
                ? ContactPoint.Empty
                : JsonSerializer.Deserialize(reader.GetString(3), LedgerJsonContext.Default.ContactPoint)!;
            if (Json(stored) != Json(state) || !reader.GetFieldValue<Guid[]>(4).SequenceEqual(streams))
            {
                problems.Add($"the gate row {key} is not the fold of the events:\n stored {Json(stored)}\n folded {Json(state)}");
            }
        }

        problems.AddRange(folded.Keys.Select(key => $"the gate row {key} is missing"));
        return problems;
    }

    private static string Json(ContactPoint point) => JsonSerializer.Serialize(point, LedgerJsonContext.Default.ContactPoint);

    private static async Task<List<(StreamKey, string)>> StreamsAsync(NpgsqlDataSource database)
    {
        await using var command = database.CreateCommand("select tenant_id, id, type from mt_streams");
        await using var reader = await command.ExecuteReaderAsync();
        var streams = new List<(StreamKey, string)>();
        while (await reader.ReadAsync())
        {
            streams.Add((new StreamKey(reader.GetString(0), reader.GetGuid(1)), reader.GetString(2)));
        }

        return streams;
    }

    private static async Task<string?> DocumentAsync(NpgsqlDataSource database, string table, StreamKey key)
    {
        await using var command = database.CreateCommand($"select data::text from {table} where tenant_id = $1 and id = $2");
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = key.Tenant });
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = key.Id });
        return (string?)await command.ExecuteScalarAsync();
    }
}
