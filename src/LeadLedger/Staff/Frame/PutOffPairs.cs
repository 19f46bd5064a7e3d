using LeadLedger.EventStore;
using LeadLedger.Hosting;
using NodaTime;
using Npgsql;

namespace LeadLedger.Staff.Frame;

/// <summary>Suggested pairs that somebody wants to decide later. Kept beside the ledger: nothing about the leads has changed.</summary>
public sealed class PutOffPairs(NpgsqlDataSource database, IClock clock)
{
    /// <summary>How long a pair stays out of the way.</summary>
    public static readonly Duration StaysAway = Duration.FromDays(1);

    public async Task AddAsync(HttpContext http, string business, Guid lead, Guid other)
    {
        var (first, second) = Order(lead, other);
        await using var command = database.CreateCommand(
            """
            insert into merge_suggestion_put_off (tenant_id, lead_id, other_id, until, actor) values ($1, $2, $3, $4, $5)
            on conflict (tenant_id, lead_id, other_id) do update set until = $4, actor = $5
            """);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = business });
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = first });
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = second });
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = (clock.GetCurrentInstant() + StaysAway).ToTimestamp() });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = ApiScope.Of(http).Caller.Actor });
        await command.ExecuteNonQueryAsync(http.RequestAborted);
    }

    /// <summary>Pairs that are out of the way now, in the order of <see cref="Order"/>, with the time at which they come back.</summary>
    public async Task<IReadOnlyDictionary<(Guid, Guid), Instant>> NowAsync(HttpContext http)
    {
        await using var command = database.CreateCommand(
            "select p.lead_id, p.other_id, p.until from merge_suggestion_put_off p where p.tenant_id = any($1) and p.until > $2");
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = ApiScope.Of(http).Tenants });
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = clock.GetCurrentInstant().ToTimestamp() });
        await using var reader = await command.ExecuteReaderAsync(http.RequestAborted);
        var pairs = new Dictionary<(Guid, Guid), Instant>();
        while (await reader.ReadAsync(http.RequestAborted))
        {
            pairs[(reader.GetGuid(0), reader.GetGuid(1))] = Instants.FromTimestamp(reader.GetDateTime(2));
        }

        return pairs;
    }

    /// <summary>A pair is the same whichever of the two is named first.</summary>
    public static (Guid, Guid) Order(Guid one, Guid two) => one.CompareTo(two) <= 0 ? (one, two) : (two, one);
}
