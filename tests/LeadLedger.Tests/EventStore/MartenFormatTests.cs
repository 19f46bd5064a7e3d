using LeadLedger.Tests.Support;

namespace LeadLedger.Tests.EventStore;

/// <summary>The tables are those Marten makes for guid streams and conjoined tenancy, so that a Marten application can open them.</summary>
public sealed class MartenFormatTests(TestPostgres postgres)
{
    private static readonly string[] Streams =
    [
        "tenant_id|character varying|not null|'*DEFAULT*'::character varying",
        "id|uuid|not null|-",
        "type|character varying|null|-",
        "version|bigint|null|-",
        "timestamp|timestamp with time zone|not null|now()",
        "created|timestamp with time zone|not null|now()",
        "is_archived|boolean|null|false",
    ];

    private static readonly string[] Events =
    [
        "seq_id|bigint|not null|-",
        "id|uuid|not null|-",
        "stream_id|uuid|null|-",
        "version|bigint|not null|-",
        "data|jsonb|not null|-",
        "bdata|bytea|null|-",
        "type|character varying(500)|not null|-",
        "timestamp|timestamp with time zone|not null|now()",
        "tenant_id|character varying|null|'*DEFAULT*'::character varying",
        "mt_dotnet_type|character varying|null|-",
        "correlation_id|character varying|null|-",
        "causation_id|character varying|null|-",
        "headers|jsonb|null|-",
        "is_archived|boolean|null|false",
    ];

    private static readonly string[] Document =
    [
        "tenant_id|character varying|not null|'*DEFAULT*'::character varying",
        "id|uuid|not null|-",
        "data|jsonb|not null|-",
        "mt_last_modified|timestamp with time zone|null|transaction_timestamp()",
        "mt_dotnet_type|character varying|null|-",
        "mt_version|bigint|not null|0",
    ];

    [Theory]
    [InlineData("mt_streams")]
    [InlineData("mt_events")]
    [InlineData("mt_doc_leadview")]
    [InlineData("mt_doc_callrecord")]
    [InlineData("mt_doc_operations")]
    public async Task Columns_types_and_defaults_are_martens_in_its_order(string table)
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);

        var columns = await ledger.LinesAsync(
            $"""
            select a.attname, format_type(a.atttypid, a.atttypmod), case when a.attnotnull then 'not null' else 'null' end,
                   pg_get_expr(d.adbin, d.adrelid)
            from pg_attribute a
            left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
            where a.attrelid = '{table}'::regclass and a.attnum > 0 and not a.attisdropped
            order by a.attnum
            """);

        Assert.Equal(table switch { "mt_streams" => Streams, "mt_events" => Events, _ => Document }, columns);
    }

    [Fact]
    public async Task Constraints_have_martens_names_and_definitions()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);

        var constraints = await ledger.LinesAsync(
            """
            select conrelid::regclass::text, conname, pg_get_constraintdef(oid)
            from pg_constraint
            where conrelid::regclass::text like 'mt\_%' and contype <> 'n'
            order by 1, 2
            """);

        Assert.Equal(
            [
                "mt_doc_callrecord|pkey_mt_doc_callrecord_tenant_id_id|PRIMARY KEY (tenant_id, id)",
                "mt_doc_leadview|pkey_mt_doc_leadview_tenant_id_id|PRIMARY KEY (tenant_id, id)",
                "mt_doc_operations|pkey_mt_doc_operations_tenant_id_id|PRIMARY KEY (tenant_id, id)",
                "mt_events|fkey_mt_events_stream_id_tenant_id|FOREIGN KEY (tenant_id, stream_id) REFERENCES mt_streams(tenant_id, id)",
                "mt_events|pkey_mt_events_seq_id|PRIMARY KEY (seq_id)",
                "mt_streams|pkey_mt_streams_tenant_id_id|PRIMARY KEY (tenant_id, id)",
            ],
            constraints.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_only_index_beside_the_keys_is_the_one_that_guards_versions()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);

        var indexes = await ledger.LinesAsync(
            """
            select i.indexdef from pg_indexes i
            where i.tablename in ('mt_events', 'mt_streams')
              and not exists (select from pg_constraint c where c.conname = i.indexname)
            """);

        Assert.Equal(
            "CREATE UNIQUE INDEX pk_mt_events_stream_and_version ON public.mt_events USING btree (tenant_id, stream_id, version)",
            Assert.Single(indexes));
    }

    [Fact]
    public async Task The_sequence_belongs_to_the_column_it_numbers()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);

        Assert.Equal("public.mt_events_sequence", await ledger.ScalarAsync<string>("select pg_get_serial_sequence('mt_events', 'seq_id')"));
    }

    [Fact]
    public async Task Nothing_of_ours_hangs_on_martens_tables()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);

        Assert.Empty(await ledger.LinesAsync(
            """
            select 'trigger', tgname::text from pg_trigger where tgrelid::regclass::text like 'mt\_%' and not tgisinternal
            union all
            select 'rule', rulename::text from pg_rules where tablename like 'mt\_%'
            union all
            select 'function', proname::text from pg_proc where proname like 'mt\_%'
            union all
            select 'policy', polname::text from pg_policy where polrelid::regclass::text like 'mt\_%'
            """));
    }

    [Fact]
    public async Task Rows_are_filled_as_marten_fills_them()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        var writer = await ledger.StartWriterAsync();

        await writer.WriteAsync(LeadStory.MissedCall(1));

        Assert.Equal(
            "1|call_missed|oak-hvac|LeadLedger.Leads.CallMissed, LeadLedger|twilio.call:CA1-0|-|False|7",
            Assert.Single(await ledger.LinesAsync(
                """
                select version, type, tenant_id, mt_dotnet_type, causation_id, bdata, is_archived, substr(id::text, 15, 1)
                from mt_events where type = 'call_missed'
                """)));
        Assert.Equal(
            ["call|2|2|LeadLedger.Calls.CallRecord, LeadLedger", "lead|6|6|LeadLedger.Leads.Lead, LeadLedger"],
            await ledger.LinesAsync(
                """
                select s.type, s.version, d.mt_version, d.mt_dotnet_type from mt_streams s
                join (select * from mt_doc_leadview union all select * from mt_doc_callrecord) d on d.id = s.id
                order by 1
                """));
    }
}
