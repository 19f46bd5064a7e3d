using LeadLedger.Tests.Support;

namespace LeadLedger.Tests.Reading;

public sealed class LeadSearchTests(TestPostgres postgres)
{
    private const int Leads = 5600;

    [Fact]
    public async Task Two_letters_are_found_where_a_word_of_the_name_begins()
    {
        await using var app = await TestApp.StartAsync(postgres);
        await app.Forms.WebsiteAsync("Bo Anders", "(214) 555-7001", "x@example.com", "roof");
        await app.Forms.WebsiteAsync("Carol Zander", "(214) 555-7002", "y@example.com", "roof");
        var anders = (await app.LeadsAsync()).Single(lead => lead.Phone == "+12145557001").Id;

        Assert.Equal([anders], (await app.GetAsync("/api/leads?q=an")).Ids());
        Assert.Equal([anders], (await app.GetAsync("/api/leads?q=BO")).Ids());
        Assert.Equal(2, (await app.GetAsync("/api/leads?q=and")).Ids().Count);
    }

    /// <summary>What many have is looked for among the newest first; the answer is the same as if all had been looked at.</summary>
    [Theory]
    [InlineData("everybody", Leads)]
    [InlineData("(214) 555", Leads)]
    [InlineData("@old.example", 2000)]
    [InlineData("ancient", 300)]
    public async Task What_many_leads_have_is_found_newest_first_and_page_by_page(string search, int expected)
    {
        await using var app = await TestApp.StartAsync(postgres);
        app.ChecksAtEnd = false;
        await SeedAsync(app);
        var seen = new List<string>();
        string? cursor = null;
        for (var page = 0; page < 9; page++)
        {
            var answer = await app.GetAsync($"/api/leads?limit=200&q={Uri.EscapeDataString(search)}{(cursor is null ? "" : $"&cursor={cursor}")}");
            seen.AddRange(answer.Items().Select(item => item.Text("phone")!));
            cursor = answer.Json.Text("next");
            if (cursor is null)
            {
                break;
            }
        }

        Assert.Equal(Enumerable.Range(0, Math.Min(1800, expected)).Select(n => $"+1214{5_550_000 + expected - n:D7}"), seen);
    }

    // The same lead many times, one second apart; the oldest have something that the newest do not.
    private static async Task SeedAsync(TestApp app)
    {
        await app.Forms.WebsiteAsync("Template", "(214) 777-0001", "t@example.com", "roof");
        await using var command = app.Database.CreateCommand(
            $$"""
            with one as (select * from mt_doc_leadview limit 1),
                 many as (
                    select n, ('00000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid as id, '+1214' || (5550000 + n) as phone,
                           case when n <= 2000 then 'p' || n || '@old.example' else 'p' || n || '@new.example' end as email
                    from generate_series(1, {{Leads}}) n),
                 leads as (
                    insert into mt_doc_leadview (tenant_id, id, data, mt_version)
                    select o.tenant_id, m.id, o.data || jsonb_build_object(
                        'id', m.id, 'phone', m.phone, 'email', m.email, 'name', case when m.n <= 300 then 'Everybody Ancient' else 'Everybody Else' end,
                        'lastInquiryAt', to_char(timestamptz '2026-11-01 00:00:00Z' + m.n * interval '1 second', 'YYYY-MM-DD"T"HH24:MI:SS".000000Z"'),
                        'contactPoints', jsonb_build_array(jsonb_build_object('kind', 'phone', 'value', m.phone), jsonb_build_object('kind', 'email', 'value', m.email))), 1
                    from one o cross join many m returning 1),
                 phones as (
                    insert into contact_point (tenant_id, kind, value, data, streams)
                    select o.tenant_id, 'phone', m.phone, '{}', array[m.id] from one o cross join many m returning 1)
            insert into contact_point (tenant_id, kind, value, data, streams)
            select o.tenant_id, 'email', m.email, '{}', array[m.id] from one o cross join many m
            """);
        await command.ExecuteNonQueryAsync();
    }
}
