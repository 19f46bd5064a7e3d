using LeadLedger.EventStore.Outbox;
using LeadLedger.Hosting;
using LeadLedger.Tests.Support;
using Npgsql;

namespace LeadLedger.Tests.EventStore;

/// <summary>The database keeps a plan and the tables grow: what is asked with every webhook must not come to read a whole table.</summary>
public sealed class PlanTests(TestPostgres postgres)
{
    [Fact]
    [Trait("Requirement", "I25")]
    public async Task A_claim_that_was_planned_on_an_empty_outbox_does_not_read_a_full_one()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);

        // One connection, so that its prepared statements can be looked at; asked often enough for a plan that is kept.
        await using var one = LedgerDatabase.CreateDataSource($"{ledger.ConnectionString};Maximum Pool Size=1");
        var claims = new OutboxClaims(one, OutboxTiming.Default);
        for (var i = 0; i < 20; i++)
        {
            Assert.Empty(await claims.ClaimAsync(TestLedger.Noon, 16, CancellationToken.None, new Dictionary<string, int> { ["send_sms"] = 16 }));
        }

        await ledger.ExecuteAsync(
            """
            insert into outbox (id, tenant_id, stream_id, kind, effect_key, lane, state, due_at, body, created_at)
            select gen_random_uuid(), 'oak-hvac', gen_random_uuid(), 'send_sms', n::text, 'lane ' || n, 'pending', now(), '{}', now()
            from generate_series(1, 5000) n
            """);
        var plan = await PlanOfPreparedAsync(one, "with due as%");

        Assert.Contains(plan, line => line.Contains("Update on outbox", StringComparison.Ordinal));
        Assert.Contains(plan, line => line.Contains("outbox_due_kind on outbox", StringComparison.Ordinal));
        Assert.Contains(plan, line => line.Contains("outbox_lane on outbox earlier", StringComparison.Ordinal));
        Assert.DoesNotContain(plan, line => line.Contains("Seq Scan on outbox", StringComparison.Ordinal));
    }

    [Fact]
    [Trait("Requirement", "I25")]
    public async Task A_whole_number_is_never_looked_up_in_the_index_of_parts()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await using var connection = await ledger.Database.OpenConnectionAsync(TestContext.Current.CancellationToken);
        var indexes = await LinesAsync(connection, "select indexdef from pg_indexes where tablename = 'contact_point'");

        // One of trigrams answers to "value = ..." as well and looks cheaper than the primary key, which it is not by far.
        var ofParts = Assert.Single(indexes, index => index.Contains("gin_trgm_ops", StringComparison.Ordinal));
        Assert.Contains("lower((value)::text)", ofParts, StringComparison.Ordinal);
    }

    private static async Task<List<string>> PlanOfPreparedAsync(NpgsqlDataSource one, string statement)
    {
        await using var connection = await one.OpenConnectionAsync(TestContext.Current.CancellationToken);
        var name = Assert.Single(await LinesAsync(connection, $"select name from pg_prepared_statements where statement like '{statement}'"));
        return await LinesAsync(
            connection,
            $"set plan_cache_mode = force_generic_plan; explain execute \"{name}\" (now(), 16, now(), array['send_sms'], array[16])");
    }

    private static async Task<List<string>> LinesAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        var lines = new List<string>();
        while (await reader.ReadAsync(TestContext.Current.CancellationToken))
        {
            lines.Add(reader.GetString(0));
        }

        return lines;
    }
}
