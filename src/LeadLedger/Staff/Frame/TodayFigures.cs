using LeadLedger.Hosting;
using NodaTime;
using Npgsql;

namespace LeadLedger.Staff.Frame;

/// <summary>What the head of Today counts: open tasks, and how long each has waited by now.</summary>
/// <param name="Waits">Since the task opened, longest first, at most 200.</param>
public sealed record TodayCounts(long Open, long Overdue, long Unclaimed, IReadOnlyList<Duration> Waits);

/// <summary>Reads the open tasks through their index.</summary>
public sealed class TodayFigures(NpgsqlDataSource database, IClock clock)
{
    private const int Most = 1000;

    private static readonly string Sql =
        $"""
        select x."openedAt", x."dueAt", x."claimedBy" is null
        from mt_doc_leadview d cross join lateral jsonb_to_record(d.data -> 'task') as x("openedAt" text, "dueAt" text, "claimedBy" text)
        where d.tenant_id = any($1) and d.data -> 'task' is not null and d.data -> 'task' ->> 'closedAt' is null
        limit {Most}
        """;

    public async Task<TodayCounts> ReadAsync(HttpContext http)
    {
        var now = clock.GetCurrentInstant();
        await using var command = database.CreateCommand(Sql);
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = ApiScope.Of(http).Tenants });
        await using var reader = await command.ExecuteReaderAsync(http.RequestAborted);
        var (open, overdue, unclaimed) = (0L, 0L, 0L);
        var waits = new List<Duration>();
        while (await reader.ReadAsync(http.RequestAborted))
        {
            open++;
            overdue += At(reader.GetString(1)) < now ? 1 : 0;
            unclaimed += reader.GetBoolean(2) ? 1 : 0;
            waits.Add(Duration.Max(Duration.Zero, now - At(reader.GetString(0))));
        }

        return new TodayCounts(open, overdue, unclaimed, [.. waits.OrderDescending().Take(200)]);
    }

    private static Instant At(string text) => NodaTime.Text.InstantPattern.ExtendedIso.Parse(text).Value;
}
