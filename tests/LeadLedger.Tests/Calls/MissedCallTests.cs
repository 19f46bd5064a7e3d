using System.Net;
using LeadLedger.Calls;
using LeadLedger.Leads;
using LeadLedger.Tests.Support;
using NodaTime;

namespace LeadLedger.Tests.Calls;

/// <summary>Calls over HTTP: which are missed, why, and what is kept of them.</summary>
public sealed class MissedCallTests(SharedApp shared) : IClassFixture<SharedApp>
{
    [Theory]
    [Trait("Requirement", "ING-03")]
    [InlineData("queued", null)]
    [InlineData("ringing", null)]
    [InlineData("in-progress", null)]
    [InlineData("completed", null)]
    [InlineData("busy", "busy")]
    [InlineData("failed", "failed")]
    [InlineData("no-answer", "no_answer")]
    [InlineData("canceled", "abandoned")]
    [InlineData("teleported", null)]
    public async Task A_status_alone_decides_on_a_line_that_only_reports_status(string status, string? missedAs)
    {
        var app = shared.App;
        var customer = People.Next();
        var call = new TestCall(customer, TestBusiness.StatusLine);
        Assert.Equal(HttpStatusCode.OK, (await app.Twilio.CallStatusAsync(call, status, 0)).Status);
        await app.AdvanceAsync(Duration.FromMinutes(1));

        var record = await app.Ledger.LoadAsync(LeadStreams.Call, LeadStreams.CallOf("northside", RecordCall.Twilio, call.Sid), TestContext.Current.CancellationToken);
        Assert.Contains(status.Replace('-', '_'), record!.Statuses);
        Assert.Equal(missedAs, (await app.LeadsAsync()).SingleOrDefault(lead => lead.Phone == customer)?.Inquiries[0].Reason);
        Assert.Equal(status is "completed" ? "answered" : missedAs is null ? null : "missed", record.Outcome);
    }

    [Fact]
    [Trait("Requirement", "ING-05")]
    public async Task Hanging_up_while_the_phone_rings_is_a_missed_call_though_nothing_more_is_said()
    {
        var app = shared.App;
        var customer = People.Next();
        var call = new TestCall(customer);
        await app.Twilio.VoiceAsync(call);
        await app.AdvanceAsync(Duration.FromSeconds(14));
        await app.Twilio.CallStatusAsync(call, "completed", 14);
        Assert.DoesNotContain(await app.LeadsAsync(), lead => lead.Phone == customer);
        await app.AdvanceAsync(Duration.FromSeconds(15));
        Assert.Equal("abandoned", (await app.LeadOfAsync(customer)).Inquiries[0].Reason);
        Assert.Single(app.Texts.To(customer));
    }

    [Fact]
    [Trait("Requirement", "ING-07")]
    public async Task The_event_holds_caller_line_time_and_duration_and_invents_nothing()
    {
        var app = shared.App;
        var customer = People.Next();
        var at = app.Clock.Now;
        await app.Twilio.MissedCallAsync(new TestCall(customer, "(214) 555-0101"));
        var other = People.Next();
        await app.Twilio.CallStatusAsync(new TestCall(other), "busy");
        var facts = await app.FactsAsync<CallMissed>((await app.LeadOfAsync(customer)).Id);
        var missed = Assert.Single(facts);
        Assert.Equal((customer, TestBusiness.StormLine, "Storm desk"), (missed.Caller, missed.Line, missed.LineLabel));
        Assert.Equal((at, 20, 0), (missed.OccurredAt, missed.RingSeconds, missed.DurationSeconds));
        var bare = Assert.Single(await app.FactsAsync<CallMissed>((await app.LeadOfAsync(other)).Id));
        Assert.Equal((null, null, null), (bare.RingSeconds, bare.DurationSeconds, bare.CallerName));
    }

    [Theory]
    [Trait("Requirement", "ING-08")]
    [InlineData(9, "denied")]
    [InlineData(10, "permitted")]
    [InlineData(22, "permitted")]
    public async Task A_short_ring_gets_no_text_but_stays_visible(int ring, string outcome)
    {
        var app = shared.App;
        var customer = People.Next();
        var call = new TestCall(customer);
        await app.Twilio.CallStatusAsync(call, "ringing", null, app.Clock.Now - Duration.FromSeconds(ring));
        await app.Twilio.CallStatusAsync(call, "no-answer", 0, app.Clock.Now);
        await app.AdvanceAsync(Duration.FromMinutes(1));
        var lead = await app.LeadOfAsync(customer);
        var decision = await app.DecisionAsync(lead.Id);
        Assert.Equal(outcome, decision.Outcome);
        Assert.Equal(outcome == "denied", lead.SuspectedHangup);
        Assert.Equal(outcome == "denied" ? "check" : "callback", lead.Task!.Kind);
        Assert.Equal(outcome == "denied" ? 0 : 1, app.Texts.To(customer).Count);
        Assert.Contains($"rang {ring} s", decision.Gates.Single(gate => gate.Gate == "ring_time").Input, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Requirement", "C-03")]
    public async Task A_hang_up_that_left_a_voicemail_is_a_caller_after_all()
    {
        var app = shared.App;
        var customer = People.Next();
        var call = new TestCall(customer);
        await app.Twilio.VoiceAsync(call);
        await app.AdvanceAsync(Duration.FromSeconds(3));
        await app.Twilio.DialAsync(call, "busy");
        await app.Twilio.DialAsync(call with { Sid = call.Sid }, "no-answer");
        await app.Twilio.RecordingAsync(call);
        await app.AdvanceAsync(Duration.FromMinutes(1));
        Assert.Single(app.Texts.To(customer));
        Assert.Equal("voicemail", (await app.LeadOfAsync(customer)).Inquiries[0].Reason);
    }

    [Fact]
    [Trait("Requirement", "ING-09")]
    public async Task A_listed_number_gets_no_text_and_the_decision_names_the_list()
    {
        var app = shared.App;
        const string customer = "+12145559999";
        await app.Twilio.MissedCallAsync(new TestCall(customer));
        await app.AdvanceAsync(Duration.FromMinutes(1));
        var decision = await app.DecisionAsync((await app.LeadOfAsync(customer)).Id);
        Assert.Equal([ReasonCodes.SpamListed], decision.Codes);
        Assert.Equal("list own version 1", decision.Gates.Single(gate => gate.Gate == "spam").Input);
        Assert.Empty(app.Texts.To(customer));
    }

    [Theory]
    [Trait("Requirement", "ING-10")]
    [InlineData("80", 1)]
    [InlineData("81", 0)]
    public async Task A_spam_score_above_the_threshold_withholds_the_text(string score, int texts)
    {
        var app = shared.App;
        var customer = People.Next();
        await app.Twilio.MissedCallAsync(new TestCall(customer) { Extra = [new("SpamScore", score)] });
        await app.AdvanceAsync(Duration.FromMinutes(1));
        var lead = await app.LeadOfAsync(customer);
        Assert.Equal(texts, app.Texts.To(customer).Count);
        Assert.Equal(texts == 0 ? ReasonCodes.SpamScore : ReasonCodes.Permitted, (await app.DecisionAsync(lead.Id)).Codes[0]);
        Assert.True(lead.HasOpenTask);
    }

    [Fact]
    [Trait("Requirement", "ING-11")]
    public async Task A_call_to_a_number_that_is_no_line_waits_in_triage()
    {
        var app = shared.App;
        var customer = People.Next();
        await app.Twilio.MissedCallAsync(new TestCall(customer, "+12145550177"));
        await app.AdvanceAsync(Duration.FromMinutes(1));
        var lead = await app.LeadOfAsync(customer);
        Assert.Equal((null, "triage", "triage"), (lead.Owner, lead.Queue, lead.Task!.Queue));
        Assert.Equal("+12145550177", Assert.Single(await app.FactsAsync<CallMissed>(lead.Id)).Line);
    }

    [Fact]
    [Trait("Requirement", "ING-16")]
    public async Task From_and_CallSid_alone_are_a_missed_call_and_a_replay_changes_nothing()
    {
        var app = shared.App;
        var customer = People.Next();
        KeyValuePair<string, string>[] fields = [new("AccountSid", TwilioTwin.AccountSid), new("From", customer), new("CallSid", "CA" + new string('f', 32))];
        var first = await app.Twilio.PostAsync("", fields);
        await app.AdvanceAsync(Duration.FromMinutes(1));
        var events = (await app.HistoryAsync(first.Lead)).Count;
        var again = await app.Twilio.PostAsync("", fields);
        await app.AdvanceAsync(Duration.FromMinutes(1));
        Assert.Equal(first.Lead, again.Lead);
        Assert.Equal(events, (await app.HistoryAsync(first.Lead)).Count);
        Assert.Single(app.Texts.To(customer));
    }

    [Fact]
    [Trait("Requirement", "ING-18")]
    public async Task The_delivery_is_kept_byte_for_byte()
    {
        var app = shared.App;
        var customer = People.Next();
        var call = new TestCall(customer);
        var fields = TwilioWebhooks.CallStatusFields(call, "no-answer", 0, app.Clock.Now);
        await app.Twilio.PostAsync("", fields);
        using var sent = new FormUrlEncodedContent(fields);
        var kept = Assert.Single(await app.InboxAsync(), line => line.Key.Contains(call.Sid, StringComparison.Ordinal));
        Assert.Equal(await sent.ReadAsByteArrayAsync(TestContext.Current.CancellationToken), kept.Body);
        Assert.Equal("accepted", kept.Outcome);
    }

    [Fact]
    [Trait("Requirement", "ING-20")]
    public async Task A_callback_an_hour_late_makes_the_lead_and_the_task_but_no_text()
    {
        var app = shared.App;
        var customer = People.Next();
        var call = new TestCall(customer);
        await app.Twilio.CallStatusAsync(call, "no-answer", 0, app.Clock.Now - Duration.FromHours(1));
        await app.AdvanceAsync(Duration.FromMinutes(1));
        var lead = await app.LeadOfAsync(customer);
        Assert.Equal([ReasonCodes.StaleInquiry], (await app.DecisionAsync(lead.Id)).Codes);
        Assert.True(lead.HasOpenTask);
        Assert.Empty(app.Texts.To(customer));
        Assert.Single(await app.FactsAsync<OwnerAlertSent>(lead.Id), sent => sent.Channel == "sms");
    }

    [Fact]
    [Trait("Requirement", "ING-15")]
    public async Task Ghl_posts_phone_number_and_contact_name_and_is_told_what_is_missing()
    {
        var app = shared.App;
        var customer = People.Next();
        app.Log.Expect("was kept as rejected");
        var taken = await app.Forms.GhlAsync($$"""{ "phone_number": "{{customer}}", "contact_name": "Maria Lopez" }""");
        Assert.Equal("Maria Lopez", (await app.LeadAsync(taken.Lead)).Name);
        var missing = await app.Forms.GhlAsync("""{ "contact_name": "Maria Lopez" }""");
        Assert.Equal(HttpStatusCode.BadRequest, missing.Status);
        Assert.True(missing.Json.GetProperty("errors").TryGetProperty("phone_number", out _));
        Assert.Equal(HttpStatusCode.Unauthorized, (await app.Forms.GhlAsync("{}", null)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await app.Forms.GhlAsync("{}", "guess")).Status);
    }

    [Fact]
    [Trait("Requirement", "ING-14")]
    public async Task Ghl_and_Twilio_reporting_one_call_are_one_inquiry()
    {
        var app = shared.App;
        var customer = People.Next();
        var call = new TestCall(customer);
        await app.Forms.GhlAsync($$"""{ "phone_number": "{{customer}}", "call_sid": "{{call.Sid}}", "status": "no-answer" }""");
        await app.Twilio.CallStatusAsync(call, "no-answer", 0);
        await app.AdvanceAsync(Duration.FromMinutes(1));
        var lead = await app.LeadOfAsync(customer);
        Assert.Single(await app.FactsAsync<CallMissed>(lead.Id));
        Assert.Single(app.Texts.To(customer));
    }

    [Fact]
    [Trait("Requirement", "ING-17")]
    public async Task A_ghl_form_is_a_form_and_no_call()
    {
        var app = shared.App;
        var customer = People.Next();
        var taken = await app.Forms.GhlAsync(
            $$"""{ "contact_id": "c1", "full_name": "Jane Doe", "phone": "{{customer}}", "email": "jane@example.com", "form_name": "Quote", "message": "New roof" }""");
        Assert.Single(await app.FactsAsync<FormSubmitted>(taken.Lead));
        Assert.Empty(await app.FactsAsync<CallMissed>(taken.Lead));
    }
}
