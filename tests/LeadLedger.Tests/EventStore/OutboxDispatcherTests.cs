using System.Collections.Concurrent;
using LeadLedger.EventStore.Outbox;
using LeadLedger.Hosting;
using LeadLedger.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using NodaTime;

namespace LeadLedger.Tests.EventStore;

/// <summary>One bad row, one bad kind, one lost worker: each costs only itself, and none is lost.</summary>
public sealed class OutboxDispatcherTests(TestPostgres postgres)
{
    [Fact]
    [Trait("Requirement", "I24")]
    [Trait("Requirement", "I25")]
    public async Task A_kind_whose_calls_hang_fills_its_own_places_and_no_others()
    {
        await using var ledger = await WithRowsAsync(
            [.. Enumerable.Range(0, 40).Select(n => Row("slow", n)), .. Enumerable.Range(0, 20).Select(n => Row("quick", n))]);
        var hang = new TaskCompletionSource();
        var slow = new Handler("slow", item => hang.Task);
        var quick = new Handler("quick", item => FinishAsync(ledger, item));
        var dispatcher = Dispatcher(ledger, new ManualClock(TestLedger.Noon), slow, quick);

        using var freed = new SemaphoreSlim(0);
        dispatcher.PlaceFreed += () => freed.Release();
        await dispatcher.StartDueAsync(CancellationToken.None);
        for (var round = 0; round < 20; round++)
        {
            Assert.True(await freed.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken), "the quick ones wait for the slow ones");
            await dispatcher.StartDueAsync(CancellationToken.None);
        }

        Assert.Equal((20, OutboxDispatcher.MaxOfKind), (quick.Handled.Count, slow.Handled.Count));
        hang.SetResult();
    }

    [Fact]
    [Trait("Requirement", "I24")]
    [Trait("Requirement", "RTY-07")]
    public async Task A_handler_that_throws_is_tried_later_and_later_and_then_waits_for_a_person_with_its_reason()
    {
        await using var ledger = await WithRowsAsync([Row("poison", 1), Row("good", 1)]);
        var clock = new ManualClock(TestLedger.Noon);
        var parked = new Parked();
        var poison = new Handler("poison", _ => throw new FormatException("no such field"));
        var good = new Handler("good", item => FinishAsync(ledger, item));
        var dispatcher = Dispatcher(ledger, clock, parked, poison, good);

        await dispatcher.RunDueAsync(TestContext.Current.CancellationToken);
        Assert.Equal(["done|1", "pending|1"], await ledger.LinesAsync("select state, attempts from outbox order by state"));
        await dispatcher.RunDueAsync(TestContext.Current.CancellationToken);
        Assert.Single(poison.Handled);
        for (var round = 0; round < 20; round++)
        {
            clock.Set(clock.Now + Duration.FromHours(1));
            await dispatcher.RunDueAsync(TestContext.Current.CancellationToken);
        }

        Assert.Equal(OutboxClaims.MaxAttempts, poison.Handled.Count);
        Assert.Equal("parked|5|FormatException: no such field|{}", Assert.Single(
            await ledger.LinesAsync("select state, attempts, last_error, body::text from outbox where kind = 'poison'")));
        Assert.Equal(("poison", "FormatException: no such field"), Assert.Single(parked.Rows));
    }

    [Fact]
    [Trait("Requirement", "I24")]
    [Trait("Requirement", "I15")]
    public async Task A_row_that_kills_its_worker_every_time_is_parked_after_five_and_its_neighbours_come_apart_from_it()
    {
        await using var ledger = await WithRowsAsync([Row("deadly", 1), Row("deadly", 2)]);
        var clock = new ManualClock(TestLedger.Noon);
        var parked = new Parked();
        var dispatcher = Dispatcher(ledger, clock, parked, new Handler("deadly", _ => Task.CompletedTask));
        var claims = new OutboxClaims(ledger.Database, OutboxTiming.Default);
        var seen = new List<int>();
        for (var round = 0; round < 60; round++)
        {
            // A worker that claims and is gone.
            seen.Add((await claims.ClaimAsync(clock.Now, 16, CancellationToken.None)).Count);
            clock.Set(clock.Now + OutboxTiming.Default.Lease + Duration.FromSeconds(1));
            await dispatcher.RecoverAsync(TestContext.Current.CancellationToken);
            clock.Set(clock.Now + Duration.FromSeconds(1));
        }

        Assert.Equal(2 * OutboxClaims.MaxAttempts, seen.Sum());
        Assert.Equal(["parked|5|its worker did not come back"], (await ledger.LinesAsync("select state, attempts, last_error from outbox")).Distinct());
        Assert.Equal(2, parked.Rows.Count);
    }

    [Fact]
    [Trait("Requirement", "I24")]
    public async Task A_row_that_cannot_be_looked_after_does_not_stop_the_recovery_of_the_others()
    {
        await using var ledger = await WithRowsAsync([Row("broken", 1), Row("fine", 1)]);
        var clock = new ManualClock(TestLedger.Noon);
        var fine = new Handler("fine", _ => Task.CompletedTask);
        var dispatcher = Dispatcher(ledger, clock, new Handler("broken", _ => Task.CompletedTask) { AbandonedThrows = true }, fine);
        await new OutboxClaims(ledger.Database, OutboxTiming.Default).ClaimAsync(clock.Now, 16, CancellationToken.None);
        await ledger.ExecuteAsync("update outbox set state = 'calling'");

        clock.Set(clock.Now + OutboxTiming.Default.Lease + Duration.FromSeconds(1));
        await dispatcher.RecoverAsync(TestContext.Current.CancellationToken);

        Assert.Single(fine.Abandoned);
        Assert.Equal("ambiguous|InvalidOperationException: cannot be read", Assert.Single(
            await ledger.LinesAsync("select state, last_error from outbox where kind = 'broken'")));
    }

    [Fact]
    public async Task Work_that_nobody_here_can_do_is_put_off_and_says_why()
    {
        await using var ledger = await WithRowsAsync([Row("unknown", 1), Row("known", 1)]);
        var clock = new ManualClock(TestLedger.Noon);
        var dispatcher = new OutboxDispatcher(
            new OutboxClaims(ledger.Database, OutboxTiming.Default), [new Handler("known", _ => Task.CompletedTask)],
            new OutboxTenants(_ => false), new Parked(), clock, OutboxTiming.Default, NullLogger<OutboxDispatcher>.Instance);

        await dispatcher.RunDueAsync(TestContext.Current.CancellationToken);
        await dispatcher.RecoverAsync(TestContext.Current.CancellationToken);

        Assert.Equal(
            ["known|pending|0|the business oak-hvac is not configured here|t", "unknown|pending|0|this version has no handler for this kind of work|t"],
            await ledger.LinesAsync($"select kind, state, attempts, last_error, (due_at > '{TestLedger.Noon}')::text::char from outbox order by kind"));
    }

    [Fact]
    [Trait("Requirement", "I26")]
    public async Task At_the_stop_what_was_not_called_yet_is_given_back_at_once_and_what_is_calling_may_finish()
    {
        await using var ledger = await WithRowsAsync([Row("hangs", 1), Row("calls", 1)]);
        var never = new TaskCompletionSource();
        var calls = new Handler("calls", async item =>
        {
            await ledger.ExecuteAsync($"update outbox set state = 'calling' where id = '{item.Id}'");
            await FinishAsync(ledger, item);
        });
        var dispatcher = Dispatcher(ledger, new ManualClock(TestLedger.Noon), new Handler("hangs", _ => never.Task), calls);
        using var outgoing = new CancellationTokenSource();

        await dispatcher.StartDueAsync(outgoing.Token);
        await dispatcher.DrainAsync(TimeSpan.FromSeconds(1), outgoing);

        Assert.True(outgoing.IsCancellationRequested);
        Assert.Equal(["calls|done|1", "hangs|pending|0"], await ledger.LinesAsync("select kind, state, attempts from outbox order by kind"));
        never.SetResult();
    }

    [Fact]
    [Trait("Requirement", "I30")]
    public async Task A_machine_whose_clock_is_more_than_two_seconds_off_knows_it()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        foreach (var (off, wrong) in ((int, bool)[])[(0, false), (30, true), (-30, true)])
        {
            var node = new NodeClock(ledger.Database, new ManualClock(SystemTime.Clock.GetCurrentInstant() + Duration.FromSeconds(off)));
            Assert.Equal(!wrong, await node.AgreesAsync(TestContext.Current.CancellationToken));
            Assert.Equal(wrong, node.IsWrong);
        }
    }

    [Fact]
    [Trait("Requirement", "I21")]
    public async Task A_clock_that_was_set_is_compared_before_the_next_claim()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        foreach (var jump in (int[])[7200, -7200])
        {
            var clock = new ManualClock(SystemTime.Clock.GetCurrentInstant());
            var node = new NodeClock(ledger.Database, clock);
            Assert.True(node.IsDue);
            Assert.True(await node.AgreesAsync(TestContext.Current.CancellationToken));
            clock.Set(clock.Now + Duration.FromSeconds(jump));
            Assert.True(node.IsDue);
            Assert.False(await node.AgreesAsync(TestContext.Current.CancellationToken));
            Assert.True(node.IsWrong);
        }
    }

    [Theory]
    [Trait("Requirement", "I21")]
    [InlineData(86400)]
    [InlineData(-7200)]
    public async Task While_the_clocks_disagree_the_time_is_counted_on_from_when_they_agreed(int jump)
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        var clock = new ManualClock(SystemTime.Clock.GetCurrentInstant());
        var node = new NodeClock(ledger.Database, clock);
        clock.Set(clock.Now + Duration.FromSeconds(jump));
        Assert.Equal(clock.Now, node.GetCurrentInstant());
        clock.Set(SystemTime.Clock.GetCurrentInstant());
        var right = clock.Now;
        Assert.True(await node.AgreesAsync(TestContext.Current.CancellationToken));
        AssertTrue(node.GetCurrentInstant());

        clock.Set(right + Duration.FromSeconds(jump));
        AssertTrue(node.GetCurrentInstant());
        Assert.False(await node.AgreesAsync(TestContext.Current.CancellationToken));
        AssertTrue(node.GetCurrentInstant());

        // Once they agree, the clock itself counts again.
        clock.Set(SystemTime.Clock.GetCurrentInstant());
        Assert.True(await node.AgreesAsync(TestContext.Current.CancellationToken));
        AssertTrue(node.GetCurrentInstant());
        Assert.False(node.IsWrong);

        void AssertTrue(Instant told) => Assert.InRange(told, right, SystemTime.Clock.GetCurrentInstant() + Duration.FromMilliseconds(100));
    }

    private static OutboxMessage Row(string kind, int n) => TestLedger.Message($"{kind} {n}") with { Kind = kind };

    private static Task FinishAsync(TestLedger ledger, OutboxItem item) =>
        ledger.ExecuteAsync($"update outbox set state = 'done', lease_until = null, finished_at = now() where id = '{item.Id}'");

    private static OutboxDispatcher Dispatcher(TestLedger ledger, ManualClock clock, params Handler[] handlers) =>
        Dispatcher(ledger, clock, new Parked(), handlers);

    private static OutboxDispatcher Dispatcher(TestLedger ledger, ManualClock clock, Parked parked, params Handler[] handlers) => new(
        new OutboxClaims(ledger.Database, OutboxTiming.Default), handlers, new OutboxTenants(_ => true), parked, clock,
        OutboxTiming.Default, NullLogger<OutboxDispatcher>.Instance);

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

    private sealed class Handler(string kind, Func<OutboxItem, Task> handle) : IOutboxHandler
    {
        public ConcurrentQueue<Guid> Handled { get; } = new();

        public ConcurrentQueue<Guid> Abandoned { get; } = new();

        public bool AbandonedThrows { get; init; }

        public IReadOnlyCollection<string> Kinds { get; } = [kind];

        public Task HandleAsync(OutboxItem item, CancellationToken cancellation)
        {
            Handled.Enqueue(item.Id);
            return handle(item);
        }

        public Task AbandonedAsync(OutboxItem item, CancellationToken cancellation)
        {
            Abandoned.Enqueue(item.Id);
            return AbandonedThrows ? throw new InvalidOperationException("cannot be read") : Task.CompletedTask;
        }
    }

    private sealed class Parked : IParkedWork
    {
        public ConcurrentQueue<(string Kind, string Error)> Rows { get; } = new();

        public Task ParkedAsync(OutboxItem item, string error)
        {
            Rows.Enqueue((item.Kind, error));
            return Task.CompletedTask;
        }
    }
}
