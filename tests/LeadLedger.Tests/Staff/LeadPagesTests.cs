using System.Net;
using System.Text.Json;
using LeadLedger.Leads;
using LeadLedger.Staff.Accounts;
using LeadLedger.Staff.Frame;
using LeadLedger.Staff.Pages;
using LeadLedger.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;

namespace LeadLedger.Tests.Staff;

/// <summary>The pages about leads: lists, one lead, its past, its callback.</summary>
public sealed class LeadPagesTests(SharedApp shared) : IClassFixture<SharedApp>
{
    private static readonly string[] Tabs = ["", "/timeline", "/as-of", "/why", "/conversation"];

    private TestApp App => shared.App;

    [Fact]
    [Trait("Requirement", "SCR-03")]
    public async Task Each_list_shows_who_belongs_there_and_search_keeps_its_words_out_of_addresses()
    {
        var caller = People.Next();
        await App.Twilio.MissedCallAsync(new TestCall(caller));
        var lead = await App.LeadOfAsync(caller);
        using var visitor = await StaffBrowser.SignInAsync(App);
        foreach (var list in LeadList.Each)
        {
            Assert.Equal(HttpStatusCode.OK, (await visitor.GetAsync($"/leads?view={list.Id}")).Status);
        }

        Assert.Contains($"/leads/{lead.Id}", (await visitor.GetAsync("/leads?view=callback")).Html, StringComparison.Ordinal);
        Assert.DoesNotContain($"/leads/{lead.Id}", (await visitor.GetAsync("/leads?view=opted-out")).Html, StringComparison.Ordinal);
        await App.Twilio.SmsAsync(caller, "STOP");
        Assert.Contains($"/leads/{lead.Id}", (await visitor.GetAsync("/leads?view=opted-out")).Html, StringComparison.Ordinal);
        var found = await visitor.PressAsync("/leads/search", ("q", caller[^7..]));
        Assert.Equal("/leads/search", found.Path);
        Assert.Contains($"/leads/{lead.Id}", found.Html, StringComparison.Ordinal);
        Assert.Contains($"value=\"{caller[^7..]}\"", found.Html, StringComparison.Ordinal);
        (await visitor.PressAsync("/leads/search", ("q", "nobody is called this"))).Says("No lead has that");
        Assert.Equal(HttpStatusCode.NotFound, (await visitor.GetAsync("/leads?view=none")).Status);
    }

    [Fact]
    [Trait("Requirement", "SCR-03")]
    public async Task Suspected_duplicates_have_a_list_of_their_own()
    {
        var (one, other) = (People.Next(), People.Next());
        await App.Forms.WebsiteAsync("Bartholomew Quimby", one, null, "roof");
        await App.Forms.WebsiteAsync("Bartholomew Quimby", other, null, "roof again");
        await App.RunDueAsync();
        var leads = (await App.LeadsAsync()).Where(lead => lead.MergeSuggestions.Length > 0).ToArray();
        var alone = People.Next();
        await App.Twilio.MissedCallAsync(new TestCall(alone));
        using var visitor = await StaffBrowser.SignInAsync(App);
        var page = await visitor.GetAsync("/leads?view=duplicates");
        Assert.NotEmpty(leads);
        Assert.All(leads, lead => Assert.Contains($"/leads/{lead.Id}", page.Html, StringComparison.Ordinal));
        Assert.DoesNotContain($"/leads/{(await App.LeadOfAsync(alone)).Id}", page.Html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("=1+1", "\"'=1+1\"")]
    [InlineData("+12145550100", "\"'+12145550100\"")]
    [InlineData("-2", "\"'-2\"")]
    [InlineData("@x", "\"'@x\"")]
    [InlineData("\tx", "\"'\tx\"")]
    [InlineData("a \"b\", c", "\"a \"\"b\"\", c\"")]
    [InlineData("\u202e=1+1", "\"'=1+1\"")]
    [InlineData("Maria\u2067", "Maria")]
    [InlineData("Maria", "Maria")]
    [InlineData(null, "")]
    [Trait("Requirement", "SCR-03")]
    public void An_exported_field_is_never_a_formula(string? value, string written) => Assert.Equal(written, CsvField.Of(value));

    [Fact]
    [Trait("Requirement", "SCR-03")]
    public async Task The_export_holds_the_list_and_is_masked_for_auditors()
    {
        var phone = People.Next();
        await App.Forms.WebsiteAsync("=HYPERLINK(1)", phone, $"a{phone[1..]}@example.com", "gutter");
        using var visitor = await StaffBrowser.SignInAsync(App);
        using var auditor = await StaffBrowser.SignInAsync(App, "audit-export", StaffUser.Auditor);
        var whole = await visitor.GetAsync("/leads/export?view=callback");
        Assert.Contains("\"'=HYPERLINK(1)\",\"'" + phone + "\"", whole.Html, StringComparison.Ordinal);
        var masked = await auditor.GetAsync("/leads/export?view=callback");
        Assert.DoesNotContain(phone, masked.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("HYPERLINK(1)", masked.Html, StringComparison.Ordinal);
        Assert.Equal(whole.Html.Split('\n').Length, masked.Html.Split('\n').Length);
    }

    [Fact]
    [Trait("Requirement", "SCR-04")]
    public async Task A_lead_shows_whose_it_is_what_was_said_and_keeps_notes()
    {
        var phone = People.Next();
        await App.Forms.WebsiteAsync("<b>Maria</b> Lopez", phone, null, "<script>alert(1)</script> leak in the attic");
        var lead = await App.LeadOfAsync(phone);
        using var visitor = await StaffBrowser.SignInAsync(App);
        var page = await visitor.GetAsync($"/leads/{lead.Id}");
        Assert.Equal(HttpStatusCode.OK, page.Status);
        page.Says("leak in the attic", "Dana Whitfield", "Open the callback card", "Who looked at this lead");
        Assert.DoesNotContain("<script>alert", page.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>Maria", page.Html, StringComparison.Ordinal);
        (await visitor.PressAsync($"/leads/{lead.Id}/note", ("text", "prefers mornings"))).Says("The note is kept", "prefers mornings");
        (await visitor.PressAsync($"/leads/{lead.Id}/note", ("text", " "))).Says("Write a note");
        Assert.Single(await App.FactsAsync<NoteAdded>(lead.Id));
    }

    [Fact]
    [Trait("Requirement", "SCR-04")]
    public async Task A_lead_that_is_not_there_answers_404_and_one_that_was_merged_410_with_the_way_on()
    {
        var (one, other) = (People.Next(), People.Next());
        await App.Twilio.MissedCallAsync(new TestCall(one));
        await App.Twilio.MissedCallAsync(new TestCall(other));
        var (survivor, merged) = ((await App.LeadOfAsync(one)).Id, (await App.LeadOfAsync(other)).Id);
        Assert.True((await App.PostAsync($"/api/leads/{survivor}/mergers", new { other = merged, reason = "same voice" })).IsSuccess);
        using var visitor = await StaffBrowser.SignInAsync(App);
        var gone = await visitor.GetAsync($"/leads/{merged}");
        Assert.Equal(HttpStatusCode.Gone, gone.Status);
        Assert.Contains($"href=\"/leads/{survivor}\"", gone.Html, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await visitor.GetAsync($"/leads/{merged}/timeline")).Status);
        foreach (var tab in Tabs)
        {
            Assert.Equal(HttpStatusCode.NotFound, (await visitor.GetAsync($"/leads/{Guid.Empty}{tab}")).Status);
            Assert.Equal(HttpStatusCode.NotFound, (await visitor.GetAsync($"/leads/nonsense{tab}")).Status);
        }

        var timeline = await visitor.GetAsync($"/leads/{survivor}/timeline");
        Assert.Contains("from the merged lead", timeline.Text, StringComparison.Ordinal);
        timeline.Says("Chain verified");
    }

    [Fact]
    [Trait("Requirement", "SCR-05")]
    public async Task The_timeline_tells_every_event_with_its_proof_and_filters_by_kind()
    {
        var phone = People.Next();
        await App.Twilio.MissedCallAsync(new TestCall(phone));
        var lead = await App.LeadOfAsync(phone);
        var history = await App.HistoryAsync(lead.Id);
        using var visitor = await StaffBrowser.SignInAsync(App);
        var page = await visitor.GetAsync($"/leads/{lead.Id}/timeline");
        page.Says("Chain verified", $"Missed call from {phone}", "May be texted");
        Assert.All(history, recorded => Assert.Contains(recorded.Hash, page.Html, StringComparison.Ordinal));
        var inquiries = await visitor.GetAsync($"/leads/{lead.Id}/timeline?kind=inquiry");
        inquiries.Says($"Missed call from {phone}");
        inquiries.SaysNot("task_opened");
        var json = JsonDocument.Parse((await visitor.GetAsync($"/leads/{lead.Id}/timeline/json")).Html).RootElement;
        Assert.Equal(history.Count, json.GetProperty("items").GetArrayLength());
        Assert.True(json.GetProperty("verified").GetBoolean());
    }

    [Fact]
    [Trait("Requirement", "SCR-06")]
    public async Task The_time_machine_shows_the_lead_as_it_was_and_what_changed_since()
    {
        var phone = People.Next();
        await App.Twilio.MissedCallAsync(new TestCall(phone));
        var before = App.Clock.Now;
        App.Clock.Set(before + Duration.FromMinutes(5));
        var lead = await App.LeadOfAsync(phone);
        await App.PutAsync($"/api/tasks/{lead.Task!.Id}/completion", new { outcome = "no_interest" });
        var after = App.Clock.Now;
        using var visitor = await StaffBrowser.SignInAsync(App);
        var then = await visitor.GetAsync($"/leads/{lead.Id}/as-of?at={before}&with={after}");
        then.Says("What changed", "needs callback", "no interest");
        var same = await visitor.GetAsync($"/leads/{lead.Id}/as-of?at={after}&with={after}");
        same.Says("Nothing differs", "no interest");
        same.SaysNot("needs callback</bdi>");
        (await visitor.GetAsync($"/leads/{lead.Id}/as-of?at={before - Duration.FromDays(1)}")).Says("did not exist");
        (await visitor.GetAsync($"/leads/{lead.Id}/as-of?at=yesterday")).Says("no time this page can read");

        // A typed second counts whole, in the zone of the business: 10:00 there is 16:00 UTC.
        var typed = AsOf.Read("2026-11-18T10:00", DateTimeZoneProviders.Tzdb["America/Chicago"]);
        Assert.Equal(Instant.FromUtc(2026, 11, 18, 16, 0, 1) - Duration.FromNanoseconds(1000), typed);
    }

    [Fact]
    [Trait("Requirement", "SCR-07")]
    public async Task Why_lists_the_gates_in_the_order_asked_and_says_what_would_change_it()
    {
        var phone = People.Next();
        await App.Forms.WebsiteAsync("Nora Blake", phone, null, "roof", consent: false);
        var lead = await App.LeadOfAsync(phone);
        var decision = await App.DecisionAsync(lead.Id);
        using var visitor = await StaffBrowser.SignInAsync(App);
        var page = await visitor.GetAsync($"/leads/{lead.Id}/why");
        page.Says("Not texted: ", "stops it", decision.PolicyVersion, decision.Counterfactual!);
        var places = decision.Gates.Select(gate => page.Html.IndexOf($"<strong>{gate.Gate.Replace('_', ' ')}</strong>", page.Html.IndexOf($"id=\"d-{decision.Decision}\"", StringComparison.Ordinal), StringComparison.Ordinal)).ToArray();
        Assert.DoesNotContain(-1, places);
        Assert.Equal(places.Order(), places);
    }

    [Fact]
    [Trait("Requirement", "SCR-08")]
    public async Task The_conversation_shows_both_sides_and_how_far_each_text_got()
    {
        var phone = People.Next();
        await App.Twilio.SmsAsync(phone, "<img src=x> do you fix gutters?");
        var lead = await App.LeadOfAsync(phone);
        await App.RunDueAsync();
        using var visitor = await StaffBrowser.SignInAsync(App);
        var page = await visitor.GetAsync($"/leads/{lead.Id}/conversation");
        page.Says("do you fix gutters?", "taken by the provider", "1 from them, 1 from us", "Texts cannot be written here yet");
        Assert.DoesNotContain("<img", page.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("<textarea", page.Html, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Requirement", "SCR-02")]
    public async Task A_callback_is_saved_with_an_outcome_and_a_refusal_keeps_what_was_typed()
    {
        var phone = People.Next();
        await App.Forms.WebsiteAsync(null, phone, null, "hail damage on the north side");
        var lead = await App.LeadOfAsync(phone);
        var task = lead.Task!.Id;
        using var visitor = await StaffBrowser.SignInAsync(App);
        (await visitor.GetAsync($"/callbacks/{task}")).Says("hail damage on the north side", "Ask for: their name", "Take it", "Saving sends them nothing");
        var refused = await visitor.PressAsync($"/callbacks/{task}/complete", ("note", "called twice, no answer"));
        Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
        refused.Says("Say how it ended", "called twice, no answer");
        Assert.Null((await App.LeadAsync(lead.Id)).Task!.ClosedAt);
        (await visitor.PressAsync($"/callbacks/{task}/reassign", ("owner", "luis"), ("reason", ""))).Says("Say why");
        (await visitor.PressAsync($"/callbacks/{task}/reassign", ("owner", "luis"), ("reason", "on site"))).Says("It is theirs now", "Luis Ortega");
        (await visitor.PressAsync($"/tasks/{task}/claim")).Says("It is yours");
        var saved = await visitor.PressAsync($"/callbacks/{task}/complete", ("outcome", "spoke"), ("note", "wants a quote"));
        Assert.Equal("/", saved.Path);
        saved.Says("Saved: spoke");
        Assert.Equal("spoke", (await App.LeadAsync(lead.Id)).Task!.Outcome);
        var again = await visitor.PressAsync($"/callbacks/{task}/complete", ("outcome", "voicemail"));
        Assert.Equal(HttpStatusCode.Conflict, again.Status);
        again.Says("closed already");
        Assert.Equal(HttpStatusCode.NotFound, (await visitor.GetAsync($"/callbacks/{Guid.CreateVersion7()}")).Status);
    }

    [Fact]
    [Trait("Requirement", "SCR-02")]
    public async Task A_callback_is_cancelled_only_with_a_reason()
    {
        var phone = People.Next();
        await App.Twilio.MissedCallAsync(new TestCall(phone));
        var lead = await App.LeadOfAsync(phone);
        using var visitor = await StaffBrowser.SignInAsync(App);
        (await visitor.PressAsync($"/callbacks/{lead.Task!.Id}/cancel", ("reason", ""))).Says("Say why the task is cancelled");
        (await visitor.PressAsync($"/callbacks/{lead.Task!.Id}/cancel", ("reason", "called by mistake"))).Says("The callback is cancelled");
        Assert.Equal("called by mistake", Assert.Single(await App.FactsAsync<TaskCancelled>(lead.Id)).Reason);
    }

    [Fact]
    [Trait("Requirement", "SCR-04")]
    public async Task An_auditor_sees_a_lead_masked_until_a_reason_is_given_and_changes_nothing()
    {
        var phone = People.Next();
        var email = $"masked{phone[1..]}@example.com";
        await App.Forms.WebsiteAsync("Wilhelmina Oddname", phone, email, "my address is 12 Elm Road");
        var lead = await App.LeadOfAsync(phone);
        await App.PostAsync($"/api/leads/{lead.Id}/notes", new { text = "Wilhelmina is hard of hearing" });
        await App.RunDueAsync();
        using var auditor = await StaffBrowser.SignInAsync(App, "audit-mask", StaffUser.Auditor);
        foreach (var path in (string[])[.. Tabs.Select(tab => $"/leads/{lead.Id}{tab}"), $"/callbacks/{lead.Task!.Id}", "/leads"])
        {
            var page = await auditor.GetAsync(path);
            Assert.Equal(HttpStatusCode.OK, page.Status);
            page.SaysNot("Wilhelmina", "Oddname", phone, phone[^7..], email, "12 Elm Road", "hard of hearing");
        }

        Assert.Equal(HttpStatusCode.Forbidden, (await auditor.GetAsync($"/leads/{lead.Id}/timeline/json")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await auditor.PressAsync($"/leads/{lead.Id}/note", ("text", "x"))).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await auditor.PressAsync($"/callbacks/{lead.Task!.Id}/complete", ("outcome", "spoke"))).Status);
        (await auditor.PressAsync($"/leads/{lead.Id}/unmask", ("reason", " "))).Says("Say why").SaysNot("Wilhelmina");
        var shown = await auditor.PressAsync($"/leads/{lead.Id}/unmask", ("reason", "complaint 17"));
        shown.Says("Wilhelmina Oddname", "12 Elm Road");
        (await auditor.GetAsync($"/leads/{lead.Id}/timeline")).Says("Wilhelmina Oddname");
        var views = await App.Services.GetRequiredService<LeadViews>().LatestAsync(["northside"], lead.Id, 50, TestContext.Current.CancellationToken);
        Assert.Contains(views, view => view is { What: "unmasked", Reason: "complaint 17" });
        Assert.Contains(views, view => view.What == "timeline");
        Assert.Null((await App.LeadAsync(lead.Id)).Task!.ClosedAt);
    }
}
