using System.Net;
using System.Text.RegularExpressions;
using LeadLedger.Staff.Accounts;
using LeadLedger.Staff.Frame;
using LeadLedger.Staff.Pages;
using LeadLedger.Tests.Support;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;

namespace LeadLedger.Tests.Staff;

/// <summary>Two businesses in one service: nobody of one sees or changes anything of the other, and who belongs to both chooses.</summary>
public sealed partial class SeveralBusinessesTests(TestPostgres postgres)
{
    private const string Customer = "+12145557801";

    /// <summary>What only the people of Northside may read.</summary>
    private static readonly string[] Secrets = ["Wilhelmina", "Oddname", "5557801", "555-7801", "wilhelmina@", "attic hatch", "hard of hearing", "same odd voice"];

    [Fact]
    [Trait("Requirement", "SCR-22")]
    public async Task Somebody_of_one_business_sees_nothing_of_the_other_on_any_page()
    {
        await using var app = await StartAsync();
        var (ids, merged) = await FillNorthsideAsync(app);
        using var stranger = await StaffBrowser.SignInAsync(app, "mia", StaffUser.Owner, "lakeside");
        var opened = 0;
        foreach (var route in Routes(app, "GET").Where(route => route != "/live"))
        {
            foreach (var id in route.Contains('{', StringComparison.Ordinal) ? ids : [""])
            {
                var path = Filled(route, id, merged);
                var page = await stranger.GetAsync(path);
                Assert.True(id.Length == 0 ? page.Status == HttpStatusCode.OK : (int)page.Status is >= 400 and < 500, $"{path} answers a stranger {page.Status}");
                AssertNothingOfNorthside(page, ids);
                opened++;
            }
        }

        string[] asked =
        [
            .. LeadList.Each.SelectMany(list => new[] { $"/leads?view={list.Id}", $"/leads/export?view={list.Id}" }), "/audit?sample=50", "/audit?actor=staff:dana",
            .. ids.Select(id => $"/audit?lead={id}"), "/outbox?state=parked", "/outbox?kind=send_sms", "/?who=mine",
        ];
        foreach (var path in asked)
        {
            var page = await stranger.GetAsync(path);
            Assert.Equal(HttpStatusCode.OK, page.Status);
            AssertNothingOfNorthside(page, ids);
            Assert.Equal(HttpStatusCode.NotFound, (await stranger.GetAsync($"{path}{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}business=northside")).Status);
        }

        Assert.True(opened > 60, $"only {opened} pages were opened");
        (await stranger.PostAsync("/leads/search", ("q", "Wilhel"))).SaysNot("Wilhelmina");
        (await stranger.PostAsync("/consent", ("value", Customer))).Says("Nothing is recorded about it");
    }

    [Fact]
    [Trait("Requirement", "SCR-22")]
    public async Task Nothing_that_somebody_of_one_business_presses_changes_the_other()
    {
        await using var app = await StartAsync();
        var (ids, merged) = await FillNorthsideAsync(app);
        using var stranger = await StaffBrowser.SignInAsync(app, "mia", StaffUser.Owner, "lakeside");
        var before = await NorthsideAsync(app);
        var pressed = 0;
        foreach (var route in Routes(app, "POST").Where(route => route != "/sign-out"))
        {
            foreach (var id in ids)
            {
                (string, string)[] fields =
                [
                    ("lead", id), ("task", id), ("other", merged), ("reason", "because"), ("value", Customer), ("in", "northside"), ("target", "northside|text"),
                    ("text", "words"), ("outcome", "spoke"), ("owner", "luis"), ("by", "dana"), ("on", "2026-11-17"), ("said", "words"), ("how", "by phone"),
                    ("purpose", "marketing"), ("state", "granted"), ("evidence", "words"), ("optOut", "yes"), ("confirmed", "yes"), ("note", "words"),
                    ("kind", "alert_email"), ("login", "zed"), ("name", "Zed"), ("role", "staff"), ("business", "northside"), ("format", "csv"), ("q", "Wilhel"),
                ];
                var page = await stranger.PostAsync(Filled(route, id, merged), fields);
                Assert.True((int)page.Status < 500, $"{route} answered {page.Status}");
                page.SaysNot("Wilhelmina", "Oddname", "attic hatch");
                pressed++;
            }
        }

        Assert.True(pressed > 100, $"only {pressed} buttons were pressed");
        Assert.Equal(before, await NorthsideAsync(app));
    }

    [Fact]
    [Trait("Requirement", "SCR-22")]
    public async Task Who_belongs_to_both_chooses_one_and_every_way_on_from_there_keeps_it()
    {
        await using var app = await StartAsync();
        var (ids, _) = await FillNorthsideAsync(app);
        await app.Twilio.MissedCallAsync(new TestCall("+12145557811", "+12145550200"));
        var lead = Assert.Single(await app.LeadsAsync("lakeside"));
        using var boss = await StaffBrowser.SignInAsync(app, "boss", StaffUser.Owner, business: null);
        var both = await boss.GetAsync("/leads");
        Assert.Contains($"/leads/{ids[0]}", both.Html, StringComparison.Ordinal);
        Assert.Contains($"/leads/{lead.Id}", both.Html, StringComparison.Ordinal);

        string[] paths =
        [
            .. Routes(app, "GET").Where(route => !route.Contains('{', StringComparison.Ordinal) && route is not ("/live" or "/leads/export")),
            .. Routes(app, "GET").Where(route => route.StartsWith("/leads/{id}", StringComparison.Ordinal) && !route.Contains("{other}", StringComparison.Ordinal) && !route.EndsWith("json", StringComparison.Ordinal))
                .Select(route => Filled(route, lead.Id.ToString(), "")),
            $"/callbacks/{lead.Task!.Id}",
        ];
        foreach (var path in paths)
        {
            var page = await boss.GetAsync($"{path}?business=lakeside");
            Assert.True(page.Status == HttpStatusCode.OK, $"{path} answers {page.Status}");
            AssertNothingOfNorthside(page, ids, path is "/people" or "/account");
            foreach (var way in WayOn().Matches(page.Html).Select(match => WebUtility.HtmlDecode(match.Groups[1].Value)))
            {
                Assert.True(
                    way.Contains("business=lakeside", StringComparison.Ordinal) || way.StartsWith("/staff/", StringComparison.Ordinal) || way.StartsWith("/account", StringComparison.Ordinal)
                    || way == "/sign-out", $"{path} leads to {way}, where every business is in sight again");
            }
        }

        var kept = await boss.PostAsync($"/leads/{lead.Id}/note?business=lakeside", ("text", "prefers mornings"));
        Assert.Equal($"/leads/{lead.Id}?business=lakeside", kept.Location);
        Assert.Equal(HttpStatusCode.NotFound, (await boss.GetAsync("/leads?business=nowhere")).Status);
    }

    private Task<TestApp> StartAsync() => TestApp.StartAsync(postgres, TestBusiness.Northside(), TestBusiness.Lakeside());

    /// <summary>One of everything: a merge, a suggestion, a shared number, an opt-out, a note, work that was given up, and a person who looked.</summary>
    private static async Task<(string[] Ids, string Merged)> FillNorthsideAsync(TestApp app)
    {
        var first = (await app.Forms.WebsiteAsync("Wilhelmina Oddname", Customer, "wilhelmina@example.com", "Leak at the attic hatch")).Lead;
        await app.PostAsync($"/api/leads/{first}/notes", new { text = "hard of hearing" });
        var second = (await app.Forms.WebsiteAsync("Wilhelmina Oddnome", "+12145557802", "other@example.com", "attic hatch")).Lead;
        var shared = (await app.Forms.WebsiteAsync("Ottokar Oddname", Customer, "ottokar@example.com", "attic hatch")).Lead;
        await app.AdvanceAsync(Duration.FromMinutes(1));
        Assert.True((await app.PostAsync($"/api/leads/{first}/mergers", new { other = second, reason = "same odd voice" })).IsSuccess);
        await app.Twilio.MissedCallAsync(new TestCall(Customer));
        app.Mail.RecipientAnswer = 450;
        app.Texts.OnlyTo = "+12145557803";
        app.Texts.Next(TwilioMode.NothingDoneAnswerLost);
        await app.Twilio.MissedCallAsync(new TestCall("+12145557803"));
        await app.Twilio.SmsAsync("+12145557804", "STOP", optOutType: "STOP");
        await app.AdvanceAsync(Duration.FromMinutes(14));
        using var dana = await StaffBrowser.SignInAsync(app);
        await dana.GetAsync($"/leads/{first}");
        var leads = await app.LeadsAsync();
        Guid[] ids =
        [
            first, second, shared, .. leads.Select(lead => lead.Id), .. leads.Select(lead => lead.Task?.Id).OfType<Guid>(),
            .. (await app.OutboxAsync()).Where(line => line.State is "parked" or "unconfirmed").Select(line => line.Id), dana.User!.Id,
        ];
        Assert.Contains(await app.OutboxAsync(), line => line.State == "parked");
        return ([.. ids.Distinct().Select(id => id.ToString())], second.ToString());
    }

    private static void AssertNothingOfNorthside(WebPage page, string[] ids, bool showsPeople = false)
    {
        foreach (var secret in Secrets.Concat(showsPeople ? [] : ids.Where(id => !page.Path.Contains(id, StringComparison.Ordinal))))
        {
            Assert.False(page.Decoded.Contains(secret, StringComparison.Ordinal), $"{page.Path} shows {secret}");
        }
    }

    private static async Task<string> NorthsideAsync(TestApp app)
    {
        await using var command = app.Database.CreateCommand(
            """
            select jsonb_build_array(
                (select count(*) from mt_events where tenant_id = 'northside'),
                (select jsonb_agg(o.state || o.attempts order by o.id) from outbox o where o.tenant_id = 'northside'),
                (select count(*) from sending_hold where tenant_id = 'northside'),
                (select count(*) from lead_view where tenant_id = 'northside'),
                (select jsonb_agg(u.login || u.role || coalesce(u.disabled_at::text, '') order by u.id) from staff_user u where u.tenant_id is distinct from 'lakeside'))::text
            """);
        return (string)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }

    private static string[] Routes(TestApp app, string method) =>
    [
        .. app.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(route => route.Metadata.GetMetadata<PagePolicy>() is { Access: not PageAccess.Open } && route.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods.Contains(method))
            .Select(route => route.RoutePattern.RawText!),
    ];

    private static string Filled(string route, string id, string other) =>
        route.Replace("{other}", other, StringComparison.Ordinal).Replace("{work}", id, StringComparison.Ordinal).Replace("{id}", id, StringComparison.Ordinal);

    // Links, and what forms are posted to; a form that only asks carries its business in a field.
    [GeneratedRegex("(?:href=|<form[^>]*method=\"post\"[^>]*action=)\"(/[^\"]*)\"")]
    private static partial Regex WayOn();
}
