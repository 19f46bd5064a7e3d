using System.Text;
using LeadLedger.Intake;
using LeadLedger.Tests.Support;
using NodaTime;

namespace LeadLedger.Tests.Intake.Ghl;

public sealed class GhlReaderTests
{
    private static readonly Instant Now = Instant.FromUtc(2026, 8, 4, 14, 53, 10);

    [Fact]
    [Trait("Requirement", "ING-15")]
    public void The_two_agreed_fields_are_a_missed_call()
    {
        var delivery = Read("""{"phone_number":"(512) 555-0134","contact_name":"Jane Doe"}""");

        Assert.Equal(GhlKind.MissedCall, delivery.Kind);
        Assert.Equal("(512) 555-0134", delivery.PhoneRaw);
        Assert.Equal("Jane Doe", delivery.Name);
        Assert.Empty(delivery.Problems);
        Assert.True(delivery.KeyIsDerived);
    }

    [Fact]
    [Trait("Requirement", "ING-15")]
    public void Without_a_number_the_field_is_named()
    {
        var problem = Assert.Single(Read("""{"contact_name":"Jane Doe"}""").Problems);

        Assert.Equal("phone_number", problem.Field);
        Assert.EndsWith(".", problem.Fix, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{{")]
    [InlineData("")]
    public void An_unreadable_body_is_a_problem_and_not_an_exception(string body)
    {
        var delivery = Read(body);

        Assert.Equal(GhlKind.Unknown, delivery.Kind);
        Assert.Equal("body", Assert.Single(delivery.Problems).Field);
    }

    [Fact]
    [Trait("Requirement", "ING-14")]
    public void A_workflows_webhook_for_a_missed_call_is_read()
    {
        var delivery = Sample("ghl_workflow_webhook.json");

        Assert.Equal(GhlKind.MissedCall, delivery.Kind);
        Assert.Equal("+15125550134", delivery.PhoneRaw);
        Assert.Equal("Jane Doe", delivery.Name);
        Assert.Equal("abc123", delivery.ContactId);
        Assert.Equal("t9Ww7bY1xJJ6ThFHZVPC", delivery.LocationId);
        Assert.Equal("d325be72-ae1d-490a-b6e7-62b404ecd35b", delivery.WorkflowId);
        Assert.Null(delivery.OccurredAt);
    }

    [Fact]
    [Trait("Requirement", "ING-14")]
    public void A_voicemail_event_is_a_missed_call_whose_number_must_be_looked_up()
    {
        var delivery = Sample("ghl_inbound_call_voicemail.json");

        Assert.Equal(GhlKind.MissedCall, delivery.Kind);
        Assert.True(delivery.Voicemail);
        Assert.Null(delivery.PhoneRaw);
        Assert.Equal("gb7laj5aYQC4glDtP1r5", delivery.ContactId);
        Assert.Equal("QkNS0DNje0FjoLQdD5O3", delivery.IdempotencyKey);
        Assert.False(delivery.KeyIsDerived);
        Assert.Equal("phone_number", Assert.Single(delivery.Problems).Field);
        Assert.NotNull(delivery.OccurredAt!.Instant);
    }

    [Fact]
    [Trait("Requirement", "ING-14")]
    public void A_call_log_of_twilio_gives_the_caller_the_line_and_the_status()
    {
        var json = Read("""{"From":"+15125550134","To":"+15125550100","CallSid":"CA1","CallStatus":"no-answer"}""");
        var form = GhlReader.Read(
            PayloadDocument.Read(
                "From=%2B15125550134&To=%2B15125550100&CallSid=CA1&CallStatus=no-answer"u8.ToArray(),
                "application/x-www-form-urlencoded"),
            Now);

        Assert.Equal(json, form with { Problems = json.Problems });
        Assert.Equal(GhlKind.MissedCall, json.Kind);
        Assert.Equal("+15125550100", json.To);
        Assert.Equal("CA1:no_answer", json.IdempotencyKey);
    }

    [Theory]
    [Trait("Requirement", "ING-06")]
    [InlineData("""{"type":"call.completed","status":"no-answer","phone":"1"}""", GhlKind.MissedCall)]
    [InlineData("""{"type":"call.completed","status":"busy","phone":"1"}""", GhlKind.MissedCall)]
    [InlineData("""{"type":"call.no-answer","phone":"1"}""", GhlKind.MissedCall)]
    [InlineData("""{"type":"call.completed","status":"completed","answered":false,"phone":"1"}""", GhlKind.MissedCall)]
    [InlineData("""{"type":"call.completed","status":"completed","phone":"1"}""", GhlKind.AnsweredCall)]
    [InlineData("""{"call_status":"voicemail","phone":"1"}""", GhlKind.MissedCall)]
    [InlineData("""{"call_status":"completed","voicemail":true,"phone":"1"}""", GhlKind.MissedCall)]
    [InlineData("""{"call_status":"teleported","phone":"1"}""", GhlKind.Unknown)]
    [InlineData("""{"call_status":"ringing","phone":"1"}""", GhlKind.Unknown)]
    [InlineData("""{"messageType":"CALL","type":"OutboundMessage","direction":"inbound","status":"no-answer"}""", GhlKind.MissedCall)]
    [InlineData("""{"messageType":"CALL","type":"OutboundMessage","status":"no-answer"}""", GhlKind.Unknown)]
    [InlineData("""{"messageType":"SMS","type":"InboundMessage","status":"delivered"}""", GhlKind.Unknown)]
    public void The_status_decides_what_a_call_was(string body, GhlKind kind) => Assert.Equal(kind, Read(body).Kind);

    [Theory]
    [Trait("Requirement", "ING-17")]
    [InlineData("""{"form_name":"Quote","phone":"5125550134","message":"Leak"}""")]
    [InlineData("""{"type":"FormSubmitted","phone":"5125550134","contact_name":"Jane"}""")]
    [InlineData("""{"phone_number":"5125550134","contact_name":"Jane","triggerData":{"form":{"id":"f1","name":"Quote"}}}""")]
    [InlineData("""{"email":"j@example.com","customData":{"origin":"web form"}}""")]
    public void A_form_is_recognised_and_not_treated_as_a_call(string body)
    {
        var delivery = Read(body);

        Assert.Equal(GhlKind.Form, delivery.Kind);
        Assert.Empty(delivery.Problems);
    }

    [Fact]
    public void A_form_without_any_contact_point_names_the_problem() =>
        Assert.Single(Read("""{"form_name":"Quote","message":"Leak"}""").Problems);

    [Fact]
    public void A_derived_key_is_equal_within_a_minute_and_new_after_it()
    {
        const string body = """{"contact_id":"c","phone":"5125550134","date_created":"2025-01-01T00:00:00Z","customData":{"origin":"missed-call"}}""";

        var key = Read(body).IdempotencyKey;

        Assert.Equal(key, Read(body, Now + Duration.FromSeconds(20)).IdempotencyKey);
        Assert.NotEqual(key, Read(body, Now + Duration.FromMinutes(1)).IdempotencyKey);
        Assert.NotEqual(key, Read(body.Replace("5125550134", "5125550135", StringComparison.Ordinal)).IdempotencyKey);
    }

    [Fact]
    public void An_events_own_time_makes_the_key_independent_of_its_arrival()
    {
        const string body = """{"phone":"5125550134","call_time":"2026-08-04T14:50:00Z","call_status":"no-answer"}""";

        Assert.Equal(Read(body).IdempotencyKey, Read(body, Now + Duration.FromHours(3)).IdempotencyKey);
    }

    private static GhlDelivery Sample(string file) =>
        Read(ContractFiles.Sample(file).GetProperty("body").GetRawText());

    private static GhlDelivery Read(string body, Instant? now = null) =>
        GhlReader.Read(PayloadDocument.Read(Encoding.UTF8.GetBytes(body), "application/json"), now ?? Now);
}
