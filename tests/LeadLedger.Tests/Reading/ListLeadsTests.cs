using System.Net;
using LeadLedger.Tests.Support;
using NodaTime;

namespace LeadLedger.Tests.Reading;

public sealed class ListLeadsTests(TestPostgres postgres)
{
    [Fact]
    public async Task A_lead_is_found_by_any_part_of_its_number_name_or_address_however_it_is_written()
    {
        await using var app = await TestApp.StartAsync(postgres);
        await app.Forms.WebsiteAsync("Jörg O'Neil_100%", "(214) 555-7001", "Joerg.Oneil@Example.com", "roof");
        await app.Forms.WebsiteAsync("Somebody Else", "+1 972 555 8002", "else@example.com", "gutter");
        var wanted = (await app.LeadsAsync()).Single(lead => lead.Phone == "+12145557001").Id;
        foreach (var search in new[]
        {
            "+12145557001", "12145557001", "2145557001", "214-555-7001", "(214) 555-7001", "214.555.7001", "001 214 555 7001", "5557001", "7001", "555-70",
            "Jörg", "jörg o'", "neil_100%", "O'NEIL", "joerg.oneil", "ONEIL@EXAMPLE", "Joerg.Oneil@example.com",
        })
        {
            var found = (await app.GetAsync($"/api/leads?q={Uri.EscapeDataString(search)}")).Ids();
            Assert.True(found.SequenceEqual([wanted]), $"'{search}' found {found.Count}");
        }

        foreach (var search in new[] { "%%", "__", "999999", "nobody", "100_" })
        {
            Assert.Empty((await app.GetAsync($"/api/leads?q={Uri.EscapeDataString(search)}")).Items());
        }
    }

    [Fact]
    public async Task Pages_hold_every_lead_once_newest_first_while_new_ones_arrive()
    {
        await using var app = await TestApp.StartAsync(postgres);
        for (var i = 0; i < 25; i++)
        {
            await app.Twilio.MissedCallAsync(new TestCall($"+1214555{7000 + i}"));
            if (i % 3 == 0)
            {
                app.Clock.Set(app.Clock.Now + Duration.FromSeconds(1));
            }
        }

        var before = (await app.LeadsAsync()).Select(lead => lead.Id).ToHashSet();
        var seen = new List<Guid>();
        var instants = new List<string>();
        string? cursor = null;
        do
        {
            var page = await app.GetAsync($"/api/leads?limit=4{(cursor is null ? "" : $"&cursor={cursor}")}");
            seen.AddRange(page.Ids());
            instants.AddRange(page.Items().Select(item => item.Text("lastInquiryAt")!));
            cursor = page.Json.Text("next");
            app.Clock.Set(app.Clock.Now + Duration.FromSeconds(1));
            await app.Twilio.MissedCallAsync(new TestCall($"+1972555{8000 + seen.Count}"));
        }
        while (cursor is not null);

        Assert.Equal(25, seen.Count);
        Assert.True(before.SetEquals(seen));
        Assert.Equal(instants.OrderDescending(StringComparer.Ordinal), instants);
        Assert.Equal(32, (await app.GetAsync("/api/leads?limit=200")).Items().Count);
    }

    [Fact]
    public async Task Filters_narrow_the_list_and_records_of_a_bare_opt_out_are_left_out_unless_asked_for()
    {
        await using var app = await TestApp.StartAsync(postgres);
        await app.Twilio.MissedCallAsync(new TestCall("+12145557001"));
        var noon = app.Clock.Now + Duration.FromHours(2);
        app.Clock.Set(noon);
        await app.Twilio.MissedCallAsync(new TestCall("+12145557002", TestBusiness.StormLine));
        await app.Twilio.SmsAsync("+12145557003", "STOP", optOutType: "STOP");
        await app.Forms.WebsiteAsync("Ann Lee", "+12145557004", "ann@example.com", "there is a leak");
        var leads = (await app.LeadsAsync()).ToDictionary(lead => lead.Phone!, lead => lead.Id);
        Guid Of(int last) => leads[$"+1214555700{last}"];

        async Task Expect(string query, params Guid[] ids)
        {
            var found = (await app.GetAsync($"/api/leads?{query}")).Ids();
            Assert.True(found.ToHashSet().SetEquals(ids), $"{query}: {found.Count} leads");
        }

        await Expect("", Of(1), Of(2), Of(4));
        await Expect("kind=contact_only", Of(3));
        await Expect("optedOut=true&kind=contact_only", Of(3));
        await Expect("owner=luis", Of(2));
        await Expect($"line={Uri.EscapeDataString(TestBusiness.StormLine)}", Of(2));
        await Expect("source=missed%20call", Of(1), Of(2));
        await Expect("source=form%20website", Of(4));
        await Expect("urgent=true", Of(4));
        await Expect("urgent=false", Of(1), Of(2));
        await Expect("hasOpenTask=true", Of(1), Of(2), Of(4));
        await Expect("hasOpenTask=false");
        await Expect("status=needs_callback", Of(1), Of(2), Of(4));
        await Expect("status=merged");
        await Expect("test=true");
        await Expect("queue=triage");
        await Expect("suspectedHangup=false", Of(1), Of(2), Of(4));
        await Expect($"from={noon}", Of(2), Of(4));
        await Expect($"to={noon}", Of(1));
        var item = (await app.GetAsync("/api/leads?owner=luis")).Items()[0];
        Assert.Equal("northside", item.Text("business"));
        Assert.Equal("luis", item.GetProperty("task").Text("owner"));
        Assert.Equal(1, item.GetProperty("inquiryCount").GetInt32());
    }

    [Fact]
    public async Task The_open_tasks_are_listed_by_due_date_with_their_lead()
    {
        await using var app = await TestApp.StartAsync(postgres);
        await app.Twilio.MissedCallAsync(new TestCall("+12145557001"));
        app.Clock.Set(app.Clock.Now + Duration.FromMinutes(10));
        await app.Twilio.MissedCallAsync(new TestCall("+12145557002", TestBusiness.StormLine));
        var tasks = (await app.GetAsync("/api/tasks?limit=1")).Json;
        var second = (await app.GetAsync($"/api/tasks?limit=1&cursor={tasks.Text("next")}")).Items();
        Assert.Equal("+12145557001", tasks.GetProperty("items")[0].Text("phone"));
        Assert.Equal("+12145557002", Assert.Single(second).Text("phone"));
        Assert.Empty((await app.GetAsync("/api/tasks?overdue=true")).Items());
        app.Clock.Set(app.Clock.Now + Duration.FromMinutes(25));
        var late = Assert.Single((await app.GetAsync("/api/tasks?overdue=true")).Items());
        Assert.True(late.GetProperty("overdue").GetBoolean());
        Assert.Single((await app.GetAsync("/api/tasks?owner=luis&unclaimed=true&kind=callback")).Items());
        var one = await app.GetAsync($"/api/tasks/{late.Text("id")}");
        Assert.Equal("open", one.Json.Text("state"));

        Assert.Equal(HttpStatusCode.OK, (await app.PutAsync($"/api/tasks/{late.Text("id")}/completion", new { outcome = "spoke" })).Status);
        Assert.Single((await app.GetAsync("/api/tasks")).Items());
        Assert.Equal("spoke", Assert.Single((await app.GetAsync("/api/tasks?state=closed")).Items()).Text("outcome"));
    }
}
