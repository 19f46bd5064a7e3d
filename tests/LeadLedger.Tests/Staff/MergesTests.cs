using System.Net;
using System.Text.Json;
using LeadLedger.EventStore.Outbox;
using LeadLedger.Leads;
using LeadLedger.Merging;
using LeadLedger.Sending;
using LeadLedger.Staff.Accounts;
using LeadLedger.Tests.Support;
using NodaTime;

namespace LeadLedger.Tests.Staff;

public sealed class MergesTests(TestPostgres postgres)
{
    private const string First = "+12145557301";
    private const string Second = "+12145557302";

    [Fact]
    [Trait("Requirement", "SCR-09")]
    public async Task A_pair_stands_side_by_side_with_what_speaks_for_and_against_it_and_merges_the_way_that_is_pressed()
    {
        await using var app = await TestApp.StartAsync(postgres);
        var (first, second) = await PairAsync(app);
        await app.Twilio.SmsAsync(Second, "STOP", optOutType: "STOP");
        using var dana = await StaffBrowser.SignInAsync(app);
        var page = await dana.GetAsync("/merges");
        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.Contains("Jonathan Smith", page.Decoded, StringComparison.Ordinal);
        Assert.Contains("Jonathan Smyth", page.Decoded, StringComparison.Ordinal);
        Assert.Contains("similar name", page.Decoded, StringComparison.Ordinal);
        Assert.Contains("different numbers", page.Decoded, StringComparison.Ordinal);
        Assert.Contains("The opt-out carries over", page.Decoded, StringComparison.Ordinal);
        Assert.Contains("one remains, and stands for both", page.Decoded, StringComparison.Ordinal);

        var pressed = await dana.PostAsync($"/merges/{first}/merge", ("other", second.ToString()), ("reason", "said so on the phone"));
        Assert.Equal((HttpStatusCode.Redirect, "/merges", false), (pressed.Status, pressed.Location, pressed.Refused));
        Assert.Equal(first, (await app.LeadAsync(second)).MergedInto);
        Assert.Equal("said so on the phone", Assert.Single(await app.FactsAsync<LeadAbsorbed>(first)).Reason);
        Assert.Equal("staff:dana", (await app.HistoryAsync(second))[^1].Actor);
        Assert.Contains("No pair waits", (await dana.GetAsync("/merges")).Decoded, StringComparison.Ordinal);
        Assert.True((await dana.PostAsync($"/merges/{first}/merge", ("other", second.ToString()), ("reason", "again"))).Refused);
    }

    [Fact]
    [Trait("Requirement", "SCR-09")]
    public async Task A_pair_that_was_rejected_is_gone_on_both_sides_and_is_not_suggested_again()
    {
        await using var app = await TestApp.StartAsync(postgres);
        var (first, second) = await PairAsync(app);
        using var dana = await StaffBrowser.SignInAsync(app);
        Assert.False((await dana.PostAsync($"/merges/{first}/reject", ("other", second.ToString()), ("reason", "father and son"))).Refused);
        Assert.Empty((await app.LeadAsync(second)).MergeSuggestions);
        Assert.Equal("father and son", Assert.Single(await app.FactsAsync<MergeSuggestionRejected>(first)).Reason);
        Assert.Equal(first, Assert.Single(await app.FactsAsync<MergeSuggestionRejected>(second)).Other);
        Assert.Contains("No pair waits", (await dana.GetAsync("/merges")).Decoded, StringComparison.Ordinal);

        foreach (var (lead, name) in new[] { (first, "Jonathan Smith"), (second, "Jonathan Smyth") })
        {
            await app.ActAsync(lead, session => session.Unit.Enqueue(session.Business.Id, session.Key, new OutboxMessage
            {
                Kind = WorkKinds.SuggestMerges,
                EffectKey = $"suggest:{lead:N}:again",
                DueAt = session.Now,
                Body = JsonSerializer.SerializeToUtf8Bytes(new SuggestMerges(name), LedgerJsonContext.Default.SuggestMerges),
            }));
        }

        await app.RunDueAsync();
        Assert.All(await app.OutboxAsync(WorkKinds.SuggestMerges), line => Assert.Equal(OutboxStates.Done, line.State));
        Assert.Empty((await app.LeadAsync(first)).MergeSuggestions);
        Assert.Empty((await app.LeadAsync(second)).MergeSuggestions);
        Assert.Contains("says that lead", (await app.GetAsync($"/api/leads/{first}/history?limit=200")).Items()[^1].Text("sentence"), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Requirement", "SCR-09")]
    public async Task A_pair_that_is_decided_later_comes_back_tomorrow()
    {
        await using var app = await TestApp.StartAsync(postgres);
        var (first, second) = await PairAsync(app);
        using var dana = await StaffBrowser.SignInAsync(app);
        Assert.False((await dana.PostAsync($"/merges/{first}/later", ("other", second.ToString()))).Refused);
        var page = (await dana.GetAsync("/merges")).Decoded;
        Assert.DoesNotContain("Jonathan Smyth", page, StringComparison.Ordinal);
        Assert.Contains("put off", page, StringComparison.Ordinal);
        app.Clock.Set(app.Clock.Now + Duration.FromHours(11));
        Assert.DoesNotContain("Jonathan Smyth", (await dana.GetAsync("/merges")).Decoded, StringComparison.Ordinal);
        app.Clock.Set(app.Clock.Now + Duration.FromHours(11));
        await dana.GetAsync("/merges");
        app.Clock.Set(app.Clock.Now + Duration.FromHours(3));
        Assert.Contains("Jonathan Smyth", (await dana.GetAsync("/merges")).Decoded, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Requirement", "SCR-09")]
    public async Task An_auditor_sees_the_pair_masked_and_changes_nothing()
    {
        await using var app = await TestApp.StartAsync(postgres);
        var (first, second) = await PairAsync(app);
        using var auditor = await StaffBrowser.SignInAsync(app, "ann", StaffUser.Auditor);
        var page = (await auditor.GetAsync("/merges")).Decoded;
        Assert.Contains("similar name", page, StringComparison.Ordinal);
        foreach (var personal in new[] { "Smyth", "Smith", First, "557301", "jon@example.com" })
        {
            Assert.DoesNotContain(personal, page, StringComparison.Ordinal);
        }

        foreach (var press in new[] { "merge", "reject", "later" })
        {
            Assert.DoesNotContain($"/{press}\"", page, StringComparison.Ordinal);
            Assert.Equal(HttpStatusCode.Forbidden, (await auditor.PostAsync($"/merges/{first}/{press}", ("other", second.ToString()), ("reason", "x"))).Status);
        }

        Assert.Null((await app.LeadAsync(second)).MergedInto);
        Assert.Empty(await app.FactsAsync<MergeSuggestionRejected>(first));
    }

    [Fact]
    [Trait("Requirement", "SCR-10")]
    public async Task The_tree_shows_every_merge_below_the_one_that_it_went_into()
    {
        await using var app = await TestApp.StartAsync(postgres);
        var (first, second) = await PairAsync(app);
        await app.Twilio.MissedCallAsync(new TestCall("+12145557303"));
        var last = (await app.LeadOfAsync("+12145557303")).Id;
        await app.PostAsync($"/api/leads/{first}/mergers", new { other = second, reason = "same voice" });
        await app.PostAsync($"/api/leads/{last}/mergers", new { other = first, reason = "same house" });
        using var dana = await StaffBrowser.SignInAsync(app);
        var page = (await dana.GetAsync($"/leads/{last}/merges")).Decoded;
        Assert.Contains("same house", page, StringComparison.Ordinal);
        Assert.True(page.IndexOf("same house", StringComparison.Ordinal) < page.IndexOf("same voice", StringComparison.Ordinal));
        Assert.Contains("Jonathan Smyth", page, StringComparison.Ordinal);
        Assert.Contains("Nothing was merged", (await dana.GetAsync($"/leads/{second}/merges")).Decoded, StringComparison.Ordinal);
        Assert.Contains("merged into another one", (await dana.GetAsync($"/leads/{first}/merges")).Decoded, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await dana.GetAsync($"/leads/{Guid.Empty}/merges")).Status);

        using var auditor = await StaffBrowser.SignInAsync(app, "ann", StaffUser.Auditor);
        var masked = (await auditor.GetAsync($"/leads/{last}/merges")).Decoded;
        Assert.DoesNotContain("Smyth", masked, StringComparison.Ordinal);
        Assert.DoesNotContain("same voice", masked, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Requirement", "SCR-10")]
    public async Task A_merge_is_undone_after_its_preview_and_with_a_reason()
    {
        await using var app = await TestApp.StartAsync(postgres);
        var (first, second) = await PairAsync(app);
        await app.PostAsync($"/api/leads/{first}/mergers", new { other = second, reason = "same voice" });
        using var dana = await StaffBrowser.SignInAsync(app);
        var path = $"/leads/{first}/merges/{second}/undo";
        Assert.Contains(path, (await dana.GetAsync($"/leads/{first}/merges")).Decoded, StringComparison.Ordinal);
        var preview = await dana.GetAsync(path);
        Assert.Contains("Stands for itself again", preview.Decoded, StringComparison.Ordinal);
        Assert.Contains("Jonathan Smyth", preview.Decoded, StringComparison.Ordinal);
        Assert.True((await dana.PostAsync(path, ("reason", " "))).Refused);
        Assert.Equal(first, (await app.LeadAsync(second)).MergedInto);

        using var auditor = await StaffBrowser.SignInAsync(app, "ann", StaffUser.Auditor);
        Assert.DoesNotContain("Smyth", (await auditor.GetAsync(path)).Decoded, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, (await auditor.PostAsync(path, ("reason", "x"))).Status);

        Assert.False((await dana.PostAsync(path, ("reason", "father and son"))).Refused);
        Assert.Null((await app.LeadAsync(second)).MergedInto);
        Assert.Contains("undone", (await dana.GetAsync($"/leads/{first}/merges")).Decoded, StringComparison.Ordinal);
        Assert.True((await dana.GetAsync(path)).Refused);
    }

    // The second is suggested because of its name alone.
    private static async Task<(Guid First, Guid Second)> PairAsync(TestApp app)
    {
        var first = (await app.Forms.WebsiteAsync("Jonathan Smith", First, "jon@example.com", "Roof")).Lead;
        await app.AdvanceAsync(Duration.FromMinutes(1));
        var second = (await app.Forms.WebsiteAsync("Jonathan Smyth", Second, "smyth@example.com", "Gutter")).Lead;
        await app.AdvanceAsync(Duration.FromMinutes(1));
        Assert.Equal(first, Assert.Single((await app.LeadAsync(second)).MergeSuggestions).Other);
        return (first, second);
    }
}
