using System.Net;
using System.Text.Json.Nodes;
using LeadLedger.Businesses;
using LeadLedger.EventStore.Verification;
using LeadLedger.Leads;
using LeadLedger.Merging;
using LeadLedger.Tests.Support;
using NodaTime;

namespace LeadLedger.Tests.Merging;

public sealed class UnmergeLeadsTests(TestPostgres postgres)
{
    private const string First = "+12145557001";
    private const string Second = "+12145557002";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Requirement", "BF-02")]
    [Trait("Requirement", "MRG-18")]
    public async Task Merging_and_separating_again_is_the_identity_on_both_views_and_on_the_contact_points()
    {
        await using var app = await TestApp.StartAsync(postgres);
        var (survivor, other) = await TwoAsync(app);
        await app.Twilio.SmsAsync(Second, "STOP", optOutType: "STOP");
        await app.Forms.WebsiteAsync("Ann Poe", Second, "ann@example.com", "gutter");
        await app.Forms.WebsiteAsync("Jon Smith", Second, "jon@example.com", "still the roof");
        await app.AdvanceAsync(Duration.FromSeconds(30));
        var (views, points) = (await ViewsAsync(app), await PointsAsync(app));

        await MergeAsync(app, survivor, other);
        Assert.NotEqual(points, await PointsAsync(app));
        var separated = await UnmergeAsync(app, survivor, other);

        Assert.Equal(HttpStatusCode.OK, separated.Status);
        Assert.Equal(views, await ViewsAsync(app));
        Assert.Equal(points, await PointsAsync(app));
        Assert.Equal(HttpStatusCode.OK, (await app.GetAsync($"/api/leads/{other}")).Status);
        Assert.Empty(separated.Json.GetProperty("absorbed").EnumerateArray());
        Assert.Equal(3, (await app.GetAsync("/api/tasks")).Items().Count);
        await SoundAsync(app);
    }

    [Fact]
    [Trait("Requirement", "BF-02")]
    public async Task What_came_while_they_were_merged_follows_its_contact_point_with_its_text_task_and_history()
    {
        await using var app = await TestApp.StartAsync(postgres);
        var (survivor, other) = await TwoAsync(app);
        await MergeAsync(app, survivor, other);
        await app.ActAsync(survivor, session => session.NoteOnTask("ring the back door"));
        app.Clock.Set(app.Clock.Now + Duration.FromHours(5));
        await app.Twilio.MissedCallAsync(new TestCall(Second));
        app.Clock.Set(app.Clock.Now + Duration.FromMinutes(1));
        await app.Twilio.MissedCallAsync(new TestCall(First));
        await app.AdvanceAsync(Duration.FromSeconds(30));
        var text = app.Texts.To(Second)[^1];
        await app.Twilio.SmsStatusAsync(text, "sent");
        Assert.Equal(4, (await app.LeadAsync(survivor)).InquiryCount);

        var preview = (await app.GetAsync($"/api/leads/{survivor}/unmergers/{other}")).Json;
        Assert.Equal(["other", "survivor"], preview.GetProperty("inquiries").EnumerateArray().Select(i => i.Text("goesTo")));
        Assert.Contains(Second, preview.GetProperty("inquiries")[0].Text("why"), StringComparison.Ordinal);
        Assert.Equal(2, preview.GetProperty("other").GetProperty("inquiryCount").GetInt32());
        Assert.Equal(HttpStatusCode.OK, (await UnmergeAsync(app, survivor, other)).Status);

        var (mine, its) = (await app.LeadAsync(survivor), await app.LeadAsync(other));
        Assert.Equal((2, 2), (mine.InquiryCount, its.InquiryCount));
        Assert.Equal([First], mine.ContactPoints.Select(point => point.Value));
        Assert.Null(mine.Name);
        Assert.True(mine.HasOpenTask && its.HasOpenTask);
        Assert.Equal((2, 2), (mine.Task!.InquiryCount, its.Task!.InquiryCount));
        Assert.Equal(("needs_callback", Second), (its.Status, its.Task.Number));
        Assert.All(mine.Messages, message => Assert.Equal(First, message.To));
        Assert.Equal("sent", its.Messages[0].State);
        Assert.True(its.LastInquiryAt > app.Clock.Now - Duration.FromMinutes(3));
        Assert.Equal(2, (await app.GetAsync("/api/tasks")).Items().Count);

        await app.Twilio.SmsStatusAsync(text, "delivered");
        Assert.Equal("delivered", (await app.LeadAsync(other)).Messages[0].State);
        Assert.DoesNotContain((await app.LeadAsync(survivor)).Messages, message => message.To == Second);
        var history = await app.GetAsync($"/api/leads/{other}/history?limit=200");
        Assert.True(history.Json.GetProperty("verified").GetBoolean());
        Assert.Contains(history.Items(), item => item.Text("type") == "call_missed" && item.GetProperty("streamId").GetGuid() == survivor);
        Assert.DoesNotContain(history.Items(), item => item.GetProperty("streamId").GetGuid() == survivor && item.Text("type") == "lead_absorbed");
        Assert.Contains((await app.GetAsync($"/api/leads/{other}/decisions")).Items(), item =>
            item.GetRawText().Contains(its.Inquiries[0].Id.ToString(), StringComparison.Ordinal));
        var pages = new List<string>();
        for (var after = "0"; after is not null;)
        {
            var page = await app.GetAsync($"/api/leads/{other}/history?limit=4&after={after}");
            Assert.True(page.Json.GetProperty("verified").GetBoolean());
            pages.AddRange(page.Items().Select(item => item.Text("hash")!));
            after = page.Json.Text("next");
        }

        Assert.Equal(history.Items().Select(item => item.Text("hash")!), pages);
        app.Clock.Set(app.Clock.Now + Duration.FromHours(5));
        await app.Twilio.MissedCallAsync(new TestCall(Second));
        Assert.Equal(3, (await app.LeadAsync(other)).InquiryCount);
        await SoundAsync(app);
    }

    [Fact]
    [Trait("Requirement", "BF-02")]
    public async Task An_inquiry_that_both_could_have_sent_stays_and_a_person_picks()
    {
        await using var app = await TestApp.StartAsync(postgres);
        await app.Forms.WebsiteAsync("Jon Smith", First, "jon@example.com", "roof");
        app.Clock.Set(app.Clock.Now + Duration.FromMinutes(1));
        await app.Forms.WebsiteAsync("Ann Poe", First, "ann@example.com", "gutter");
        await app.AdvanceAsync(Duration.FromSeconds(30));
        var leads = await app.LeadsAsync();
        var (survivor, other) = (leads.Single(lead => lead.Name == "Jon Smith").Id, leads.Single(lead => lead.Name == "Ann Poe").Id);
        await MergeAsync(app, survivor, other);
        await app.Twilio.MissedCallAsync(new TestCall(First));
        var task = (await app.LeadAsync(survivor)).Task!.Id;

        var preview = (await app.GetAsync($"/api/leads/{survivor}/unmergers/{other}")).Json;
        Assert.Equal("pick", preview.GetProperty("inquiries")[0].Text("goesTo"));
        await UnmergeAsync(app, survivor, other);

        var mine = await app.LeadAsync(survivor);
        Assert.Equal((task, "pick", "high"), (mine.Task!.Id, mine.Task.Kind, mine.Task.Priority));
        Assert.Equal([survivor, other], mine.Task.Candidates);
        Assert.Contains("Pick whose it was", mine.Task.Note, StringComparison.Ordinal);
        Assert.Equal((2, 1), (mine.InquiryCount, (await app.LeadAsync(other)).InquiryCount));
        await SoundAsync(app);
    }

    [Theory]
    [Trait("Requirement", "BF-02")]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public async Task Stop_on_either_side_blocks_both_while_merged_and_only_its_own_number_after(bool survivorStops, bool beforeMerge)
    {
        await using var app = await TestApp.StartAsync(postgres);
        var (survivor, other) = await TwoAsync(app);
        var (stopped, free) = survivorStops ? (First, Second) : (Second, First);
        if (beforeMerge)
        {
            await app.Twilio.SmsAsync(stopped, "STOP", optOutType: "STOP");
        }

        await MergeAsync(app, survivor, other);
        if (!beforeMerge)
        {
            await app.Twilio.SmsAsync(stopped, "STOP", optOutType: "STOP");
        }

        var seen = app.Texts.Requests.Count;
        await CallAsync(app, First);
        await CallAsync(app, Second);
        Assert.Empty(Texts(app, seen));
        Assert.True((await app.LeadAsync(survivor)).OptedOut);

        await UnmergeAsync(app, survivor, other);
        await CallAsync(app, First);
        await CallAsync(app, Second);
        Assert.Equal([free], Texts(app, seen));
        Assert.Equal((survivorStops, !survivorStops), ((await app.LeadAsync(survivor)).OptedOut, (await app.LeadAsync(other)).OptedOut));
        await SoundAsync(app);
    }

    [Fact]
    public async Task A_stop_between_request_and_sending_withholds_the_text_of_the_merged_lead()
    {
        await using var app = await TestApp.StartAsync(postgres);
        await app.Twilio.MissedCallAsync(new TestCall(First));
        await app.Twilio.MissedCallAsync(new TestCall(Second));
        var (survivor, other) = ((await app.LeadOfAsync(First)).Id, (await app.LeadOfAsync(Second)).Id);
        await MergeAsync(app, survivor, other);
        await app.Twilio.SmsAsync(First, "STOP", optOutType: "STOP");
        await app.AdvanceAsync(Duration.FromMinutes(1));
        Assert.Empty(Texts(app, 0));
        Assert.Equal("withheld", Assert.Single((await app.LeadAsync(other)).Messages).State);
    }

    [Fact]
    public async Task A_text_that_was_waiting_goes_on_for_the_lead_it_belongs_to_and_goes_out_once()
    {
        await using var app = await TestApp.StartAsync(postgres);
        var (survivor, other) = await TwoAsync(app);
        await MergeAsync(app, survivor, other);
        app.Clock.Set(app.Clock.Now + Duration.FromHours(5));
        await app.RunDueAsync();
        var seen = app.Texts.Requests.Count;
        await app.Twilio.MissedCallAsync(new TestCall(Second));
        var preview = (await app.GetAsync($"/api/leads/{survivor}/unmergers/{other}")).Json;
        Assert.Equal(Second, Assert.Single(preview.GetProperty("texts").EnumerateArray()).Text("to"));
        await UnmergeAsync(app, survivor, other);
        await app.AdvanceAsync(Duration.FromMinutes(5));

        Assert.Equal([Second], Texts(app, seen));
        var its = await app.LeadAsync(other);
        Assert.Equal("accepted", its.Messages[0].State);
        Assert.Single(await app.FactsAsync<SmsAccepted>(other), fact => fact.Message == its.Messages[0].Id);
        Assert.All((await app.LeadAsync(survivor)).Alerts.Concat(its.Alerts), alert => Assert.Equal("sent", alert.State));
        await SoundAsync(app);
    }

    [Fact]
    public async Task A_task_that_moved_over_moves_back_and_one_closed_for_both_is_open_again_with_a_note()
    {
        await using var app = await TestApp.StartAsync(postgres);
        var (survivor, other) = await TwoAsync(app);
        var due = (await app.LeadAsync(other)).Task!.DueAt;
        await app.PutAsync($"/api/tasks/{(await app.LeadAsync(survivor)).Task!.Id}/completion", new { outcome = "spoke" });
        await MergeAsync(app, survivor, other);
        var moved = (await app.LeadAsync(survivor)).Task!.Id;
        await app.PutAsync($"/api/tasks/{moved}/claim", new { by = "luis" });
        await UnmergeAsync(app, survivor, other);
        var its = await app.LeadAsync(other);
        Assert.Equal((due, "luis"), (its.Task!.DueAt, its.Task.ClaimedBy));
        Assert.False((await app.LeadAsync(survivor)).HasOpenTask);
        Assert.Single((await app.GetAsync("/api/tasks")).Items());

        await app.Twilio.MissedCallAsync(new TestCall(First));
        await MergeAsync(app, survivor, other);
        await app.PutAsync($"/api/tasks/{(await app.LeadAsync(survivor)).Task!.Id}/completion", new { outcome = "spoke" });
        await UnmergeAsync(app, survivor, other);
        its = await app.LeadAsync(other);
        Assert.True(its.HasOpenTask);
        Assert.Contains("See whether this person was called", its.Task!.Note, StringComparison.Ordinal);
        Assert.False((await app.LeadAsync(survivor)).HasOpenTask);
        Assert.Equal("luis", its.Task.ClaimedBy);
        Assert.Contains(await app.OutboxAsync("escalate_task"), line => line.Lead == other && line.EffectKey.Contains($"{its.Task.Id:N}", StringComparison.Ordinal));
        await SoundAsync(app);
    }

    [Fact]
    public async Task What_is_not_merged_is_refused_with_what_is_and_nothing_is_written()
    {
        await using var app = await TestApp.StartAsync(postgres);
        var (survivor, other) = await TwoAsync(app);
        await app.Twilio.MissedCallAsync(new TestCall("+12145557003"));
        var third = (await app.LeadOfAsync("+12145557003")).Id;
        var path = $"/api/leads/{survivor}/unmergers";
        Assert.Equal(HttpStatusCode.Conflict, (await UnmergeAsync(app, survivor, other)).Status);
        await MergeAsync(app, survivor, other);
        var events = await app.CountAsync("mt_events");
        var refused = await UnmergeAsync(app, survivor, third);
        Assert.Equal(HttpStatusCode.Conflict, refused.Status);
        Assert.Contains(other.ToString(), refused.Json.Text("detail"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Conflict, (await app.GetAsync($"{path}/{third}")).Status);
        Assert.Equal(HttpStatusCode.Conflict, (await UnmergeAsync(app, survivor, Guid.Empty)).Status);
        Assert.Equal(HttpStatusCode.Gone, (await UnmergeAsync(app, other, survivor)).Status);
        Assert.Equal(HttpStatusCode.Gone, (await app.GetAsync($"/api/leads/{other}/unmergers/{survivor}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await UnmergeAsync(app, Guid.Empty, other)).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await app.PostAsync(path, new { other = "x" })).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await app.GetAsync($"{path}/x")).Status);
        Assert.Equal(events, await app.CountAsync("mt_events"));

        // From the outside in: what stands inside a lead that went away is separated when that lead is back.
        await MergeAsync(app, third, survivor);
        Assert.Equal(HttpStatusCode.Gone, (await UnmergeAsync(app, survivor, other)).Status);
        var nested = await UnmergeAsync(app, third, other);
        Assert.Contains(survivor.ToString(), nested.Json.Text("detail"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await UnmergeAsync(app, third, survivor)).Status);
        Assert.Equal(HttpStatusCode.OK, (await UnmergeAsync(app, survivor, other)).Status);
        Assert.Equal(3, (await app.LeadsAsync()).Count(lead => lead.MergedInto is null && lead.Absorbed.IsEmpty));
        await SoundAsync(app);
    }

    [Fact]
    public async Task Calls_and_separations_at_the_same_moment_lose_nothing()
    {
        await using var app = await TestApp.StartAsync(postgres);
        var (survivor, other) = await TwoAsync(app);
        for (var round = 1; round <= 4; round++)
        {
            await MergeAsync(app, survivor, other);
            var calls = Enumerable.Range(0, 6).Select(i => app.Twilio.MissedCallAsync(new TestCall(i % 2 == 0 ? First : Second)));
            var separations = Enumerable.Range(0, 3).Select(_ => UnmergeAsync(app, survivor, other));
            var all = await Task.WhenAll(calls.Concat(separations));
            Assert.All(all.Take(6), reply => Assert.True((int)reply.Status < 300));
            Assert.Single(all.Skip(6), reply => reply.Status == HttpStatusCode.OK);
            var (mine, its) = (await app.LeadAsync(survivor), await app.LeadAsync(other));
            Assert.Equal((1 + (3 * round), 1 + (3 * round)), (mine.InquiryCount, its.InquiryCount));
            Assert.True(mine.HasOpenTask && its.HasOpenTask);
        }

        await app.AdvanceAsync(Duration.FromMinutes(10));
        await SoundAsync(app);
    }

    [Fact]
    public async Task The_preview_is_what_then_happens_and_other_systems_are_told_again()
    {
        await using var app = await TestApp.StartAsync(postgres, TestBusiness.WithCrm());
        var (survivor, other) = await TwoAsync(app);
        await MergeAsync(app, survivor, other);
        await app.AdvanceAsync(Duration.FromMinutes(1));
        var businesses = (BusinessDirectory)app.Services.GetService(typeof(BusinessDirectory))!;
        var before = await app.CountAsync("mt_events");
        var answer = await UnmergeLeads.PreviewAsync(app.Ledger, businesses.Find("northside")!, survivor, other, app.Clock.Now, Ct);
        Assert.Equal(before, await app.CountAsync("mt_events"));
        Assert.False(answer.Preview!.NeedsPick);
        await UnmergeAsync(app, survivor, other);
        foreach (var (expected, id) in new[] { (answer.Preview.Survivor, survivor), (answer.Preview.Other, other) })
        {
            var lead = await app.LeadAsync(id);
            Assert.Equal(expected.ContactPoints, lead.ContactPoints);
            Assert.Equal((expected.Name, expected.Owner, expected.InquiryCount), (lead.Name, lead.Owner, lead.InquiryCount));
            Assert.Equal(expected.Task?.DueAt, lead.Task?.DueAt);
        }

        await app.AdvanceAsync(Duration.FromMinutes(1));
        var mirrored = (await app.OutboxAsync("mirror_lead")).Where(line => line.State == "done").Select(line => line.EffectKey).ToArray();
        foreach (var id in (Guid[])[survivor, other])
        {
            Assert.Contains($"crm:jobs:{id:N}:{(await app.HistoryAsync(id)).Last(e => e.Data is LeadSeparated or LeadRestored).Version}", mirrored);
        }

        Assert.Contains("separated", (await app.GetAsync($"/api/leads/{other}/history?limit=200")).Items()
            .Single(item => item.Text("type") == "lead_restored").Text("sentence"), StringComparison.Ordinal);
    }

    internal static Task<WebReply> UnmergeAsync(TestApp app, Guid survivor, Guid other) =>
        app.PostAsync($"/api/leads/{survivor}/unmergers", new { other, reason = "two people" });

    internal static async Task MergeAsync(TestApp app, Guid survivor, Guid other) =>
        Assert.Equal(HttpStatusCode.OK, (await app.PostAsync($"/api/leads/{survivor}/mergers", new { other })).Status);

    internal static async Task SoundAsync(TestApp app)
    {
        var report = await new LedgerVerifier(app.Database, LeadStreams.Model).VerifyAsync(VerificationScope.Everything, cancellation: Ct);
        Assert.Empty(report.Problems);
        var (views, points) = (await RawViewsAsync(app), await PointsAsync(app));
        await new Rebuilder(app.Database, LeadStreams.Model).RebuildAsync(cancellation: Ct);
        Assert.Equal(views, await RawViewsAsync(app));
        Assert.Equal(points, await PointsAsync(app));
    }

    private static async Task CallAsync(TestApp app, string number)
    {
        app.Clock.Set(app.Clock.Now + Duration.FromHours(5));
        if (app.Clock.Now.InZone(DateTimeZoneProviders.Tzdb["America/Chicago"]).Hour is < 9 or > 16)
        {
            app.Clock.Set(app.Clock.Now + Duration.FromHours(18));
        }

        await app.RunDueAsync();
        await app.Twilio.MissedCallAsync(new TestCall(number));
        await app.AdvanceAsync(Duration.FromMinutes(2));
    }

    // To the two people, not to staff.
    private static IReadOnlyList<string> Texts(TestApp app, int seen) =>
        [.. app.Texts.Requests.Skip(seen).Select(text => text.To).Where(to => to is First or Second)];

    private static async Task<(Guid Survivor, Guid Other)> TwoAsync(TestApp app)
    {
        await app.Twilio.MissedCallAsync(new TestCall(First));
        app.Clock.Set(app.Clock.Now + Duration.FromMinutes(1));
        await app.Forms.WebsiteAsync("Jon Smith", Second, "jon@example.com", "roof");
        await app.AdvanceAsync(Duration.FromSeconds(30));
        var leads = await app.LeadsAsync();
        return (leads.Single(lead => lead.Phone == First).Id, leads.Single(lead => lead.Phone == Second).Id);
    }

    private static async Task<IReadOnlyList<string>> RawViewsAsync(TestApp app) => await ListAsync(app, "select data::text from mt_doc_leadview order by id");

    // Apart from the stream's own place and the id of a task that was opened again.
    private static async Task<IReadOnlyList<string>> ViewsAsync(TestApp app) =>
    [
        .. (await RawViewsAsync(app)).Select(text =>
        {
            var view = JsonNode.Parse(text)!.AsObject();
            foreach (var name in (string[])["version", "head", "updatedAt"])
            {
                view.Remove(name);
            }

            (view["task"] as JsonObject)?.Remove("id");
            return view.ToJsonString();
        }),
    ];

    private static Task<IReadOnlyList<string>> PointsAsync(TestApp app) =>
        ListAsync(app, "select concat_ws(' ', kind, value, data::text, streams::text) from contact_point where kind in ('phone', 'email') order by kind, value");

    private static async Task<IReadOnlyList<string>> ListAsync(TestApp app, string sql)
    {
        await using var command = app.Database.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync(Ct);
        var list = new List<string>();
        while (await reader.ReadAsync(Ct))
        {
            list.Add(reader.GetString(0));
        }

        return list;
    }
}
