using System.Net;
using LeadLedger.Tests.Support;
using NodaTime;

namespace LeadLedger.Tests.Reading;

public sealed class GetLeadTests(TestPostgres postgres)
{
    [Fact]
    [Trait("Requirement", "ING-42")]
    public async Task A_lead_has_the_eight_fields_by_their_exact_names()
    {
        await using var app = await TestApp.StartAsync(postgres);
        await app.Forms.PostAsync("website", new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["id"] = "s1",
            ["name"] = "Ann \"A\" Lee",
            ["phone"] = "+12145557001",
            ["email"] = "ann@example.com",
            ["message"] = "roof } leaks",
            ["page"] = "https://northside.example/quote",
            ["sms_consent"] = "yes",
        });
        await app.AdvanceAsync(Duration.FromSeconds(30));
        var lead = await app.LeadAsync();
        var shown = (await app.GetAsync($"/api/leads/{lead.Id}")).Json;
        var fields = shown.GetProperty("fields");
        Assert.Equal(
            ["widget_id", "source_url", "name", "phone", "email", "message", "sms_sent", "consent_text"],
            fields.EnumerateObject().Select(member => member.Name));
        Assert.Equal("Ann \"A\" Lee", fields.Text("name"));
        Assert.Equal("+12145557001", fields.Text("phone"));
        Assert.Equal("ann@example.com", fields.Text("email"));
        Assert.Equal("roof } leaks", fields.Text("message"));
        Assert.Equal("https://northside.example/quote", fields.Text("source_url"));
        Assert.StartsWith("Northside Roofing may text me", fields.Text("consent_text"), StringComparison.Ordinal);
        Assert.Equal(lead.SmsSent, fields.GetProperty("sms_sent").GetBoolean());
        Assert.True(lead.SmsSent);
        Assert.Null(fields.Text("widget_id"));
        Assert.Equal(lead.Version, shown.GetProperty("version").GetInt64());
        Assert.Equal("needs_callback", shown.Text("status"));
    }

    [Fact]
    public async Task A_lead_can_be_read_as_it_was_at_an_instant()
    {
        await using var app = await TestApp.StartAsync(postgres);
        var before = app.Clock.Now - Duration.FromMinutes(1);
        await app.Twilio.MissedCallAsync(new TestCall("+12145557001"));
        var lead = await app.LeadAsync();
        var then = app.Clock.Now + Duration.FromSeconds(1);
        app.Clock.Set(app.Clock.Now + Duration.FromMinutes(5));
        await app.Forms.WebsiteAsync("Ann Lee", "+12145557001", "ann@example.com");

        Assert.Equal(2, (await app.GetAsync($"/api/leads/{lead.Id}")).Json.GetProperty("inquiryCount").GetInt32());
        var past = (await app.GetAsync($"/api/leads/{lead.Id}?asOf={then}")).Json;
        Assert.Equal(1, past.GetProperty("inquiryCount").GetInt32());
        Assert.Null(past.GetProperty("fields").Text("name"));
        Assert.Equal(lead.Version, past.GetProperty("version").GetInt64());
        var offset = then.WithOffset(Offset.FromHours(-6)).ToString("uuuu'-'MM'-'dd'T'HH':'mm':'sso<+HH:mm>", null);
        Assert.Equal(1, (await app.GetAsync($"/api/leads/{lead.Id}?asOf={Uri.EscapeDataString(offset)}")).Json.GetProperty("inquiryCount").GetInt32());
        Assert.Equal(HttpStatusCode.NotFound, (await app.GetAsync($"/api/leads/{lead.Id}?asOf={before}")).Status);
        var wrong = await app.GetAsync($"/api/leads/{lead.Id}?asOf=yesterday");
        Assert.Equal(HttpStatusCode.BadRequest, wrong.Status);
        Assert.True(wrong.Json.GetProperty("errors").TryGetProperty("asOf", out _));
    }

    [Fact]
    public async Task A_call_is_read_by_the_providers_id_and_a_number_by_any_written_form()
    {
        await using var app = await TestApp.StartAsync(postgres);
        var call = new TestCall("+12145557001");
        await app.Twilio.MissedCallAsync(call);
        await app.AdvanceAsync(Duration.FromMinutes(1));
        Assert.Equal("missed", (await app.GetAsync($"/api/calls/{call.Sid}")).Json.Text("outcome"));
        Assert.Equal(HttpStatusCode.NotFound, (await app.GetAsync("/api/calls/CA404")).Status);
        foreach (var written in new[] { "%2B12145557001", "+12145557001", "(214)%20555-7001" })
        {
            var point = Assert.Single((await app.GetAsync($"/api/contact-points?value={written}")).Items());
            Assert.Equal("+12145557001", point.Text("value"));
            Assert.False(point.GetProperty("suppressed").GetBoolean());
            Assert.NotNull(point.Text("lastAcknowledgedAt"));
        }
    }

    [Fact]
    public async Task The_outbox_shows_each_work_item_with_its_state_attempts_and_payload()
    {
        await using var app = await TestApp.StartAsync(postgres);
        await app.Twilio.MissedCallAsync(new TestCall("+12145557001"));
        var lead = await app.LeadAsync();
        var pending = await app.GetAsync("/api/outbox?state=pending");
        Assert.NotEmpty(pending.Items());
        Assert.True(pending.Json.GetProperty("summary").GetProperty("pending").GetProperty("count").GetInt64() >= 2);
        await app.AdvanceAsync(Duration.FromMinutes(1));
        var sent = Assert.Single((await app.GetAsync($"/api/outbox?kind=send_sms&leadId={lead.Id}")).Items());
        Assert.Equal("done", sent.Text("state"));
        Assert.Equal("+12145557001", sent.GetProperty("payload").Text("to"));
        Assert.Equal(1, sent.GetProperty("attempts").GetInt32());
        Assert.NotEqual(0, sent.GetProperty("log").GetArrayLength());
        Assert.Empty((await app.GetAsync("/api/dead-letters")).Items());
        await using (var park = app.Database.CreateCommand("update outbox set state = 'parked', last_error = 'tried three times' where kind = 'send_sms'"))
        {
            await park.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        var dead = Assert.Single((await app.GetAsync("/api/dead-letters")).Items());
        Assert.Equal("tried three times", dead.Text("lastError"));
        var page = await app.GetAsync("/api/outbox?limit=1");
        Assert.NotEqual(page.Ids(), (await app.GetAsync($"/api/outbox?limit=1&cursor={page.Json.Text("next")}")).Ids());
    }

    [Fact]
    public async Task Decisions_are_shown_with_every_gate_latest_first_and_replaced_ones_are_marked()
    {
        await using var app = await TestApp.StartAsync(postgres);
        app.Clock.Set(Instant.FromUtc(2026, 11, 19, 5, 30));
        await app.Twilio.MissedCallAsync(new TestCall("+12145557001"));
        var lead = await app.LeadAsync();
        var deferred = (await app.GetAsync($"/api/leads/{lead.Id}/decisions?purpose=acknowledgement")).Items();
        Assert.Equal("deferred", Assert.Single(deferred).Text("outcome"));
        Assert.True(deferred[0].GetProperty("gates").GetArrayLength() >= 10);
        await app.AdvanceAsync(Duration.FromHours(12));
        var all = (await app.GetAsync($"/api/leads/{lead.Id}/decisions?purpose=acknowledgement")).Items();
        Assert.Equal(2, all.Count);
        Assert.True(all[1].GetProperty("superseded").GetBoolean());
        Assert.Equal(all[0].Text("decision"), all[1].Text("supersededBy"));
        var page = await app.GetAsync($"/api/leads/{lead.Id}/decisions?limit=1");
        Assert.NotNull(page.Json.Text("next"));
        Assert.Equal(3, (await app.GetAsync($"/api/leads/{lead.Id}/decisions")).Items().Count);
    }

    [Fact]
    public async Task A_business_is_shown_without_secrets_and_with_what_the_linter_says()
    {
        await using var app = await TestApp.StartAsync(postgres);
        var reply = await app.GetAsync("/api/business");
        var business = Assert.Single(reply.Items());
        Assert.Equal("northside", business.Text("id"));
        Assert.Equal(3, business.GetProperty("lines").GetArrayLength());
        Assert.NotEqual(0, business.GetProperty("templates").GetArrayLength());
        Assert.NotNull(business.Text("policyVersion"));
        Assert.DoesNotContain(TestBusiness.FormSecret, reply.Body, StringComparison.Ordinal);
        Assert.DoesNotContain(".secret", reply.Body, StringComparison.Ordinal);
    }
}
