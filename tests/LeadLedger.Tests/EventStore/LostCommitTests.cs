using LeadLedger.EventStore;
using LeadLedger.EventStore.Outbox;
using LeadLedger.EventStore.Writing;
using LeadLedger.Hosting;
using LeadLedger.Leads;
using LeadLedger.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace LeadLedger.Tests.EventStore;

/// <summary>
/// The wire breaks around a commit. Whatever was committed gets its real answer; whatever was not is decided again, once; and nothing
/// is ever written twice.
/// </summary>
public sealed class LostCommitTests(TestPostgres postgres)
{
    private static readonly StreamKey Lead = TestLedger.NewStream(1);

    public enum Writes
    {
        Note,
        Delivery,
        Work,
        OutboxChange,
    }

    public static MatrixTheoryData<CutWire.Cut, Writes> Everything { get; } = new(Enum.GetValues<CutWire.Cut>(), Enum.GetValues<Writes>());

    [Theory]
    [MemberData(nameof(Everything))]
    [Trait("Requirement", "I1")]
    [Trait("Requirement", "I9")]
    public async Task A_lost_confirmation_is_looked_up_and_the_caller_gets_the_answer_that_was_committed(CutWire.Cut cut, Writes kind)
    {
        await using var broken = await BrokenLedger.StartAsync(postgres);
        var item = await broken.ClaimedRowAsync();
        await broken.Writer.WriteAsync(TestLedger.Note(Lead, "before"));
        var decided = 0;

        var answer = await broken.Writer.WriteAsync(Request(kind, item, () =>
        {
            if (++decided == 1)
            {
                broken.Wire.Next = cut;
            }

            return decided;
        }));

        Assert.Equal(1, broken.Wire.Cuts);
        Assert.Equal(cut == CutWire.Cut.Answer ? (1, 1) : (2, 2), (answer, decided));
        Assert.Equal("1", Assert.Single(await broken.Ledger.LinesAsync(kind switch
        {
            Writes.Note => "select count(*) from mt_events where data ->> 'text' = 'once'",
            Writes.Delivery => "select count(*) from inbox where dedupe_key = 'CA1'",
            Writes.Work => "select count(*) from outbox where effect_key = 'once'",
            _ => "select count(*) from outbox where state = 'done'",
        })));
        Assert.Equal(2, await broken.Writer.WriteAsync(TestLedger.Note(TestLedger.NewStream(2), "after")) + 1);
        Assert.True((await broken.Ledger.VerifyAsync()).IsSound);
    }

    [Fact]
    [Trait("Requirement", "I1")]
    public async Task Everybody_in_a_batch_whose_confirmation_was_lost_gets_his_own_answer()
    {
        await using var broken = await BrokenLedger.StartAsync(postgres, started: false);
        var answers = Enumerable.Range(0, 20).Select(n => broken.Writer.WriteAsync(TestLedger.Request(
            unit =>
            {
                broken.Wire.Next = broken.Wire.Cuts == 0 ? CutWire.Cut.Answer : null;
                unit.Append(TestLedger.NewStream(n), LeadStreams.Lead, new NoteAdded($"note {n}", "staff:anna"));
                return n;
            },
            streams: [TestLedger.NewStream(n)]))).ToArray();

        await broken.Ledger.StartAsync(broken.Writer);

        Assert.Equal(Enumerable.Range(0, 20), await Task.WhenAll(answers));
        Assert.Equal(20, await broken.Ledger.ScalarAsync<long>("select count(*) from mt_events"));
    }

    [Fact]
    [Trait("Requirement", "I1")]
    public async Task While_the_database_stays_away_nobody_is_told_yes_and_the_answer_says_that_it_may_have_been_done()
    {
        await using var broken = await BrokenLedger.StartAsync(postgres);
        await broken.Writer.WriteAsync(TestLedger.Note(Lead, "before"));

        var told = await Assert.ThrowsAsync<LedgerUnavailableException>(() => broken.Writer.WriteAsync(TestLedger.Request(
            unit =>
            {
                broken.Wire.Next = CutWire.Cut.Answer;
                broken.Wire.StaysAway = true;
                return unit.Append(Lead, LeadStreams.Lead, new NoteAdded("perhaps", "staff:anna")).Version;
            },
            streams: [Lead])));

        Assert.True(told.MayBeCommitted);
        broken.Wire.StaysAway = false;
        Assert.Equal(3, await broken.Writer.WriteAsync(TestLedger.Note(Lead, "after")));
    }

    private static WriteRequest<int> Request(Writes kind, OutboxItem item, Func<int> decided)
    {
        switch (kind)
        {
            case Writes.Note:
                return TestLedger.Request(
                    unit =>
                    {
                        unit.Append(Lead, LeadStreams.Lead, new NoteAdded("once", "staff:anna"));
                        return decided();
                    },
                    streams: [Lead]);
            case Writes.Delivery:
                return TestLedger.Request(
                    unit =>
                    {
                        Assert.Null(unit.Earlier);
                        unit.Conclude("quarantined", null);
                        return decided();
                    },
                    receipt: TestLedger.Receipt("CA1"));
            case Writes.Work:
                return TestLedger.Request(unit =>
                {
                    unit.Enqueue(TestLedger.Tenant, null, TestLedger.Message("once"));
                    return decided();
                });
            default:
                var request = new WriteRequest<int>(unit =>
                {
                    Assert.Equal(OutboxStates.Claimed, unit.OutboxRow(item.Id)!.State);
                    unit.Change(new OutboxChange { Id = item.Id, Tenant = item.Tenant, State = OutboxStates.Done });
                    return decided();
                })
                {
                    Now = TestLedger.Noon,
                    Actor = "system",
                    OutboxRows = [item.Id],
                };
                return request;
        }
    }

    private sealed class BrokenLedger : IAsyncDisposable
    {
        public required TestLedger Ledger { get; init; }

        public required CutWire Wire { get; init; }

        public required NpgsqlDataSource Database { get; init; }

        public required LedgerWriter Writer { get; init; }

        public static async Task<BrokenLedger> StartAsync(TestPostgres postgres, bool started = true)
        {
            var ledger = await TestLedger.CreateAsync(postgres);
            var wire = new CutWire(ledger.ConnectionString);
            var database = LedgerDatabase.CreateDataSource(wire.ConnectionString);
            var writer = new LedgerWriter(database, LeadStreams.Model, NullLogger<LedgerWriter>.Instance, lanes: 1);
            if (started)
            {
                await ledger.StartAsync(writer);
            }

            return new BrokenLedger { Ledger = ledger, Wire = wire, Database = database, Writer = writer };
        }

        public async Task<OutboxItem> ClaimedRowAsync()
        {
            await Writer.WriteAsync(TestLedger.Request(unit => unit.Enqueue(TestLedger.Tenant, null, TestLedger.Message("row"))));
            return Assert.Single(await new OutboxClaims(Ledger.Database, OutboxTiming.Default)
                .ClaimAsync(TestLedger.Noon, 1, TestContext.Current.CancellationToken));
        }

        public async ValueTask DisposeAsync()
        {
            await Ledger.DisposeAsync();
            await Database.DisposeAsync();
            await Wire.DisposeAsync();
        }
    }
}
