using LeadLedger.EventStore.Verification;
using LeadLedger.Tests.Support;

namespace LeadLedger.Tests.EventStore;

public sealed class RebuilderTests(TestPostgres postgres)
{
    private const string Everything =
        """
        select 'lead', tenant_id, id::text, data::text, mt_last_modified::text, mt_dotnet_type, mt_version::text, '' from mt_doc_leadview
        union all
        select 'call', tenant_id, id::text, data::text, mt_last_modified::text, mt_dotnet_type, mt_version::text, '' from mt_doc_callrecord
        union all
        select 'point', tenant_id, kind, value, data::text, streams::text, '', '' from contact_point
        union all
        select 'audit', tenant_id, stream_id::text, version::text, at::text, actor || kind, cause, contact_point from audit_trail
        order by 1, 2, 3, 4
        """;

    [Fact]
    [Trait("Requirement", "AUD-07")]
    public async Task Lost_views_come_back_byte_for_byte()
    {
        await using var ledger = await SampleAsync();
        var before = await ledger.LinesAsync(Everything);
        await ledger.ExecuteAsync("truncate mt_doc_leadview, mt_doc_callrecord, contact_point, audit_trail");

        var report = await ledger.RebuildAsync();

        Assert.Equal(before, await ledger.LinesAsync(Everything));
        Assert.Equal((48L, 11L, 48L, 5L), (report.Events, report.Documents, report.AuditRows, report.ContactPoints));
        Assert.True((await ledger.VerifyAsync()).IsSound);
    }

    [Fact]
    public async Task Damaged_and_made_up_rows_are_put_right()
    {
        await using var ledger = await SampleAsync();
        var before = await ledger.LinesAsync(Everything);
        await ledger.ExecuteAsync(
            """
            update mt_doc_leadview set data = data || '{"owner": "mallory"}' where id = '0190a5f0-0000-7000-8000-000000000002';
            insert into mt_doc_callrecord (tenant_id, id, data) values ('oak-hvac', '0190a5f0-0000-7000-8000-00000000ffff', '{}');
            delete from audit_trail where version = 2;
            insert into audit_trail values ('oak-hvac', '0190a5f0-0000-7000-8000-000000000002', 99, now(), 'x', 'x');
            update contact_point set streams = '{}', data = '{}' where value like '%3';
            insert into contact_point values ('oak-hvac', 'phone', '+1', '{"held": true}', '{}');
            """);

        var first = await ledger.RebuildAsync();
        var second = await ledger.RebuildAsync();

        Assert.Equal(before, await ledger.LinesAsync(Everything));
        Assert.NotEqual(0, first.Documents);
        Assert.Equal((0L, 0L, 0L), (second.Documents, second.AuditRows, second.ContactPoints));
    }

    [Fact]
    public async Task Nothing_is_rebuilt_from_a_damaged_event()
    {
        await using var ledger = await SampleAsync();
        await ledger.ExecuteAsync(
            """
            update mt_events set data = data || '{"x": 1}' where stream_id = '0190a5f0-0000-7000-8000-000000000002' and version = 3;
            truncate mt_doc_leadview
            """);

        var refused = await Assert.ThrowsAsync<RebuildRefusedException>(() => ledger.RebuildAsync());

        Assert.Equal((TestLedger.NewStream(2).Id, 3L), (refused.Problem.Stream, refused.Problem.Version));
        Assert.Equal(0, await ledger.ScalarAsync<long>("select count(*) from mt_doc_leadview"));
    }

    [Fact]
    public async Task A_contact_point_that_was_only_locked_stays_as_it_is()
    {
        await using var ledger = await SampleAsync();
        await ledger.ExecuteAsync("insert into contact_point (tenant_id, kind, value, data) values ('oak-hvac', 'phone', '+1', '{}')");

        await ledger.RebuildAsync();

        Assert.Equal(6, await ledger.ScalarAsync<long>("select count(*) from contact_point"));
        Assert.True((await ledger.VerifyAsync()).IsSound);
    }

    [Fact]
    public async Task Writing_waits_for_a_rebuild_and_then_goes_on()
    {
        await using var ledger = await SampleAsync();
        var writer = await ledger.StartWriterAsync();

        var rebuild = ledger.RebuildAsync();
        var written = writer.WriteAsync(LeadStory.MissedCall(40));
        await Task.WhenAll(rebuild, written);

        Assert.True((await ledger.VerifyAsync()).IsSound);
    }

    private async Task<TestLedger> SampleAsync() => await TestLedger.CreateAsync(postgres, "rebuilt ledger", async ledger =>
    {
        var writer = await ledger.StartWriterAsync();
        for (var n = 1; n <= 5; n++)
        {
            await writer.WriteAsync(LeadStory.MissedCall(n));
        }

        await writer.WriteAsync(LeadStory.MissedCall(2, 1));
    });
}
