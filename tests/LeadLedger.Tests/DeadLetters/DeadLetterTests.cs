using System.Net;
using LeadLedger.EventStore.Outbox;
using LeadLedger.Leads;
using LeadLedger.Sending;
using LeadLedger.Tests.Support;
using NodaTime;

namespace LeadLedger.Tests.DeadLetters;

/// <summary>Work that was given up waits for a person, who has it tried again, sent again or given up for good.</summary>
public sealed class DeadLetterTests(TestPostgres postgres)
{
    [Fact]
    [Trait("Requirement", "RTY-03")]
    public async Task After_four_failures_it_waits_with_payload_error_and_attempts_and_a_retry_starts_anew()
    {
        await using var app = await TestApp.StartAsync(postgres, TestBusiness.WithCrm());
        app.Crm.Next(CrmMode.ServerError, CrmMode.ServerError, CrmMode.ServerError, CrmMode.ServerError);
        await app.Twilio.MissedCallAsync(new TestCall(People.Next()));
        await app.AdvanceAsync(Duration.FromMinutes(14));
        var dead = Assert.Single((await app.GetAsync("/api/dead-letters")).Items());
        Assert.Equal(("mirror_lead", "parked", "the CRM answered 503"), (dead.Text("kind"), dead.Text("state"), dead.Text("lastError")));
        Assert.Equal(4, dead.GetProperty("attempts").GetInt32());
        Assert.Equal("jobs", dead.GetProperty("payload").Text("target"));
        Assert.Equal(["retry", "discard"], dead.GetProperty("offers").EnumerateArray().Select(each => each.GetString()));

        var key = await app.KeyAsync("staff", name: "dana");
        var reply = await app.PutAsync($"/api/dead-letters/{dead.Text("id")}/retry", null, key);
        Assert.Equal((HttpStatusCode.OK, "pending"), (reply.Status, reply.Json.Text("state")));
        var lead = await app.LeadAsync();
        var retried = Assert.Single(await app.HistoryAsync(lead.Id), recorded => recorded.Data is WorkRetried);
        Assert.Equal("staff:dana", retried.Actor);
        Assert.Equal(("mirror_lead", "parked", "dana"), (((WorkRetried)retried.Data).WorkKind, ((WorkRetried)retried.Data).Was, ((WorkRetried)retried.Data).By));
        Assert.Equal(0, Row(await app.OutboxAsync(), dead).Attempts);

        await app.AdvanceAsync(Duration.FromMinutes(1));
        Assert.Equal(OutboxStates.Done, Row(await app.OutboxAsync(), dead).State);
        Assert.Empty((await app.GetAsync("/api/dead-letters")).Items());
        Assert.Equal(HttpStatusCode.Conflict, (await app.PutAsync($"/api/dead-letters/{dead.Text("id")}/retry", null, key)).Status);
    }

    [Fact]
    [Trait("Requirement", "RTY-03")]
    public async Task All_of_a_kind_are_tried_again_at_once_within_the_callers_business()
    {
        await using var app = await TestApp.StartAsync(postgres, TestBusiness.Northside(), TestBusiness.Lakeside());
        await ParkAsync(app, "northside", "mirror_lead", 30);
        await ParkAsync(app, "lakeside", "mirror_lead", 5);
        await ParkAsync(app, "northside", "alert_email", 3);
        var key = await app.KeyAsync("staff");

        var reply = await app.PostAsync("/api/dead-letters/retry", new { kind = "mirror_lead" }, key);

        Assert.Equal((30, false), (reply.Json.GetProperty("retried").GetInt32(), reply.Json.GetProperty("more").GetBoolean()));
        Assert.Equal(30, (await app.OutboxAsync("mirror_lead")).Count(row => row.State == OutboxStates.Pending));
        Assert.Equal(5, (await app.OutboxAsync("mirror_lead")).Count(row => row.State == OutboxStates.Parked));
        Assert.All(await app.OutboxAsync("alert_email"), row => Assert.Equal(OutboxStates.Parked, row.State));
        Assert.Equal(HttpStatusCode.NotFound, (await app.PostAsync("/api/dead-letters/retry", new { kind = "mirror_lead", business = "lakeside" }, key)).Status);
        Assert.Equal("urn:leadledger:problem:send-again-instead", (await app.PostAsync("/api/dead-letters/retry", new { kind = "send_sms" }, key)).Json.Text("type"));
    }

    [Fact]
    [Trait("Requirement", "RTY-03")]
    public async Task A_discard_needs_a_reason_and_stands_in_the_history()
    {
        await using var app = await TestApp.StartAsync(postgres);
        var (id, _) = await UnconfirmedAsync(app);
        var key = await app.KeyAsync("staff", name: "dana");
        Assert.Equal(HttpStatusCode.BadRequest, (await app.PutAsync($"/api/dead-letters/{id}/discard", new { reason = " " }, key)).Status);

        Assert.Equal(HttpStatusCode.OK, (await app.PutAsync($"/api/dead-letters/{id}/discard", new { reason = "Reached her by phone" }, key)).Status);

        var fact = Assert.Single(await app.FactsAsync<WorkDiscarded>((await app.LeadAsync()).Id));
        Assert.Equal(("send_sms", "ambiguous", "dana", "Reached her by phone"), (fact.WorkKind, fact.Was, fact.By, fact.Reason));
        Assert.Empty((await app.GetAsync("/api/dead-letters")).Items());
        var again = await app.PutAsync($"/api/dead-letters/{id}/discard", new { reason = "again" }, key);
        Assert.Equal((HttpStatusCode.Conflict, "urn:leadledger:problem:not-waiting"), (again.Status, again.Json.Text("type")));
        Assert.Contains("cancelled now", again.Json.Text("detail"), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Requirement", "RTY-04")]
    public async Task An_auditor_sees_it_and_changes_nothing_and_another_business_sees_nothing()
    {
        await using var app = await TestApp.StartAsync(postgres, TestBusiness.Northside(), TestBusiness.Lakeside());
        var (id, _) = await UnconfirmedAsync(app);
        var auditor = await app.KeyAsync("auditor");
        var other = await app.KeyAsync("staff", "lakeside");

        Assert.Single((await app.GetAsync("/api/dead-letters", auditor)).Items());
        foreach (var (key, status) in new[] { (auditor, HttpStatusCode.Forbidden), (other, HttpStatusCode.NotFound) })
        {
            Assert.Equal(status, (await app.PutAsync($"/api/dead-letters/{id}/retry", null, key)).Status);
            Assert.Equal(status, (await app.PutAsync($"/api/dead-letters/{id}/send-again", null, key)).Status);
            Assert.Equal(status, (await app.PutAsync($"/api/dead-letters/{id}/discard", new { reason = "no" }, key)).Status);
        }

        Assert.Equal(HttpStatusCode.Forbidden, (await app.PostAsync("/api/dead-letters/retry", new { kind = "mirror_lead" }, auditor)).Status);
        Assert.Equal(OutboxStates.Ambiguous, Assert.Single(await app.OutboxAsync("send_sms")).State);
    }

    [Fact]
    [Trait("Requirement", "RTY-11")]
    public async Task A_text_whose_fate_is_unknown_is_never_retried_but_can_be_sent_again_once_as_a_decision_of_a_person()
    {
        await using var app = await TestApp.StartAsync(postgres);
        var (id, customer) = await UnconfirmedAsync(app);
        var key = await app.KeyAsync("staff", name: "dana");
        var retry = await app.PutAsync($"/api/dead-letters/{id}/retry", null, key);
        Assert.Equal((HttpStatusCode.Conflict, "urn:leadledger:problem:send-again-instead"), (retry.Status, retry.Json.Text("type")));

        var replies = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => app.PutAsync($"/api/dead-letters/{id}/send-again", null, key)));
        await app.AdvanceAsync(Duration.FromMinutes(1));

        Assert.Equal(1, replies.Count(reply => reply.Status == HttpStatusCode.OK));
        Assert.Equal(7, replies.Count(reply => reply.Status == HttpStatusCode.Conflict));
        Assert.Equal(2, app.Texts.To(customer).Count);
        var lead = await app.LeadAsync();
        var requests = await app.FactsAsync<SmsRequested>(lead.Id);
        Assert.Equal([null, requests[0].Message], requests.Select(request => request.Replaces));
        var decision = (await app.HistoryAsync(lead.Id)).Last(recorded => recorded.Data is DecisionMade { Purpose: Purposes.Acknowledgement });
        Assert.Equal("staff:dana", decision.Actor);
        Assert.Equal([OutboxStates.Cancelled, OutboxStates.Done], (await app.OutboxAsync("send_sms")).Select(row => row.State));
        Assert.Equal(2, (await app.OutboxAsync("send_sms")).Select(row => row.EffectKey).Distinct().Count());
        Assert.NotNull(lead.AcknowledgedAt);
    }

    [Theory]
    [Trait("Requirement", "CON-18")]
    [InlineData("opt-out", ReasonCodes.SuppressedNumber)]
    [InlineData("late", ReasonCodes.StaleInquiry)]
    public async Task Sending_again_passes_every_gate_anew(string what, string code)
    {
        await using var app = await TestApp.StartAsync(postgres);
        var (id, customer) = await UnconfirmedAsync(app);
        if (what == "opt-out")
        {
            await app.Twilio.SmsAsync(customer, "STOP", optOutType: "STOP");
        }
        else
        {
            await app.AdvanceAsync(Duration.FromMinutes(20));
        }

        var reply = await app.PutAsync($"/api/dead-letters/{id}/send-again", null);
        await app.AdvanceAsync(Duration.FromMinutes(1));

        Assert.Equal((HttpStatusCode.Conflict, "urn:leadledger:problem:not-permitted"), (reply.Status, reply.Json.Text("type")));
        Assert.Contains(code, reply.Json.Text("detail"), StringComparison.Ordinal);
        Assert.Single(app.Texts.To(customer));
        var lead = await app.LeadAsync();
        Assert.Equal(("denied", code), ((await app.DecisionAsync(lead.Id)).Outcome, (await app.DecisionAsync(lead.Id)).Codes[0]));
        Assert.Contains((await app.GetAsync("/api/dead-letters")).Items(), item => item.Text("id") == id);
    }

    [Fact]
    [Trait("Requirement", "RTY-04")]
    public async Task A_late_report_of_the_first_text_still_reaches_the_history_after_it_was_sent_again()
    {
        await using var app = await TestApp.StartAsync(postgres);
        var (id, customer) = await UnconfirmedAsync(app);
        Assert.Equal(HttpStatusCode.OK, (await app.PutAsync($"/api/dead-letters/{id}/send-again", null)).Status);
        await app.AdvanceAsync(Duration.FromMinutes(1));

        Assert.True((await app.Twilio.SmsStatusAsync(app.Texts.To(customer)[0], "delivered")).IsSuccess);

        Assert.Equal(["accepted", "delivered"], (await app.LeadAsync()).Messages.Select(message => message.State));
    }

    [Fact]
    [Trait("Requirement", "RTY-10")]
    public async Task An_alert_that_was_given_up_is_tried_again_and_mail_takes_over_only_once()
    {
        await using var app = await TestApp.StartAsync(postgres);
        app.Texts.RejectCode = 21614;
        app.Texts.OnlyTo = "+12145550122";
        app.Texts.Mode = TwilioMode.Reject;
        await app.Twilio.MissedCallAsync(new TestCall(People.Next(), TestBusiness.StormLine));
        await app.AdvanceAsync(Duration.FromMinutes(1));
        var dead = Assert.Single((await app.GetAsync("/api/dead-letters")).Items());
        Assert.Equal("alert_sms", dead.Text("kind"));

        Assert.Equal(HttpStatusCode.OK, (await app.PutAsync($"/api/dead-letters/{dead.Text("id")}/retry", null)).Status);
        await app.AdvanceAsync(Duration.FromMinutes(1));

        Assert.Equal(2, app.Texts.To("+12145550122").Count);
        Assert.Single(app.Mail.Mails, mail => mail.To == "luis@northside.example");
        Assert.Single((await app.GetAsync("/api/dead-letters")).Items());
    }

    private static async Task<(string Id, string Customer)> UnconfirmedAsync(TestApp app)
    {
        var customer = People.Next();
        app.Texts.OnlyTo = customer;
        app.Texts.Next(TwilioMode.NothingDoneAnswerLost);
        await app.Twilio.MissedCallAsync(new TestCall(customer));
        await app.AdvanceAsync(Duration.FromSeconds(40));
        return (Assert.Single((await app.GetAsync("/api/dead-letters")).Items()).Text("id")!, customer);
    }

    private static async Task ParkAsync(TestApp app, string business, string kind, int count)
    {
        await using var command = app.Database.CreateCommand(
            """
            insert into outbox (id, tenant_id, kind, effect_key, state, due_at, attempts, body, created_at)
            select gen_random_uuid(), $1, $2, $2 || n, 'parked', $3, 4, '{}', $3 from generate_series(1, $4) n
            """);
        command.Parameters.AddRange(new Npgsql.NpgsqlParameter[]
        {
            new() { Value = business }, new() { Value = kind }, new() { Value = app.Clock.Now.ToDateTimeUtc() }, new() { Value = count },
        });
        await command.ExecuteNonQueryAsync();
    }

    private static OutboxLine Row(IReadOnlyList<OutboxLine> rows, System.Text.Json.JsonElement dead) =>
        rows.Single(row => row.Id == dead.GetProperty("id").GetGuid());
}
