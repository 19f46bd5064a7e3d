using LeadLedger.Businesses;
using LeadLedger.EventStore;
using LeadLedger.EventStore.Outbox;
using LeadLedger.Leads;
using LeadLedger.Sending;
using LeadLedger.Tests.Support;
using NodaTime;

namespace LeadLedger.Tests.Leads;

/// <summary>Which work each fact sets in motion, and when it is due.</summary>
public sealed class LeadReactionsTests
{
    private static readonly Instant Now = TestApp.WednesdayMorning;
    private static readonly Lead KnownLead = Given.Lead(Now, Given.Call(Now));

    [Fact]
    public void A_requested_text_is_sent_at_once_in_the_numbers_own_lane_and_not_after_its_time()
    {
        var limit = Now + Duration.FromMinutes(15);
        var work = Assert.Single(To(new SmsRequested
        {
            Message = Now.NewId(),
            Inquiry = Now.NewId(),
            Decision = Now.NewId(),
            Purpose = Purposes.Acknowledgement,
            To = "+12145557001",
            From = TestBusiness.MainLine,
            Body = "Hello",
            Template = "ack-default",
            TemplateVersion = 1,
            TemplateReason = "missed call",
            Class = "transactional",
            Segments = 1,
            Encoding = "GSM-7",
            PermittedAt = Now,
            NotAfter = limit,
        }));
        Assert.Equal(("send_sms", "sms:+12145557001", Now, limit), (work.Kind, work.Lane, work.DueAt, work.NotAfter));
    }

    [Theory]
    [Trait("Requirement", "CON-09")]
    [InlineData(true, 1)]
    [InlineData(false, 0)]
    public void Only_a_deferred_decision_is_made_again(bool deferred, int expected)
    {
        var opening = Now + Duration.FromHours(9);
        var work = To(new DecisionMade
        {
            Decision = Now.NewId(),
            Inquiry = Now.NewId(),
            Purpose = Purposes.Acknowledgement,
            Outcome = deferred ? "deferred" : "denied",
            Codes = [ReasonCodes.QuietHoursDeferred],
            Gates = [],
            PolicyVersion = "1",
            SendAfter = deferred ? opening : null,
        });
        Assert.Equal(expected, work.Count);
        Assert.All(work, item => Assert.Equal(("reconsider_inquiry", opening), (item.Kind, item.DueAt)));
    }

    [Fact]
    [Trait("Requirement", "OWN-05")]
    public void Each_channel_of_an_alert_is_work_of_its_own()
    {
        var work = To(new OwnerAlertRequested
        {
            Alert = Now.NewId(),
            Inquiry = Now.NewId(),
            AlertKind = "new_inquiry",
            Recipient = "dana",
            Channels = ["sms", "email"],
            SmsTo = "+12145550121",
            SmsFrom = TestBusiness.MainLine,
            EmailTo = "dana@northside.example",
            Subject = "New lead",
            SmsBody = "short",
            EmailBody = "long",
        });
        Assert.Equal(["alert_sms", "alert_email"], work.Select(item => item.Kind));
        Assert.Equal(2, work.Select(item => item.EffectKey).Distinct().Count());
    }

    [Fact]
    [Trait("Requirement", "C-17")]
    public void An_opened_task_waits_for_the_first_rung_only() =>
        Assert.Equal(("escalate_task", Now + Duration.FromMinutes(15)), Assert.Single(To(Opened())) is var rung ? (rung.Kind, rung.DueAt) : default);

    [Fact]
    [Trait("Requirement", "GEN-02")]
    public void Facts_that_only_record_set_nothing_in_motion() =>
        Assert.All((ILeadEvent[])[new NoteAdded("called twice", "dana"), new SmsSent(Now.NewId(), "SM1"), Given.Call(Now)], fact => Assert.Empty(To(fact)));

    [Fact]
    public void The_mark_of_a_text_and_what_staff_do_with_work_tell_no_other_system_and_alert_nobody()
    {
        var business = Given.Business(file => file["crm"] = System.Text.Json.Nodes.JsonNode.Parse(
            """[{ "name": "jobs", "url": "https://crm.example/hook", "signingSecret": { "env": "CRM_SECRET" } }]"""));
        ILeadEvent[] facts =
        [
            new SmsCalling { Message = Now.NewId(), To = "+12145557001", Purpose = Purposes.Acknowledgement, Attempt = 1, ValiditySeconds = 900 },
            new NumberUnreachable("phone", "+12145557001", "21614", "it is no mobile number"),
            new WorkRetried(Now.NewId(), "mirror_lead", "parked", "dana"),
            new WorkDiscarded(Now.NewId(), "send_sms", "ambiguous", "dana", "reached by phone"),
        ];
        Assert.All(facts, fact => Assert.Empty(To(fact, business)));
        Assert.NotEmpty(To(Opened(), business));
    }

    private static TaskOpened Opened() => new()
    {
        Task = Now.NewId(),
        TaskKind = "callback",
        Inquiry = Now.NewId(),
        Owner = "dana",
        DueAt = Now + Duration.FromMinutes(30),
        Priority = "normal",
    };

    private static List<OutboxMessage> To(ILeadEvent fact, Business? business = null) => [.. LeadReactions.To(
        KnownLead,
        new RecordedEvent
        {
            Stream = new StreamKey("northside", KnownLead.Id),
            Version = 2,
            Id = Now.NewId(),
            Type = "",
            Data = fact,
            Timestamp = Now,
            Actor = "system",
            Hash = "",
            Leaf = "",
            Salt = "",
        },
        business ?? Given.Business())];
}
