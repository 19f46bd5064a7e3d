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

    private const string Sql =
        """
        select d.id, (similarity(d.data ->> 'name', $3) * 100)::int as score
        from mt_doc_leadview d
        where d.tenant_id = $1 and d.id <> $2 and (d.data ->> 'name') % $3 and d.data ->> 'mergedInto' is null
          and (d.data ->> 'lastInquiryAt') > $4
        order by score desc, d.id
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
        await using var command = database.CreateCommand(Sql);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = item.Tenant });
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = item.StreamId!.Value });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = name });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = since.ToString("uuuu'-'MM'-'dd'T'HH':'mm':'ss", null) });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var found = new List<(Guid, int)>();
        while (await reader.ReadAsync(cancellation))
        {
            if (reader.GetInt32(1) >= LeastScore)
            {
                found.Add((reader.GetGuid(0), reader.GetInt32(1)));
            }
        }

        return found;
    }
}
