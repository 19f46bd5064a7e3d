using LeadLedger.EventStore.Outbox;
using LeadLedger.Tests.Support;
using NodaTime;

namespace LeadLedger.Tests.EventStore;

public sealed class OutboxClaimsTests(TestPostgres postgres)
{
    [Fact]
    [Trait("Requirement", "I13")]
    public async Task Four_claimers_take_every_row_once()
    {
        await using var ledger = await WithRowsAsync([.. Enumerable.Range(0, 200).Select(n => TestLedger.Message($"effect-{n}"))]);

        var taken = await Task.WhenAll(Enumerable.Range(0, 4).Select(async _ =>
        {
            var claims = new OutboxClaims(ledger.Database, OutboxTiming.Default);
            var mine = new List<OutboxItem>();
            while (await claims.ClaimAsync(TestLedger.Noon, 7, CancellationToken.None) is { Count: > 0 } items)
            {
                mine.AddRange(items);
            }

            return mine;
        }));

        Assert.Equal(200, taken.Sum(mine => mine.Count));
        Assert.Equal(200, taken.SelectMany(mine => mine).Select(item => item.Id).Distinct().Count());
        Assert.All(taken.SelectMany(mine => mine), item => Assert.Equal((1L, 1), (item.Fence, item.Attempts)));
    }

    [Fact]
    public async Task Rows_of_a_lane_are_claimed_one_at_a_time_and_in_order()
    {
        await using var ledger = await WithRowsAsync(
        [
            TestLedger.Message("first", "sms:a"), TestLedger.Message("second", "sms:a"), TestLedger.Message("third", "sms:a"),
            TestLedger.Message("other", "sms:b"),
        ]);
        var claims = new OutboxClaims(ledger.Database, OutboxTiming.Default);

        var first = await claims.ClaimAsync(TestLedger.Noon, 10, CancellationToken.None);
        var none = await claims.ClaimAsync(TestLedger.Noon, 10, CancellationToken.None);
        await FinishAsync(ledger, first[0]);
        var second = await claims.ClaimAsync(TestLedger.Noon, 10, CancellationToken.None);
        await FinishAsync(ledger, second[0]);
        var third = await claims.ClaimAsync(TestLedger.Noon, 10, CancellationToken.None);

        Assert.Equal(["first", "other"], first.Select(item => item.EffectKey));
        Assert.Empty(none);
        Assert.Equal("second", Assert.Single(second).EffectKey);
        Assert.Equal("third", Assert.Single(third).EffectKey);
    }

    [Fact]
    public async Task Four_claimers_keep_the_order_of_every_lane()
    {
        await using var ledger = await WithRowsAsync(
            [.. Enumerable.Range(0, 60).Select(n => TestLedger.Message($"{n % 6}:{n / 6:D2}", $"lane-{n % 6}"))]);
        var done = new System.Collections.Concurrent.ConcurrentQueue<string>();

        await Task.WhenAll(Enumerable.Range(0, 4).Select(async _ =>
        {
            var claims = new OutboxClaims(ledger.Database, OutboxTiming.Default);
            while (done.Count < 60)
            {
                foreach (var item in await claims.ClaimAsync(TestLedger.Noon, 3, CancellationToken.None))
                {
                    done.Enqueue(item.EffectKey);
                    await FinishAsync(ledger, item);
                }
            }
        }));

        Assert.Equal(60, done.Count);
        Assert.All(done.GroupBy(key => key[0]), lane => Assert.Equal(lane.Order(StringComparer.Ordinal), lane));
    }

    [Fact]
    public async Task A_row_is_not_claimed_before_it_is_due()
    {
        await using var ledger = await WithRowsAsync([TestLedger.Message("later", due: TestLedger.Noon + Duration.FromSeconds(1))]);
        var claims = new OutboxClaims(ledger.Database, OutboxTiming.Default);

        Assert.Empty(await claims.ClaimAsync(TestLedger.Noon, 10, CancellationToken.None));
        Assert.Single(await claims.ClaimAsync(TestLedger.Noon + Duration.FromSeconds(1), 10, CancellationToken.None));
    }

    [Fact]
    public async Task A_claim_that_is_not_ended_in_time_expires_and_can_be_claimed_again_with_a_higher_fence()
    {
        await using var ledger = await WithRowsAsync([TestLedger.Message("effect")]);
        var claims = new OutboxClaims(ledger.Database, OutboxTiming.Default);
        var item = Assert.Single(await claims.ClaimAsync(TestLedger.Noon, 10, CancellationToken.None));
        var end = TestLedger.Noon + OutboxTiming.Default.Lease;

        Assert.Empty(await claims.ExpiredAsync(end, CancellationToken.None));
        var expired = Assert.Single(await claims.ExpiredAsync(end + Duration.FromSeconds(1), CancellationToken.None));
        await claims.ReleaseAsync(expired, CancellationToken.None);
        var again = Assert.Single(await claims.ClaimAsync(end + Duration.FromSeconds(1), 10, CancellationToken.None));

        Assert.Equal((item.Id, 1L, 2L), (again.Id, item.Fence, again.Fence));
    }

    [Fact]
    [Trait("Requirement", "I12")]
    public async Task A_worker_whose_fence_is_behind_gives_nothing_back()
    {
        await using var ledger = await WithRowsAsync([TestLedger.Message("effect")]);
        var claims = new OutboxClaims(ledger.Database, OutboxTiming.Default);
        var stale = Assert.Single(await claims.ClaimAsync(TestLedger.Noon, 10, CancellationToken.None));
        await claims.ReleaseAsync(stale, CancellationToken.None);
        await claims.ClaimAsync(TestLedger.Noon, 10, CancellationToken.None);

        await claims.ReleaseAsync(stale, CancellationToken.None);

        Assert.Equal("claimed|2", Assert.Single(await ledger.LinesAsync("select state, fence from outbox")));
    }

    [Fact]
    public async Task A_row_that_is_claimed_again_and_again_without_an_end_is_parked()
    {
        await using var ledger = await WithRowsAsync([TestLedger.Message("effect")]);
        var claims = new OutboxClaims(ledger.Database, OutboxTiming.Default);

        for (var n = 0; n < OutboxClaims.MaxAttempts; n++)
        {
            await claims.ReleaseAsync(
                Assert.Single(await claims.ClaimAsync(TestLedger.Noon, 10, CancellationToken.None)), CancellationToken.None);
        }

        Assert.Empty(await claims.ClaimAsync(TestLedger.Noon, 10, CancellationToken.None));
        Assert.Equal("parked", await ledger.ScalarAsync<string>("select state from outbox"));
    }

    private async Task<TestLedger> WithRowsAsync(IReadOnlyList<OutboxMessage> messages)
    {
        var ledger = await TestLedger.CreateAsync(postgres);
        var writer = await ledger.StartWriterAsync();
        await writer.WriteAsync(TestLedger.Request(unit =>
        {
            foreach (var message in messages)
            {
                unit.Enqueue(TestLedger.Tenant, null, message);
            }

            return messages.Count;
        }));
        return ledger;
    }

    private static async Task FinishAsync(TestLedger ledger, OutboxItem item) =>
        await ledger.ExecuteAsync($"update outbox set state = 'done', finished_at = now() where id = '{item.Id}'");
}
