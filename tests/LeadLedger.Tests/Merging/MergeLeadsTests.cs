using System.Net;
using LeadLedger.Tests.Support;
using NodaTime;

namespace LeadLedger.Tests.Merging;

public sealed class MergeLeadsTests(TestPostgres postgres)
{
    private const string First = "+12145557001";
    private const string Second = "+12145557002";

    [Fact]
    [Trait("Requirement", "MRG-06")]
    public async Task A_merge_keeps_every_event_contact_point_inquiry_and_one_open_task()
    {
        await using var app = await TestApp.StartAsync(postgres);
        var (survivor, other) = await TwoAsync(app);
        var before = (await app.HistoryAsync(survivor)).Concat(await app.HistoryAsync(other)).Select(e => (e.Stream.Id, e.Version, e.Hash)).ToHashSet();
        var merged = await app.PostAsync($"/api/leads/{survivor}/mergers", new { other, reason = "same voice" });
        Assert.Equal(HttpStatusCode.OK, merged.Status);

        var lead = await app.LeadAsync(survivor);
        Assert.Equal(2, lead.InquiryCount);
        Assert.True(lead.HasContactPoint("phone", First) && lead.HasContactPoint("phone", Second) && lead.HasContactPoint("email", "jon@example.com"));
        Assert.True(lead.HasOpenTask);
        Assert.Equal(2, lead.Task!.InquiryCount);
        Assert.Equal("Jon Smith", lead.Name);
        Assert.Equal([other], lead.Absorbed);
        var gone = await app.LeadAsync(other);
        Assert.Equal("merged", gone.Status);
        Assert.False(gone.HasOpenTask);
        var task = Assert.Single((await app.GetAsync("/api/tasks")).Items());
        Assert.Equal(survivor, task.GetProperty("leadId").GetGuid());
        Assert.Equal([survivor], (await app.GetAsync("/api/leads")).Ids());

        var history = await app.GetAsync($"/api/leads/{survivor}/history?limit=200");
        Assert.True(history.Json.GetProperty("verified").GetBoolean());
        var shown = history.Items().Select(item => (item.GetProperty("streamId").GetGuid(), item.GetProperty("seq").GetInt64(), item.Text("hash")!)).ToHashSet();
        Assert.Superset(before, shown);
        Assert.Equal(lead.Version + gone.Version, shown.Count);
        var paged = new List<string>();
        var after = "0";
        while (after is not null)
        {
            var page = await app.GetAsync($"/api/leads/{survivor}/history?limit=5&after={after}");
            Assert.True(page.Json.GetProperty("verified").GetBoolean());
            paged.AddRange(page.Items().Select(item => item.Text("hash")!));
            after = page.Json.Text("next");
        }

        Assert.Equal(history.Items().Select(item => item.Text("hash")!), paged);
    }

    [Fact]
    public async Task The_lead_that_went_answers_410_with_the_one_that_stands_for_it_even_through_two_merges()
    {
        await using var app = await TestApp.StartAsync(postgres);
        var (survivor, other) = await TwoAsync(app);
        await app.Twilio.MissedCallAsync(new TestCall("+12145557003"));
        var last = (await app.LeadsAsync()).Single(lead => lead.Phone == "+12145557003").Id;
        await app.PostAsync($"/api/leads/{survivor}/mergers", new { other });
        await app.PostAsync($"/api/leads/{last}/mergers", new { other = survivor });
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/leads/{other}");
        request.Headers.Authorization = new("Bearer", TestApp.AdminKey);
        using var response = await app.Http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Gone, response.StatusCode);
        Assert.Equal($"/api/leads/{last}", response.Headers.Location!.ToString());
        Assert.Contains("canonical", response.Headers.GetValues("Link").Single(), StringComparison.Ordinal);
        Assert.Contains(last.ToString(), await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Gone, (await app.PostAsync($"/api/leads/{other}/notes", new { text = "x" })).Status);
        Assert.Equal(HttpStatusCode.OK, (await app.GetAsync($"/api/leads/{other}/history")).Status);
        Assert.Equal(3, (await app.GetAsync($"/api/leads/{last}/history?limit=200")).Items().Select(item => item.Text("streamId")).Distinct().Count());
        Assert.Equal(3, (await app.LeadAsync(last)).InquiryCount);
    }

    [Fact]
    public async Task The_stricter_consent_stands_and_a_later_call_joins_the_survivor()
    {
        await using var app = await TestApp.StartAsync(postgres);
        var (survivor, other) = await TwoAsync(app);
        await app.Twilio.SmsAsync(Second, "STOP", optOutType: "STOP");
        await app.PostAsync($"/api/leads/{survivor}/mergers", new { other });
        Assert.True((await app.LeadAsync(survivor)).OptedOut);
        app.Clock.Set(app.Clock.Now + Duration.FromHours(5));
        var texts = app.Texts.To(Second).Count;
        await app.Twilio.MissedCallAsync(new TestCall(Second));
        await app.AdvanceAsync(Duration.FromMinutes(5));
        Assert.Equal(texts, app.Texts.To(Second).Count);
        Assert.Equal(2, (await app.LeadsAsync()).Count);
        Assert.Contains((await app.LeadAsync(survivor)).Inquiries, inquiry => inquiry.At >= app.Clock.Now - Duration.FromMinutes(6));
    }

    [Fact]
    public async Task A_task_moves_over_when_only_the_other_had_one_open()
    {
        await using var app = await TestApp.StartAsync(postgres);
        var (survivor, other) = await TwoAsync(app);
        var due = (await app.LeadAsync(other)).Task!.DueAt;
        await app.PutAsync($"/api/tasks/{(await app.LeadAsync(survivor)).Task!.Id}/completion", new { outcome = "spoke" });
        await app.PostAsync($"/api/leads/{survivor}/mergers", new { other });
        var lead = await app.LeadAsync(survivor);
        Assert.True(lead.HasOpenTask);
        Assert.Equal(due, lead.Task!.DueAt);
        Assert.NotNull(lead.Owner ?? lead.Queue);
        Assert.Single((await app.GetAsync("/api/tasks")).Items());
    }

    [Fact]
    public async Task What_cannot_be_merged_is_refused_and_nothing_is_written()
    {
        await using var app = await TestApp.StartAsync(postgres, TestBusiness.Northside(), TestBusiness.Lakeside());
        var (survivor, other) = await TwoAsync(app);
        await app.Twilio.MissedCallAsync(new TestCall("+12145557009", "+12145550200"));
        var foreign = (await app.LeadsAsync("lakeside")).Single().Id;
        var events = await app.CountAsync("mt_events");
        Assert.Equal(HttpStatusCode.Conflict, (await app.PostAsync($"/api/leads/{survivor}/mergers", new { other = survivor })).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await app.PostAsync($"/api/leads/{survivor}/mergers", new { other = foreign })).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await app.PostAsync($"/api/leads/{survivor}/mergers", new { other = Guid.Empty })).Status);
        Assert.Equal(events, await app.CountAsync("mt_events"));
        await app.PostAsync($"/api/leads/{survivor}/mergers", new { other });
        events = await app.CountAsync("mt_events");
        Assert.Equal(HttpStatusCode.Conflict, (await app.PostAsync($"/api/leads/{survivor}/mergers", new { other })).Status);
        Assert.Equal(HttpStatusCode.Gone, (await app.PostAsync($"/api/leads/{other}/mergers", new { other = survivor })).Status);
        Assert.Equal(events, await app.CountAsync("mt_events"));
    }

    [Fact]
    public async Task Two_merges_in_opposite_directions_at_once_leave_one_lead()
    {
        await using var app = await TestApp.StartAsync(postgres);
        var (survivor, other) = await TwoAsync(app);
        var replies = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => i % 2 == 0
            ? app.PostAsync($"/api/leads/{survivor}/mergers", new { other })
            : app.PostAsync($"/api/leads/{other}/mergers", new { other = survivor })));
        Assert.Single(replies, reply => reply.Status == HttpStatusCode.OK);
        Assert.Single(await app.LeadsAsync(), lead => lead.MergedInto is null);
    }

    private static async Task<(Guid Survivor, Guid Other)> TwoAsync(TestApp app)
    {
        await app.Twilio.MissedCallAsync(new TestCall(First));
        app.Clock.Set(app.Clock.Now + Duration.FromMinutes(1));
        await app.Forms.WebsiteAsync("Jon Smith", Second, "jon@example.com", "roof");
        await app.AdvanceAsync(Duration.FromSeconds(30));
        var leads = await app.LeadsAsync();
        return (leads.Single(lead => lead.Phone == First).Id, leads.Single(lead => lead.Phone == Second).Id);
    }
}
