using LeadLedger.EventStore.Verification;
using LeadLedger.Tests.Support;

namespace LeadLedger.Tests.EventStore;

/// <summary>Every way of tampering with the rows that a person with full rights has is found, and found where it was done.</summary>
public sealed class LedgerVerifierTests(TestPostgres postgres)
{
    // Lead 3 has eighteen events of three calls, lead 5 of another business six.
    private static readonly Guid Lead = TestLedger.NewStream(3).Id;

    /// <summary>What is done, the table and version it must be found at, and a part of what is said.</summary>
    public static TheoryData<string, string, string, int, string> Attacks { get; } = new()
    {
        { "a field of a fact is edited", "update mt_events set data = jsonb_set(data, '{caller}', '\"+12145559999\"') where {lead} and version = 1", "mt_events", 1, "does not match its leaf" },
        { "a field is added to a fact", "update mt_events set data = data || '{\"extra\": \"x\"}' where {lead} and version = 2", "mt_events", 2, "does not match its leaf" },
        { "a field is taken from a fact", "update mt_events set data = data - 'callerName' where {lead} and version = 1", "mt_events", 1, "does not match its leaf" },
        { "a number becomes a fraction", "update mt_events set data = jsonb_set(data, '{ringSeconds}', '22.0') where {lead} and version = 1", "mt_events", 1, "cannot be what was recorded" },
        { "two facts are swapped", "update mt_events e set data = o.data from mt_events o where e.tenant_id = o.tenant_id and e.stream_id = '{id}' and o.stream_id = '{id}' and e.version in (1, 7) and o.version = 8 - e.version", "mt_events", 1, "does not match its leaf" },
        { "two events change places", "set constraints all deferred; drop index pk_mt_events_stream_and_version; update mt_events set version = 5 - version where {lead} and version in (2, 3)", "mt_events", 2, "the hash does not match" },
        { "an event in the middle is deleted", "delete from mt_events where {lead} and version = 4", "mt_events", 5, "version 4 is missing" },
        { "the first event is deleted", "delete from mt_events where {lead} and version = 1", "mt_events", 2, "version 1 is missing" },
        { "the tail is deleted", "delete from mt_events where {lead} and version > 16", "mt_streams", 0, "said to have 18 events, the ledger holds 16" },
        { "the tail is deleted and the stream row follows", "delete from mt_events where {lead} and version > 16; update mt_streams set version = 16 where tenant_id = 'oak-hvac' and id = '{id}'", "mt_doc_leadview", 0, "not at the version" },
        { "all events of a stream are deleted", "delete from mt_events where {lead}", "mt_streams", 0, "the ledger holds none" },
        { "a whole stream is taken out with all its rows", "delete from mt_events where {lead}; delete from mt_streams where id = '{id}'; delete from mt_doc_leadview where id = '{id}'; delete from audit_trail where stream_id = '{id}'", "contact_point", 0, "that no event gave it" },
        { "a whole stream is taken out and the contact point too", "delete from mt_events where {lead}; delete from mt_streams where id = '{id}'; delete from mt_doc_leadview where id = '{id}'; delete from audit_trail where stream_id = '{id}'; delete from contact_point where streams[1] = '{id}'", "inbox", 0, "names a stream that is gone" },
        { "an event is inserted at the end", "insert into mt_events select nextval('mt_events_sequence'), gen_random_uuid(), stream_id, 19, data, bdata, type, timestamp, tenant_id, mt_dotnet_type, correlation_id, causation_id, headers, is_archived from mt_events where {lead} and version = 7; update mt_streams set version = 19 where id = '{id}'", "mt_events", 19, "the hash does not match" },
        { "an event is inserted in the middle", "drop index pk_mt_events_stream_and_version; insert into mt_events select nextval('mt_events_sequence'), gen_random_uuid(), stream_id, version, data, bdata, type, timestamp, tenant_id, mt_dotnet_type, correlation_id, causation_id, headers, is_archived from mt_events where {lead} and version = 7", "mt_events", 7, "stands twice" },
        { "an event is given to a stream that does not exist", "alter table mt_events drop constraint fkey_mt_events_stream_id_tenant_id; update mt_events set stream_id = '0190a5f0-0000-7000-8000-00000000ffff' where {lead} and version = 18", "mt_streams", 0, "said to have 18 events, the ledger holds 17" },
        { "an event is moved to another business", "alter table mt_events drop constraint fkey_mt_events_stream_id_tenant_id; update mt_events set tenant_id = 'elsewhere' where {lead} and version = 18", "mt_events", 18, "version 1 is missing" },
        { "an event loses its business", "update mt_events set tenant_id = null where {lead} and version = 18", "mt_streams", 0, "the ledger holds 17" },
        { "the actor is changed", "update mt_events set headers = jsonb_set(headers, '{actor}', '\"staff:mallory\"') where {lead} and version = 3", "mt_events", 3, "the hash does not match" },
        { "the time is changed", "update mt_events set timestamp = timestamp - interval '1 microsecond' where {lead} and version = 5", "mt_events", 5, "the hash does not match" },
        { "the type is changed", "update mt_events set type = 'note_added' where {lead} and version = 4", "mt_events", 4, "the hash does not match" },
        { "the event's id is changed", "update mt_events set id = gen_random_uuid() where {lead} and version = 4", "mt_events", 4, "the hash does not match" },
        { "the cause is changed", "update mt_events set causation_id = 'twilio.call:CA9' where {lead} and version = 1", "mt_events", 1, "the hash does not match" },
        { "an absent correlation becomes an empty one", "update mt_events set correlation_id = '' where {lead} and version = 1", "mt_events", 1, "empty where it would be absent" },
        { "the salt is taken", "update mt_events set headers = headers - 'salt' where {lead} and version = 6", "mt_events", 6, "the salt is missing" },
        { "the salt is written in capitals", "update mt_events set headers = jsonb_set(headers, '{salt}', to_jsonb('A' || substr(upper(headers ->> 'salt'), 2))) where {lead} and version = 6", "mt_events", 6, "salt" },
        { "the leaf is changed", "update mt_events set headers = jsonb_set(headers, '{leaf}', to_jsonb(repeat('0', 64))) where {lead} and version = 6", "mt_events", 6, "does not match its leaf" },
        { "a byte of the hash is flipped", "update mt_events set headers = jsonb_set(headers, '{hash}', to_jsonb(translate(left(headers ->> 'hash', 1), '0123456789abcdef', '123456789abcdef0') || substr(headers ->> 'hash', 2))) where {lead} and version = 6", "mt_events", 6, "the hash does not match" },
        { "a link is cut", "update mt_events set headers = headers - 'prev' where {lead} and version = 6", "mt_events", 6, "the hash does not match" },
        { "the algorithm is renamed", "update mt_events set headers = jsonb_set(headers, '{alg}', '\"none\"') where {lead} and version = 6", "mt_events", 6, "the algorithm 'none' is unknown" },
        { "a header is added", "update mt_events set headers = headers || '{\"note\": \"x\"}' where {lead} and version = 6", "mt_events", 6, "the header 'note' is unknown" },
        { "the headers are emptied", "update mt_events set headers = null where {lead} and version = 6", "mt_events", 6, "'alg' is missing" },
        { "an event is archived", "update mt_events set is_archived = true where {lead} and version = 2", "mt_events", 2, "archived" },
        { "a view is edited", "update mt_doc_leadview set data = jsonb_set(data, '{owner}', '\"mallory\"') where id = '{id}'", "mt_doc_leadview", 0, "not what the events fold to" },
        { "a view is put back by a version", "update mt_doc_leadview set mt_version = 17 where id = '{id}'", "mt_doc_leadview", 0, "not at the version" },
        { "a view is deleted", "delete from mt_doc_leadview where id = '{id}'", "mt_doc_leadview", 0, "is missing" },
        { "a view is made up", "insert into mt_doc_leadview select tenant_id, '0190a5f0-0000-7000-8000-00000000ffff', data, mt_last_modified, mt_dotnet_type, mt_version from mt_doc_leadview where id = '{id}'", "mt_doc_leadview", 0, "belongs to no events" },
        { "an opt-out is taken from a contact point", "update contact_point set data = data - 'suppressedSince' || '{\"held\": true}' where streams[1] = '{id}'", "contact_point", 0, "not what the events fold to" },
        { "a contact point is given to another lead", "update contact_point set streams = streams || '0190a5f0-0000-7000-8000-000000000001'::uuid where streams[1] = '{id}'", "contact_point", 0, "other leads" },
        { "a contact point is deleted", "delete from contact_point where streams[1] = '{id}'", "contact_point", 0, "is missing" },
        { "a contact point is made up", "insert into contact_point select tenant_id, kind, '+12145559999', data, streams from contact_point where streams[1] = '{id}'", "contact_point", 0, "that no event gave it" },
        { "an audit row is deleted", "delete from audit_trail where stream_id = '{id}' and version = 9", "audit_trail", 9, "is missing" },
        { "an audit row is edited", "update audit_trail set actor = 'staff:mallory' where stream_id = '{id}' and version = 9", "audit_trail", 9, "does not say what the event says" },
        { "an audit row is made up", "insert into audit_trail select tenant_id, stream_id, 19, at, actor, kind, cause, contact_point from audit_trail where stream_id = '{id}' and version = 9", "audit_trail", 19, "belongs to no event" },
        { "the stream's version is changed", "update mt_streams set version = 17 where id = '{id}'", "mt_streams", 0, "said to have 17 events" },
        { "the stream's kind is changed", "update mt_streams set type = 'call' where id = '{id}'", "mt_events", 1, "cannot be folded" },
        { "the stream's kind is unknown", "update mt_streams set type = 'person' where id = '{id}'", "mt_streams", 0, "type 'person' is unknown" },
        { "the stream is archived", "update mt_streams set is_archived = true where id = '{id}'", "mt_streams", 0, "archived" },
        { "an event and its own hash are rewritten together", ForgedLink, "mt_events", 8, "the link is broken" },
    };

    // A forger who recomputes leaf and hash of one event is given away by the event after it.
    private const string ForgedLink =
        """
        update mt_events e set headers = o.headers, data = o.data, id = o.id, type = o.type, timestamp = o.timestamp,
            causation_id = o.causation_id
        from forged o where e.stream_id = '{id}' and e.version = 7 and e.tenant_id = 'oak-hvac';
        update audit_trail a set kind = o.type, at = o.timestamp, cause = o.causation_id, actor = 'system', contact_point = null
        from forged o where a.stream_id = '{id}' and a.version = 7
        """;

    [Theory]
    [MemberData(nameof(Attacks))]
    [Trait("Requirement", "I9")]
    public async Task Tampering_is_found_where_it_was_done(string attack, string sql, string table, int version, string what)
    {
        Assert.NotEmpty(attack);
        await using var ledger = await SampleAsync();
        var changed = await ledger.ExecuteAsync(sql
            .Replace("{lead}", $"tenant_id = 'oak-hvac' and stream_id = '{Lead}'", StringComparison.Ordinal)
            .Replace("{id}", Lead.ToString(), StringComparison.Ordinal));

        var report = await ledger.VerifyAsync();

        Assert.NotEqual(0, changed);
        Assert.False(report.IsSound);
        var first = report.Problems[0];
        Assert.Equal((table, version == 0 ? null : version), (first.Table, first.Version));
        Assert.Contains(what, first.ToString(), StringComparison.Ordinal);
        if (table is "mt_events" or "mt_streams" or "mt_doc_leadview" && !first.What.Contains("no events", StringComparison.Ordinal))
        {
            Assert.Equal(Lead, first.Stream);
        }
    }

    [Fact]
    public async Task A_ledger_as_it_was_written_is_sound()
    {
        await using var ledger = await SampleAsync();

        var report = await ledger.VerifyAsync();

        Assert.Empty(report.Problems);
        Assert.Equal((13 * 8L, 24L, 24L, 13 * 8L, 11L),
            (report.Events, report.Streams, report.Documents, report.AuditRows, report.ContactPoints));
    }

    [Fact]
    public async Task An_empty_ledger_is_sound()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);

        var report = await ledger.VerifyAsync();

        Assert.True(report.IsSound);
        Assert.Equal(0, report.Events);
    }

    [Fact]
    public async Task One_stream_is_verified_without_looking_at_others()
    {
        await using var ledger = await SampleAsync();
        await ledger.ExecuteAsync($"update mt_events set data = data || '{{\"x\": 1}}' where stream_id = '{Lead}' and version = 2");

        var sound = await ledger.VerifyAsync(new VerificationScope { Stream = TestLedger.NewStream(4).Id });
        var damaged = await ledger.VerifyAsync(new VerificationScope { Stream = Lead });
        var absent = await ledger.VerifyAsync(new VerificationScope { Stream = Guid.Empty });

        Assert.Equal((true, 6L), (sound.IsSound, sound.Events));
        Assert.Equal(2, Assert.Single(damaged.Problems).Version);
        Assert.Equal("there is no such stream", Assert.Single(absent.Problems).What);
    }

    [Fact]
    public async Task One_business_is_verified_without_looking_at_others()
    {
        await using var ledger = await SampleAsync();
        await ledger.ExecuteAsync("update mt_events set data = data || '{\"x\": 1}' where tenant_id = 'pine-dental' and type = 'call_missed'");

        var oak = await ledger.VerifyAsync(new VerificationScope { Tenant = "oak-hvac" });
        var pine = await ledger.VerifyAsync(new VerificationScope { Tenant = "pine-dental" });

        Assert.Equal((true, 12 * 8L), (oak.IsSound, oak.Events));
        Assert.Equal(("pine-dental", 8L), (Assert.Single(pine.Problems).Tenant, pine.Events));
    }

    [Fact]
    public async Task Problems_are_listed_in_the_order_of_the_ledger_and_no_more_than_asked_for()
    {
        await using var ledger = await SampleAsync();
        await ledger.ExecuteAsync("update mt_events set data = data || '{\"x\": 1}'");

        var some = await ledger.VerifyAsync();
        var all = await ledger.VerifyAsync(new VerificationScope { MostProblems = int.MaxValue });

        Assert.Equal(VerificationScope.UsualLimit, some.Problems.Count);
        Assert.Equal(some.Problems, all.Problems.Take(VerificationScope.UsualLimit));
        Assert.Equal(13 * 8, all.Problems.Count(problem => problem.Table == "mt_events"));
        Assert.Equal((TestLedger.Tenant, 1L), (some.Problems[0].Tenant, some.Problems[0].Version));
    }

    [Fact]
    public async Task Problems_never_show_a_whole_number()
    {
        await using var ledger = await SampleAsync();
        await ledger.ExecuteAsync("update contact_point set data = '{}'");

        var report = await ledger.VerifyAsync();

        Assert.Equal(11, report.Problems.Count);
        Assert.All(report.Problems, problem => Assert.DoesNotContain("+1214", problem.ToString(), StringComparison.Ordinal));
    }

    private async Task<TestLedger> SampleAsync() => await TestLedger.CreateAsync(postgres, "attacked ledger", async ledger =>
    {
        var writer = await ledger.StartWriterAsync();
        for (var n = 1; n <= 10; n++)
        {
            await writer.WriteAsync(LeadStory.MissedCall(n));
        }

        await writer.WriteAsync(LeadStory.MissedCall(3, 1));
        await writer.WriteAsync(LeadStory.MissedCall(3, 2));
        await writer.WriteAsync(LeadStory.MissedCall(11, 0, "pine-dental"));
        await ForgeAsync(ledger);
    });

    // The best a forger can do without the events after it: a fully consistent event in the place of another.
    private static async Task ForgeAsync(TestLedger ledger)
    {
        var salt = new byte[16];
        var data = "{\"by\":\"staff:anna\",\"text\":\"forged\"}"u8;
        var leaf = LeadLedger.EventStore.HashChain.Leaf(salt, data);
        var previous = await ledger.ScalarAsync<string>($"select headers ->> 'hash' from mt_events where stream_id = '{Lead}' and version = 6");
        var id = TestLedger.Noon.PlusNanoseconds(1000);
        var eventId = LeadLedger.EventStore.Instants.NewId(id);
        var hash = LeadLedger.EventStore.HashChain.Hash(new LeadLedger.EventStore.ChainedEvent(
            "sha256-v1", TestLedger.Tenant, Lead, 7, eventId, "note_added", TestLedger.Noon, null, null, "system", leaf, previous));
        await ledger.ExecuteAsync(
            $$"""
            create table forged as select '{"by":"staff:anna","text":"forged"}'::jsonb as data, '{{eventId}}'::uuid as id,
                'note_added'::varchar as type, '2026-11-20 18:00:00+00'::timestamptz as timestamp, null::varchar as causation_id,
                '{"alg":"sha256-v1","actor":"system","salt":"00000000000000000000000000000000","leaf":"{{leaf}}","prev":"{{previous}}","hash":"{{hash}}"}'::jsonb as headers
            """);
    }
}
