using System.Net;
using System.Text;
using LeadLedger.Tests.Support;

namespace LeadLedger.Tests.Intake;

/// <summary>Strange, hostile and broken deliveries: never 5xx, never lost, and nothing stored without proof of origin.</summary>
public sealed class BadInputTests(TestPostgres postgres)
{
    [Fact]
    [Trait("Requirement", "SEC-01")]
    public async Task Without_a_signature_401_with_a_wrong_one_403_and_no_row()
    {
        await using var app = await TestApp.StartAsync(postgres);
        var fields = TwilioWebhooks.CallStatusFields(new TestCall(People.Next()), "no-answer", 0, null);
        foreach (var path in (string[])["", "/voice", "/voice/dial", "/voice/recording", "/sms", "/sms/status/abcdefghij"])
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await app.Twilio.SendAsync(path, fields, null)).Status);
            Assert.Equal(HttpStatusCode.Forbidden, (await app.Twilio.PostAsync(path, fields, "a guess")).Status);
            var moved = TwilioWebhooks.Sign("https://elsewhere.test/api/webhooks/twilio" + path, fields, TwilioTwin.AuthToken);
            Assert.Equal(HttpStatusCode.Forbidden, (await app.Twilio.SendAsync(path, fields, moved)).Status);
        }

        Assert.Equal(HttpStatusCode.Unauthorized, (await app.Forms.WebsiteRawAsync(null)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await app.Forms.WebsiteRawAsync("a guess")).Status);
        Assert.Equal(0, await app.CountAsync("inbox"));
        Assert.Equal(0, await app.CountAsync("mt_events"));
    }

    [Fact]
    [Trait("Requirement", "SEC-06")]
    public async Task A_request_of_another_account_never_reaches_this_business()
    {
        await using var app = await TestApp.StartAsync(postgres, TestBusiness.Northside(), TestBusiness.Lakeside(file =>
            file["twilio"] = System.Text.Json.Nodes.JsonNode.Parse(
                $$"""{ "accountSid": "{{TwilioWebhooks.SecondAccount}}", "authToken": { "file": "second.secret" } }""")));
        app.Log.Expect("was kept as quarantined");
        var call = TwilioWebhooks.CallStatusFields(new TestCall(People.Next()), "no-answer", 0, null);

        // The other account's token with our account's name, and the other way round.
        Assert.Equal(HttpStatusCode.Forbidden, (await app.Twilio.PostAsync("", call, TwilioWebhooks.SecondToken)).Status);
        KeyValuePair<string, string>[] named = [.. call.Where(field => field.Key != "AccountSid"), new("AccountSid", TwilioWebhooks.SecondAccount)];
        Assert.Equal(HttpStatusCode.Forbidden, (await app.Twilio.PostAsync("", named)).Status);
        Assert.Equal(0, await app.CountAsync("inbox"));

        // Rightly signed by the other account about our number: it lands with the other account's business, not with ours.
        await app.Twilio.PostAsync("", named, TwilioWebhooks.SecondToken);
        Assert.Empty(await app.LeadsAsync());
    }

    [Fact]
    [Trait("Requirement", "SEC-05")]
    public async Task More_than_256_KB_is_refused_before_it_is_read()
    {
        await using var app = await TestApp.StartAsync(postgres);
        var huge = Encoding.ASCII.GetBytes("Body=" + new string('x', 256 * 1024));
        Assert.Equal(
            HttpStatusCode.RequestEntityTooLarge,
            (await app.Twilio.SendRawAsync("/sms", huge, "application/x-www-form-urlencoded", "x")).Status);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await app.Forms.PostRawAsync("website", huge, "application/json")).Status);
        Assert.Equal(0, await app.CountAsync("inbox"));
    }

    [Theory]
    [InlineData("{ \"phone\": ")]
    [InlineData("not json at all")]
    [InlineData("[1, 2, 3]")]
    [InlineData("\u0001\u0002\u0003")]
    public async Task What_cannot_be_read_is_answered_without_a_5xx_and_kept(string body)
    {
        await using var app = await TestApp.StartAsync(postgres);
        app.Log.Expect("was kept as");
        var reply = await app.Forms.PostRawAsync("website", Encoding.UTF8.GetBytes(body), "application/json");
        Assert.InRange((int)reply.Status, 200, 499);
        Assert.Equal(Encoding.UTF8.GetBytes(body), Assert.Single(await app.InboxAsync()).Body);
    }

    [Fact]
    public async Task An_authentic_request_that_names_no_call_is_quarantined_and_answered_2xx()
    {
        await using var app = await TestApp.StartAsync(postgres);
        app.Log.Expect("was kept as quarantined");
        foreach (var path in (string[])["", "/voice", "/voice/dial", "/voice/recording", "/sms"])
        {
            Assert.True((await app.Twilio.PostAsync(path, [new("AccountSid", TwilioTwin.AccountSid), new("Weather", "fine")])).IsSuccess);
        }

        Assert.All(await app.InboxAsync(), line => Assert.Equal("quarantined", line.Outcome));
        Assert.Equal(5, await app.CountAsync("inbox"));
    }

    [Fact]
    public async Task Hostile_values_are_stored_harmlessly_and_the_lead_is_made()
    {
        await using var app = await TestApp.StartAsync(postgres);
        var deep = string.Concat(Enumerable.Repeat("{\"a\":", 60)) + "1" + new string('}', 60);
        string[] bodies =
        [
            """{ "id": "h1", "name": "Nu\u0000l", "phone": "+12145567001", "message": "a\u0000b" }""",
            """{ "id": "h2", "name": "Lone \ud83d", "phone": "+12145567002", "message": "\udc4d" }""",
            """{ "id": "h3", "name": "Big", "phone": "+12145567003", "message": 1e400, "extra": 123456789012345678901234567890123456789012345678901234567890 }""",
            $$"""{ "id": "h4", "name": "Deep", "phone": "+12145567004", "extra": {{deep}} }""",
            """{ "id": "h5", "name": ["A", "B"], "phone": "+12145567005", "message": { "nested": true } }""",
            """{ "id": "h6", "name": "Twice", "name": "Again", "phone": "+12145567006" }""",
        ];
        foreach (var body in bodies)
        {
            var reply = await app.Forms.PostRawAsync("website", Encoding.UTF8.GetBytes(body), "application/json");
            Assert.True(reply.Status == HttpStatusCode.OK, $"{reply.Status} for {body}: {reply.Body}");
        }

        Assert.Equal(bodies.Length, (await app.LeadsAsync()).Count);
    }

    [Fact]
    public async Task Texts_and_calls_with_hostile_values_are_taken()
    {
        await using var app = await TestApp.StartAsync(postgres);
        var customer = People.Next();
        foreach (var body in (string[])["nul \0 inside", "\u202etxet\u202c", new string('é', 5000), "👍🏽", "' ; drop table mt_events; --", ""])
        {
            Assert.Equal(HttpStatusCode.OK, (await app.Twilio.SmsAsync(customer, body)).Status);
        }

        Assert.True((await app.Twilio.CallStatusAsync(new TestCall(customer), "no-answer\0", int.MaxValue)).IsSuccess);
        Assert.True((await app.Twilio.PostAsync("", [.. TwilioWebhooks.CallStatusFields(new TestCall(customer), "no-answer", null, null), new("CallDuration", "99999999999999999999"), new("Timestamp", "yesterday")])).IsSuccess);
        Assert.Equal(1, (await app.LeadsAsync()).Count(lead => lead.Phone == customer));
    }

    [Fact]
    [Trait("Requirement", "ING-16")]
    public async Task A_plus_sign_that_arrived_as_a_space_is_still_the_same_caller()
    {
        await using var app = await TestApp.StartAsync(postgres);
        var customer = People.Next();
        await app.Twilio.CallStatusAsync(new TestCall(customer), "no-answer", 0);
        await app.Twilio.CallStatusAsync(new TestCall(" " + customer[1..], " " + TestBusiness.MainLine[1..]), "no-answer", 0);
        Assert.Equal(2, (await app.LeadAsync()).InquiryCount);
    }

    [Fact]
    [Trait("Requirement", "ING-31")]
    public async Task A_form_without_any_contact_point_is_told_which_fields_are_missing()
    {
        await using var app = await TestApp.StartAsync(postgres);
        app.Log.Expect("was kept as rejected");
        var reply = await app.Forms.WebsiteAsync("Maria Lopez", null, null, "Roof");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, reply.Status);
        Assert.Equal("application/problem+json", reply.ContentType);
        Assert.NotEmpty(reply.Json.GetProperty("errors").EnumerateObject());
        Assert.Empty(await app.LeadsAsync());
    }

    [Fact]
    public async Task A_filled_trap_field_is_thanked_and_makes_no_lead()
    {
        await using var app = await TestApp.StartAsync(postgres);
        app.Log.Expect("was kept as honeypot");
        var reply = await app.Forms.PostAsync("website", new { id = "bot", name = "Bot", phone = People.Next(), fax = "1" });
        Assert.Equal(HttpStatusCode.OK, reply.Status);
        Assert.Empty(await app.LeadsAsync());
    }

    [Fact]
    [Trait("Requirement", "ING-40")]
    public async Task Too_many_posts_are_told_when_to_come_back()
    {
        await using var app = await TestApp.StartAsync(postgres, TestBusiness.Northside(file => file["limits"]!["requestsPerMinutePerIp"] = 2));
        await app.Forms.WebsiteAsync("A", People.Next());
        await app.Forms.WebsiteAsync("B", People.Next());
        var reply = await app.Forms.WebsiteAsync("C", People.Next());
        Assert.Equal(HttpStatusCode.TooManyRequests, reply.Status);
        Assert.InRange(int.Parse(reply.RetryAfter!, System.Globalization.CultureInfo.InvariantCulture), 1, 60);
        Assert.Equal(2, (await app.LeadsAsync()).Count);
    }
}
