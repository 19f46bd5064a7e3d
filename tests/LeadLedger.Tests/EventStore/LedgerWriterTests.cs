using LeadLedger.EventStore;
using LeadLedger.EventStore.Outbox;
using LeadLedger.EventStore.Writing;
using LeadLedger.Leads;
using LeadLedger.Postgres;
using LeadLedger.Tests.Support;
using Microsoft.Extensions.Logging;
using NodaTime;
using Npgsql;

namespace LeadLedger.Tests.EventStore;

/// <summary>What a batch promises: all of it or nothing, in order, and no request pays for another.</summary>
public sealed class LedgerWriterTests(TestPostgres postgres)
{
    private static readonly StreamKey Lead = TestLedger.NewStream(1);

    [Fact]
    [Trait("Requirement", "I5")]
    public async Task Two_writers_race_for_one_stream_and_every_append_finds_its_place()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        var one = await ledger.StartWriterAsync();
        var other = await ledger.StartWriterAsync();

        var versions = await Task.WhenAll(Enumerable.Range(0, 60)
            .Select(n => (n % 2 == 0 ? one : other).WriteAsync(TestLedger.Note(Lead, $"note {n}"))));

        Assert.Equal(Enumerable.Range(1, 60).Select(n => (long)n), versions.Order());
        Assert.True((await ledger.VerifyAsync()).IsSound);
    }

    [Fact]
    public async Task Two_processes_lock_contact_points_in_opposite_order_and_both_finish()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        var one = await ledger.StartWriterAsync();
        var other = await ledger.StartWriterAsync();
        GateKey[] forward = [.. Enumerable.Range(1, 6).Select(n => TestLedger.Phone(LeadStory.NumberOf(n)))];
        GateKey[] backward = [.. forward.Reverse()];

        await Task.WhenAll(Enumerable.Range(0, 100).Select(n => (n % 2 == 0 ? one : other).WriteAsync(TestLedger.Request(
            unit => unit.Append(TestLedger.NewStream(n), LeadStreams.Lead, new OptOutPhraseHeld("phone", forward[n % 6].Value, "no more")),
            gates: n % 2 == 0 ? forward : backward,
            streams: [TestLedger.NewStream(n)]))));

        Assert.Equal(100, await ledger.ScalarAsync<long>("select count(*) from mt_events"));
        Assert.True((await ledger.VerifyAsync()).IsSound);
    }

    [Fact]
    public async Task What_waits_is_committed_together()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        var writer = ledger.NewWriter();
        var waiting = Enumerable.Range(0, 20).Select(n => writer.WriteAsync(TestLedger.Note(TestLedger.NewStream(n), "x"))).ToArray();

        await ledger.StartAsync(writer);
        await Task.WhenAll(waiting);

        // Two lanes may each take a part; nobody gets a transaction of his own.
        Assert.InRange(await ledger.ScalarAsync<long>("select count(distinct xmin::text) from mt_events"), 1, 2);
    }

    [Fact]
    public async Task A_stream_that_several_requests_of_a_batch_wrote_to_is_as_old_as_its_first_event()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        var writer = ledger.NewWriter();
        var waiting = Enumerable.Range(0, 5).Select(n => writer.WriteAsync(TestLedger.Request(
            unit =>
            {
                unit.Append(Lead, LeadStreams.Lead, new NoteAdded($"note {n}", "staff:anna"));
                return n;
            },
            now: TestLedger.Noon + Duration.FromMilliseconds(n),
            streams: [Lead]))).ToArray();

        await ledger.StartAsync(writer);
        await Task.WhenAll(waiting);

        Assert.True((await ledger.VerifyAsync()).IsSound);
    }

    [Fact]
    public async Task Later_requests_of_a_batch_see_what_earlier_ones_recorded()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        var writer = ledger.NewWriter();
        var seen = Enumerable.Range(0, 5).Select(n => writer.WriteAsync(TestLedger.Request(
            unit =>
            {
                var before = unit.State<Lead>(Lead)?.Version ?? 0;
                unit.Append(Lead, LeadStreams.Lead, new NoteAdded($"note {n}", "staff:anna"));
                return before;
            },
            streams: [Lead]))).ToArray();

        await ledger.StartAsync(writer);

        Assert.Equal(new long[] { 0, 1, 2, 3, 4 }, (await Task.WhenAll(seen)).Order());
        Assert.True((await ledger.VerifyAsync()).IsSound);
    }

    [Fact]
    public async Task A_decision_that_throws_harms_nobody_else()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        var writer = ledger.NewWriter();
        var before = writer.WriteAsync(TestLedger.Note(Lead, "before"));
        var bad = writer.WriteAsync(TestLedger.Request<int>(
            unit =>
            {
                unit.Append(Lead, LeadStreams.Lead, new NoteAdded("half done", "staff:anna"));
                throw new FormatException("no");
            },
            streams: [Lead]));
        var after = writer.WriteAsync(TestLedger.Note(Lead, "after"));

        await ledger.StartAsync(writer);

        Assert.IsType<FormatException>((await Assert.ThrowsAsync<DecisionFailedException>(() => bad)).InnerException);
        Assert.Equal(new[] { 1L, 2L }, new[] { await before, await after }.Order());
        Assert.Equal(["after", "before"], await ledger.LinesAsync("select data ->> 'text' from mt_events order by 1"));
    }

    [Fact]
    [Trait("Requirement", "I4")]
    public async Task A_request_the_database_refuses_leaves_nothing_and_its_neighbours_are_committed()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        var writer = ledger.NewWriter();
        var good = writer.WriteAsync(Sending(1, "effect-1"));
        var twice = writer.WriteAsync(Sending(2, "effect-2", attemptTwice: true));
        var alsoGood = writer.WriteAsync(Sending(3, "effect-3"));

        await ledger.StartAsync(writer);

        Assert.Equal((1, 3), (await good, await alsoGood));
        var refused = await Assert.ThrowsAsync<DecisionFailedException>(() => twice);
        Assert.Equal("outbox_attempt_pkey", Assert.IsType<PostgresException>(refused.InnerException).ConstraintName);
        foreach (var table in (string[])["mt_streams", "mt_events", "mt_doc_leadview", "audit_trail", "outbox", "inbox", "contact_point"])
        {
            Assert.Equal((table, 2L), (table, await ledger.ScalarAsync<long>($"select count(*) from {table}")));
        }

        Assert.True((await ledger.VerifyAsync()).IsSound);
    }

    [Fact]
    [Trait("Requirement", "I3")]
    public async Task A_delivery_seen_before_gets_its_earlier_answer_and_writes_nothing()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        var writer = await ledger.StartWriterAsync();

        await writer.WriteAsync(Delivered("CA1", "body"));
        var again = await writer.WriteAsync(Delivered("CA1", "body"));

        Assert.Equal(new EventStoreAnswer(true, true, "accepted", "{\"lead\": 1}"), again);
        Assert.Equal(["CA1|1"], await ledger.LinesAsync("select dedupe_key, replays from inbox"));
        Assert.Equal(1, await ledger.ScalarAsync<long>("select count(*) from mt_events"));
    }

    [Fact]
    public async Task The_same_key_with_another_body_is_kept_beside_the_first()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        var writer = await ledger.StartWriterAsync();

        await writer.WriteAsync(Delivered("CA1", "body"));
        var other = await writer.WriteAsync(Delivered("CA1", "another"));
        await writer.WriteAsync(Delivered("CA1", "another"));

        Assert.Equal((true, false), (other.WasSeen, other.SameBody));
        Assert.Equal(["body|accepted", "another|conflict"], await ledger.LinesAsync(
            "select convert_from(body, 'UTF8'), outcome from inbox order by dedupe_key"));
        Assert.Equal(1, await ledger.ScalarAsync<long>("select count(*) from mt_events"));
    }

    [Fact]
    public async Task The_same_delivery_twice_in_one_batch_is_recorded_once()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        var writer = ledger.NewWriter();
        var answers = Enumerable.Range(0, 5).Select(_ => writer.WriteAsync(Delivered("CA1", "body"))).ToArray();

        await ledger.StartAsync(writer);

        Assert.Equal(1, (await Task.WhenAll(answers)).Count(answer => !answer.WasSeen));
        Assert.Equal(1, await ledger.ScalarAsync<long>("select count(*) from mt_events"));
        Assert.Equal(1, await ledger.ScalarAsync<long>("select count(*) from inbox"));
    }

    [Fact]
    public async Task One_delivery_to_two_processes_at_once_is_recorded_once()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        var one = await ledger.StartWriterAsync();
        var other = await ledger.StartWriterAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 30)
            .Select(n => (n % 2 == 0 ? one : other).WriteAsync(Delivered($"CA{n / 2}", "body"))));

        Assert.Equal(15, answers.Count(answer => !answer.WasSeen));
        Assert.Equal(15, await ledger.ScalarAsync<long>("select count(*) from mt_events"));
    }

    [Fact]
    public async Task A_decision_that_needs_more_rows_is_made_again_with_them_locked()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        var writer = await ledger.StartWriterAsync();
        await writer.WriteAsync(TestLedger.Note(TestLedger.NewStream(2), "the other lead"));
        var tries = 0;

        var other = await writer.WriteAsync(TestLedger.Request(
            unit =>
            {
                tries++;
                unit.Require([TestLedger.Phone("+12145550100")], [TestLedger.NewStream(2)]);
                unit.Append(Lead, LeadStreams.Lead, new OptOutPhraseHeld("phone", "+12145550100", "no more"));
                return unit.State<Lead>(TestLedger.NewStream(2))!.Version;
            },
            streams: [Lead]));

        Assert.Equal((1L, 2), (other, tries));
        Assert.Equal(2, await ledger.ScalarAsync<long>("select count(*) from mt_events"));
        Assert.True((await ledger.VerifyAsync()).IsSound);
    }

    [Fact]
    public async Task A_decision_that_asks_for_ever_more_rows_is_given_up()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        var writer = await ledger.StartWriterAsync();
        var tries = 0;

        await Assert.ThrowsAsync<LedgerUnavailableException>(() => writer.WriteAsync(TestLedger.Request(
            unit =>
            {
                unit.Require([TestLedger.Phone(LeadStory.NumberOf(++tries))], []);
                return 0;
            })));

        Assert.Equal(1, await writer.WriteAsync(TestLedger.Note(Lead, "the next one is served")));
    }

    [Fact]
    public async Task Too_many_waiting_requests_are_turned_away_at_once()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        using var writer = ledger.NewWriter();
        for (var n = 0; n < LedgerWriter.MaxWaiting; n++)
        {
            _ = writer.WriteAsync(TestLedger.Note(Lead, "waits"));
        }

        await Assert.ThrowsAsync<LedgerBusyException>(() => writer.WriteAsync(TestLedger.Note(Lead, "one too many")));
    }

    [Fact]
    [Trait("Requirement", "I1")]
    public async Task A_connection_that_dies_before_the_commit_confirms_nothing_and_the_next_request_is_served()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        var writer = await ledger.StartWriterAsync();
        await writer.WriteAsync(TestLedger.Note(Lead, "before"));

        await Assert.ThrowsAsync<LedgerUnavailableException>(() => writer.WriteAsync(TestLedger.Request(
            unit =>
            {
                unit.Append(Lead, LeadStreams.Lead, new NoteAdded("lost", "staff:anna"));
                EndOtherConnections(ledger);
                return 0;
            },
            streams: [Lead])));

        // The other lane may meet its own dead connection first; its caller comes again, as every sender does.
        long version = 0;
        for (var attempt = 0; version == 0 && attempt < 4; attempt++)
        {
            await Record.ExceptionAsync(async () => version = await writer.WriteAsync(TestLedger.Note(Lead, "after")));
        }

        Assert.Equal(2, version);
        Assert.Equal(["before", "after"], await ledger.LinesAsync("select data ->> 'text' from mt_events order by version"));
    }

    [Fact]
    public async Task A_database_that_takes_no_connections_is_reported_and_served_again_when_it_is_back()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        var writer = await ledger.StartWriterAsync();
        var name = await ledger.ScalarAsync<string>("select current_database()::text");
        await ledger.ExecuteAsync($"alter database {name} connection limit 0");
        try
        {
            NpgsqlConnection.ClearAllPools();
            EndOtherConnections(ledger, fromMaintenance: true);
            await Assert.ThrowsAsync<LedgerUnavailableException>(() => writer.WriteAsync(TestLedger.Note(Lead, "away")));
        }
        finally
        {
            RunInMaintenance(ledger, $"alter database {name} connection limit -1");
        }

        Assert.Equal(1, await writer.WriteAsync(TestLedger.Note(Lead, "back")));
    }

    [Fact]
    public async Task A_document_that_is_not_at_its_version_fails_only_the_request_that_needs_it()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        var writer = await ledger.StartWriterAsync();
        await writer.WriteAsync(TestLedger.Note(Lead, "one"));
        await ledger.ExecuteAsync("update mt_doc_leadview set mt_version = 7");

        var refused = await Assert.ThrowsAsync<DecisionFailedException>(() => writer.WriteAsync(TestLedger.Note(Lead, "two")));

        Assert.Contains("leadledger verify", refused.Message, StringComparison.Ordinal);
        Assert.Equal(1, await writer.WriteAsync(TestLedger.Note(TestLedger.NewStream(2), "another lead")));
    }

    [Fact]
    [Trait("Requirement", "I26")]
    public async Task Stopping_finishes_the_batch_under_way_and_answers_what_still_waits()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        var writer = await ledger.StartAsync(ledger.NewWriter(lanes: 1));
        Task<long>? waiting = null;
        Task? stopping = null;

        var underWay = await writer.WriteAsync(TestLedger.Request(
            unit =>
            {
                waiting = writer.WriteAsync(TestLedger.Note(Lead, "waits"));
                stopping = writer.StopAsync(CancellationToken.None);
                return unit.Append(Lead, LeadStreams.Lead, new NoteAdded("under way", "staff:anna")).Version;
            },
            streams: [Lead]));

        await stopping!;
        Assert.Equal(1, underWay);
        var ended = await Record.ExceptionAsync(() => waiting!);
        Assert.True(ended is null or LedgerUnavailableException, "a lane may still have taken it; otherwise it is told to come again");
        Assert.Equal(ended is null ? 2 : 1, await ledger.ScalarAsync<long>("select count(*) from mt_events"));
    }

    [Fact]
    [Trait("Requirement", "I14")]
    public async Task An_effect_that_was_asked_for_before_is_not_added_and_its_request_is_committed_loudly()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        using var log = new CapturedLog();
        var writer = new LedgerWriter(
            ledger.Database, LeadStreams.Model, new LoggerFactory([log]).CreateLogger<LedgerWriter>());
        await ledger.StartAsync(writer);
        await writer.WriteAsync(Sending(1, "effect"));

        Assert.Equal(2, await writer.WriteAsync(Sending(2, "effect")));

        Assert.Equal(["1"], await ledger.LinesAsync("select count(*) from outbox"));
        Assert.Equal(["CA1|accepted", "CA2|accepted"], await ledger.LinesAsync("select dedupe_key, outcome from inbox order by 1"));
        Assert.Equal(1, writer.EffectsLeftOut);
        Assert.Contains("The effect effect of oak-hvac was asked for again", Assert.Single(log.Unexpected()), StringComparison.Ordinal);
        Assert.True((await ledger.VerifyAsync()).IsSound);
    }

    [Fact]
    [Trait("Requirement", "I25")]
    public async Task Started_while_the_service_is_given_up_it_answers_whoever_waits()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        var writer = ledger.NewWriter();
        var waiting = writer.WriteAsync(TestLedger.Note(Lead, "waits"));

        await writer.StartAsync(new CancellationToken(canceled: true));
        await writer.StopAsync(new CancellationToken(canceled: true));
        var ended = await Record.ExceptionAsync(() => waiting.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken));

        Assert.True(ended is null or LedgerUnavailableException, "committed, or told to come again");
        await Assert.ThrowsAsync<LedgerUnavailableException>(() => writer.WriteAsync(TestLedger.Note(Lead, "too late")));
        writer.Dispose();
    }

    [Fact]
    [Trait("Requirement", "I24")]
    public async Task A_row_that_somebody_holds_delays_only_those_who_need_it()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        var writer = ledger.NewWriter(lanes: 1);
        var held = TestLedger.Phone(LeadStory.NumberOf(1));
        await ledger.ExecuteAsync($"insert into contact_point (tenant_id, kind, value, data) values ('{held.Tenant}', 'phone', '{held.Value}', '{{}}')");
        await using var holder = await ledger.Database.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using var transaction = await holder.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using (var hold = new NpgsqlCommand("select 1 from contact_point for update", holder))
        {
            await hold.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        var stuck = writer.WriteAsync(TestLedger.Request(_ => 0, gates: [held]));
        var others = Enumerable.Range(2, 20).Select(n => writer.WriteAsync(TestLedger.Note(TestLedger.NewStream(n), "free"))).ToArray();
        await ledger.StartAsync(writer);
        await Task.WhenAll(others);

        Assert.False(stuck.IsCompleted);
        await transaction.RollbackAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, await stuck);
    }

    [Fact]
    [Trait("Requirement", "I24")]
    public async Task A_row_that_somebody_held_while_statements_were_prepared_does_not_spoil_the_connection_for_good()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        var writer = await ledger.StartAsync(ledger.NewWriter(lanes: 1));
        GateKey[] gates = [.. Enumerable.Range(1, 2).Select(n => TestLedger.Phone(LeadStory.NumberOf(n))).Order()];
        await writer.WriteAsync(TestLedger.Request(_ => 0, gates: gates));

        // The second use of a statement prepares it. It fails at the second row, when the first has been read, and what follows is never prepared.
        await using var holder = await ledger.Database.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using var transaction = await holder.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using (var hold = new NpgsqlCommand($"select 1 from contact_point where value = '{gates[1].Value}' for update", holder))
        {
            await hold.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        var stuck = writer.WriteAsync(TestLedger.Request(_ => 1, gates: gates));
        await using (var longer = new NpgsqlCommand("select pg_sleep(2.5)", holder))
        {
            await longer.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        await transaction.RollbackAsync(TestContext.Current.CancellationToken);
        Assert.Equal(1, await stuck);
        Assert.Equal(2, await writer.WriteAsync(TestLedger.Request(_ => 2, gates: gates, streams: [Lead])));
    }

    [Fact]
    [Trait("Requirement", "I24")]
    public async Task A_stream_that_begins_while_others_are_waited_for_is_read_again_and_no_defect()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        var (first, second) = (await ledger.StartAsync(ledger.NewWriter(lanes: 1)), await ledger.StartAsync(ledger.NewWriter(lanes: 1)));
        var (old, young) = (TestLedger.NewStream(1), TestLedger.NewStream(2));
        await first.WriteAsync(TestLedger.Note(old, "there already"));
        await using var holder = await ledger.Database.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using var transaction = await holder.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using (var hold = new NpgsqlCommand($"select 1 from mt_streams where id = '{old.Id}' for update", holder))
        {
            Assert.Equal(1, await hold.ExecuteScalarAsync(TestContext.Current.CancellationToken));
        }

        var waiting = first.WriteAsync(TestLedger.Request(_ => 3, streams: [old, young]));
        Assert.True(await Poll.UntilAsync(
            async () => await ledger.ScalarAsync<long>("select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'") > 0,
            TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken));
        await second.WriteAsync(TestLedger.Note(young, "began meanwhile"));
        await transaction.RollbackAsync(TestContext.Current.CancellationToken);
        Assert.Equal(3, await waiting);
    }

    [Fact]
    public async Task Contact_points_are_locked_in_one_order_however_a_request_names_them()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        var writer = await ledger.StartAsync(ledger.NewWriter(lanes: 1));
        GateKey[] backward = [TestLedger.Phone(LeadStory.NumberOf(2)), TestLedger.Phone(LeadStory.NumberOf(1))];
        await writer.WriteAsync(TestLedger.Request(_ => 0, gates: backward));
        await using var holder = await ledger.Database.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using var transaction = await holder.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using (var hold = new NpgsqlCommand($"select 1 from contact_point where value = '{backward[1].Value}' for update", holder))
        {
            Assert.Equal(1, await hold.ExecuteScalarAsync(TestContext.Current.CancellationToken));
        }

        var waiting = writer.WriteAsync(TestLedger.Request(_ => 0, gates: backward));
        Assert.True(await Poll.UntilAsync(
            async () => await ledger.ScalarAsync<long>("select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'") > 0,
            TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken));

        // Whoever waits for the first holds none of the later ones: so no circle can form.
        Assert.Equal([backward[0].Value], await ledger.LinesAsync("select value from contact_point for update skip locked"));
        await transaction.RollbackAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, await waiting);
    }

    [Fact]
    [Trait("Requirement", "I10")]
    public async Task Where_a_view_cannot_be_written_its_events_are_not_written_either()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        var writer = await ledger.StartWriterAsync();
        await ledger.ExecuteAsync(
            """
            create function refuse() returns trigger language plpgsql as $$ begin raise exception 'no view today'; end $$;
            create trigger refuse before insert or update on mt_doc_leadview execute function refuse();
            """);

        await Assert.ThrowsAsync<DecisionFailedException>(() => writer.WriteAsync(Delivered("CA1", "body")));

        Assert.Equal(["0|0|0"], await ledger.LinesAsync(
            "select (select count(*) from mt_events), (select count(*) from mt_streams), (select count(*) from inbox)"));
        await ledger.ExecuteAsync("drop trigger refuse on mt_doc_leadview");
        Assert.False((await writer.WriteAsync(Delivered("CA1", "body"))).WasSeen);
    }

    private static WriteRequest<int> Sending(int n, string effectKey, bool attemptTwice = false) => TestLedger.Request(
        unit =>
        {
            var lead = TestLedger.NewStream(n);
            unit.Append(lead, LeadStreams.Lead, new OptOutPhraseHeld("phone", LeadStory.NumberOf(n), "no more"));
            var item = unit.Enqueue(TestLedger.Tenant, lead, TestLedger.Message(effectKey));
            for (var n = 0; attemptTwice && n < 2; n++)
            {
                unit.Record(new OutboxAttempt(item, TestLedger.Tenant, 1, "mark", null, "calling", null));
            }

            unit.Conclude("accepted", "{}", stream: lead.Id);
            return n;
        },
        receipt: TestLedger.Receipt($"CA{n}"),
        gates: [TestLedger.Phone(LeadStory.NumberOf(n))],
        streams: [TestLedger.NewStream(n)]);

    private static WriteRequest<EventStoreAnswer> Delivered(string key, string body) => TestLedger.Request(
        unit =>
        {
            if (unit.Earlier is { } earlier)
            {
                return new EventStoreAnswer(true, earlier.SameBody, earlier.Outcome, earlier.AnswerJson);
            }

            unit.Append(Lead, LeadStreams.Lead, new NoteAdded(body, "staff:anna"));
            unit.Conclude("accepted", "{\"lead\": 1}", stream: Lead.Id);
            return new EventStoreAnswer(false, true, null, null);
        },
        receipt: TestLedger.Receipt(key, body),
        streams: [Lead]);

    private static void EndOtherConnections(TestLedger ledger, bool fromMaintenance = false)
    {
        var name = new NpgsqlConnectionStringBuilder(ledger.ConnectionString).Database!;
        var sql = $"select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = '{name}' and backend_type = 'client backend' and pid <> pg_backend_pid()";
        if (fromMaintenance)
        {
            RunInMaintenance(ledger, sql);
            return;
        }

        using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(ledger.ConnectionString) { Pooling = false }.ConnectionString);
        connection.Open();
        using var command = new NpgsqlCommand(sql, connection);
        command.ExecuteNonQuery();
    }

    private static void RunInMaintenance(TestLedger ledger, string sql)
    {
        using var connection = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder(ledger.ConnectionString) { Database = "postgres", Pooling = false }.ConnectionString);
        connection.Open();
        using var command = new NpgsqlCommand(sql, connection);
        command.ExecuteNonQuery();
    }

    private sealed record EventStoreAnswer(bool WasSeen, bool SameBody, string? Outcome, string? Answer);
}
