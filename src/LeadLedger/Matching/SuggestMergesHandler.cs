using System.Text.Json;
using LeadLedger.Businesses;
using LeadLedger.EventStore.Outbox;
using LeadLedger.Leads;
using LeadLedger.Sending;
using NodaTime;
using Npgsql;

namespace LeadLedger.Matching;

/// <summary>Looks for leads with a similar name and suggests them to a person. A name never merges anything (MRG-03).</summary>
public sealed class SuggestMergesHandler(OutboxWork work, NpgsqlDataSource database, BusinessDirectory businesses) : IOutboxHandler
{
    /// <summary>Trigram similarity, percent, from which two names are worth a look.</summary>
    private const int LeastScore = 40;

    // A plan for a few similar names would fetch all of them and sort; the index gives them in order.
    private const string NearestFirst = "select set_config('enable_bitmapscan', 'off', true)";

    // The nearest names by their index, then the first three of leads that are still open: only those documents are unpacked.
    // Where fifty share a name it says little.
    private const string Sql =
        """
        select ranked.id, ranked.score
        from (
            select near.id, near.score
            from (
                select n.id, (similarity(n.data ->> 'name', $3) * 100)::int as score
                from mt_doc_leadview n
                where n.tenant_id = $1 and (n.data ->> 'name') % $3
                order by (n.data ->> 'name') <-> $3
                limit 50) near
            where near.id <> $2 and near.score >= $5
            order by near.score desc, near.id
            offset 0) ranked
        cross join lateral (
            select 1 from mt_doc_leadview d
            where d.tenant_id = $1 and d.id = ranked.id and d.data ->> 'mergedInto' is null and d.data ->> 'lastInquiryAt' > $4
            limit 1) still_open
        order by ranked.score desc, ranked.id
        limit 3
        """;

    public IReadOnlyCollection<string> Kinds { get; } = [WorkKinds.SuggestMerges];

    // A search over all names costs the database more than a lead does; it may take its time.
    public int Places => 2;

    public async Task HandleAsync(OutboxItem item, CancellationToken cancellation)
    {
        var body = JsonSerializer.Deserialize(item.Body, LedgerJsonContext.Default.SuggestMerges)!;
        if (businesses.Find(item.Tenant) is not { } business)
        {
            return;
        }

        var since = work.Now - business.Matching.OpenFor;
        var similar = await SimilarAsync(item, body.Name, since, cancellation);
        await work.CommitAsync(item, OutboxStates.Claimed, [], unit =>
        {
            var session = new LeadSession(unit, business, item.StreamId!.Value);
            foreach (var (other, score) in similar)
            {
                if (!session.Lead.MergeSuggestions.Any(s => s.Other == other) && !session.Lead.SharesWith.Contains(other)
                    && session.Lead.NotSameAs?.Contains(other) is not true)
                {
                    session.Record(new MergeSuggested
                    {
                        Other = other,
                        Reasons = [$"similar name ({score} %)"],
                        Score = score,
                        RuleVersion = business.Matching.Version,
                    });
                }
            }

            unit.Change(OutboxWork.To(item, OutboxStates.Done));
            return session.Lead;
        });
    }

    public Task AbandonedAsync(OutboxItem item, CancellationToken cancellation) => Task.CompletedTask;

    private async Task<List<(Guid Other, int Score)>> SimilarAsync(
        OutboxItem item, string name, Instant since, CancellationToken cancellation)
    {
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(new NpgsqlBatchCommand(NearestFirst));
        var command = new NpgsqlBatchCommand(Sql);
        batch.BatchCommands.Add(command);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = item.Tenant });
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = item.StreamId!.Value });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = name });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = since.ToString("uuuu'-'MM'-'dd'T'HH':'mm':'ss", null) });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = LeastScore });
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        await reader.NextResultAsync(cancellation);
        var found = new List<(Guid, int)>();
        while (await reader.ReadAsync(cancellation))
        {
            found.Add((reader.GetGuid(0), reader.GetInt32(1)));
        }

        return found;
    }
}
