using System.Net;
using LeadLedger.Leads;
using LeadLedger.Tests.Support;
using NodaTime;

namespace LeadLedger.Tests.Consent;

public sealed class SuppressionTests(TestPostgres postgres)
{
    private const string Number = "+12145557001";

    [Fact]
    [Trait("Requirement", "CON-13")]
    public async Task An_opt_out_told_to_staff_stops_texts_on_every_lead_of_the_number()
    {
        await using var app = await TestApp.StartAsync(postgres);
        await app.Forms.WebsiteAsync("Ann Lee", Number, "ann@example.com");
        await app.Forms.WebsiteAsync("Bob Ray", Number, "bob@example.com");
        Assert.Equal(2, (await app.LeadsAsync()).Count);
        var done = await app.PutAsync("/api/contact-points/suppression", new { value = "(214) 555-7001", reason = "said so on the phone" });
        Assert.Equal(HttpStatusCode.OK, done.Status);
        Assert.True(done.Json.GetProperty("suppressed").GetBoolean());
        Assert.All(await app.LeadsAsync(), lead => Assert.True(lead.OptedOut));
        await app.AdvanceAsync(Duration.FromMinutes(5));
        Assert.Empty(app.Texts.To(Number));
        var events = await app.CountAsync("mt_events");
        Assert.Equal(HttpStatusCode.OK, (await app.PutAsync("/api/contact-points/suppression", new { value = Number, reason = "again" })).Status);
        Assert.Equal(events, await app.CountAsync("mt_events"));
    }

    [Fact]
    public async Task A_number_nobody_used_yet_gets_a_record_of_its_own_that_the_first_call_makes_a_lead()
    {
        await using var app = await TestApp.StartAsync(postgres);
        Assert.Equal(HttpStatusCode.OK, (await app.PutAsync("/api/contact-points/suppression", new { value = Number, reason = "letter" })).Status);
        var record = await app.LeadAsync();
        Assert.Equal(LeadKind.ContactOnly, record.Kind);
        Assert.True(record.OptedOut);
        Assert.Empty((await app.GetAsync("/api/leads")).Items());
        await app.Twilio.MissedCallAsync(new TestCall(Number));
        await app.AdvanceAsync(Duration.FromMinutes(5));
        var lead = await app.LeadAsync();
        Assert.Equal(record.Id, lead.Id);
        Assert.Equal(LeadKind.Lead, lead.Kind);
        Assert.Empty(app.Texts.To(Number));
        Assert.Contains(ReasonCodes.SuppressedNumber, (await app.DecisionAsync(lead.Id)).Codes);
    }

    [Fact]
    [Trait("Requirement", "C-31")]
    public async Task A_suppression_is_lifted_only_by_later_consent_to_texts_and_a_confirmation()
    {
        await using var app = await TestApp.StartAsync(postgres);
        await app.Twilio.MissedCallAsync(new TestCall(Number));
        var lead = await app.LeadAsync();
        await ConsentAsync(app, lead.Id, "marketing");
        app.Clock.Set(app.Clock.Now + Duration.FromMinutes(1));
        await app.PutAsync("/api/contact-points/suppression", new { value = Number, reason = "by phone" });
        app.Clock.Set(app.Clock.Now + Duration.FromMinutes(1));

        var early = await LiftAsync(app);
        Assert.Equal(HttpStatusCode.Conflict, early.Status);
        Assert.Contains("START", early.Json.Text("detail"), StringComparison.Ordinal);
        await ConsentAsync(app, lead.Id, "call");
        Assert.Equal(HttpStatusCode.Conflict, (await LiftAsync(app)).Status);
        await ConsentAsync(app, lead.Id, "service_followup", "denied");
        Assert.Equal(HttpStatusCode.Conflict, (await LiftAsync(app)).Status);
        await ConsentAsync(app, lead.Id, "service_followup");
        Assert.True((await app.LeadAsync()).OptedOut);
        Assert.Equal(HttpStatusCode.BadRequest, (await app.PutAsync("/api/contact-points/suppression/lift", new { value = Number, note = "n" })).Status);
        var lifted = await LiftAsync(app);
        Assert.Equal(HttpStatusCode.OK, lifted.Status);
        Assert.False(lifted.Json.GetProperty("suppressed").GetBoolean());
        Assert.False((await app.LeadAsync()).OptedOut);
    }

    [Fact]
    [Trait("Requirement", "C-31")]
    public async Task While_the_provider_blocks_the_number_only_its_own_START_lifts_it()
    {
        await using var app = await TestApp.StartAsync(postgres);
        await app.Twilio.MissedCallAsync(new TestCall(Number));
        await app.Twilio.SmsAsync(Number, "STOP", optOutType: "STOP");
        var lead = await app.LeadAsync();
        app.Clock.Set(app.Clock.Now + Duration.FromMinutes(1));
        await ConsentAsync(app, lead.Id, "service_followup");
        var refused = await LiftAsync(app);
        Assert.Equal(HttpStatusCode.Conflict, refused.Status);
        Assert.EndsWith("blocked-by-provider", refused.Json.Text("type"), StringComparison.Ordinal);
        await app.Twilio.SmsAsync(Number, "START", optOutType: "START");
        Assert.False((await app.LeadAsync()).OptedOut);
        Assert.Equal(HttpStatusCode.OK, (await LiftAsync(app)).Status);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_held_phrase_waits_for_a_person_who_says_what_it_was(bool optOut)
    {
        await using var app = await TestApp.StartAsync(postgres);
        await app.Twilio.SmsAsync(Number, "please don't text me any more thanks");
        var lead = await app.LeadAsync();
        Assert.True(lead.OptOutHeld, "the phrase was not held; the test needs another one");
        await app.AdvanceAsync(Duration.FromMinutes(1));
        Assert.Empty(app.Texts.To(Number));
        Assert.Equal(HttpStatusCode.BadRequest, (await app.PutAsync($"/api/leads/{lead.Id}/held-phrase", new { })).Status);
        Assert.Equal(HttpStatusCode.OK, (await app.PutAsync($"/api/leads/{lead.Id}/held-phrase", new { optOut })).Status);
        await app.AdvanceAsync(Duration.FromMinutes(1));
        lead = await app.LeadAsync();
        Assert.False(lead.OptOutHeld);
        Assert.Equal(optOut, lead.OptedOut);
        Assert.Equal(optOut ? 0 : 1, app.Texts.To(Number).Count);
        Assert.Equal(HttpStatusCode.Conflict, (await app.PutAsync($"/api/leads/{lead.Id}/held-phrase", new { optOut })).Status);
    }

    [Fact]
    [Trait("Requirement", "CON-05")]
    public async Task Consent_is_kept_by_purpose_with_its_event_and_needs_evidence()
    {
        await using var app = await TestApp.StartAsync(postgres);
        await app.Twilio.MissedCallAsync(new TestCall(Number));
        var lead = await app.LeadAsync();
        var path = $"/api/leads/{lead.Id}/consents";
        Assert.Equal(HttpStatusCode.BadRequest, (await app.PostAsync(path, new { purpose = "marketing", state = "granted" })).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await app.PostAsync(path, new { purpose = "anything", state = "granted", evidence = "e" })).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await app.PostAsync(path, new { purpose = "marketing", state = "granted", evidence = "e", value = "+12145550000" })).Status);
        await ConsentAsync(app, lead.Id, "marketing");
        await ConsentAsync(app, lead.Id, "review_request", "withdrawn");
        var point = Assert.Single((await app.GetAsync("/api/contact-points?value=2145557001")).Items());
        var consents = point.GetProperty("consents");
        Assert.Equal("granted", consents.GetProperty("marketing").Text("state"));
        Assert.Equal("withdrawn", consents.GetProperty("review_request").Text("state"));
        var seq = consents.GetProperty("marketing").GetProperty("seq").GetInt64();
        Assert.Equal("consent_recorded", (await app.HistoryAsync(lead.Id)).Single(e => e.Version == seq).Type);
    }

    private static async Task ConsentAsync(TestApp app, Guid lead, string purpose, string state = "granted") => Assert.Equal(
        HttpStatusCode.OK, (await app.PostAsync($"/api/leads/{lead}/consents", new { purpose, state, evidence = "said on the phone to Dana" })).Status);

    private static Task<WebReply> LiftAsync(TestApp app) =>
        app.PutAsync("/api/contact-points/suppression/lift", new { value = Number, confirmed = true, note = "consent of today" });
}
