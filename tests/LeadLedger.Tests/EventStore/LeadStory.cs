using System.Globalization;
using LeadLedger.Calls;
using LeadLedger.EventStore;
using LeadLedger.EventStore.Writing;
using LeadLedger.Leads;
using NodaTime;

namespace LeadLedger.Tests.EventStore;

/// <summary>What a missed call leaves in the ledger: a lead with its decision, task, text and alert, and the call itself.</summary>
internal static class LeadStory
{
    public const int EventsPerCall = 8;

    public static string NumberOf(int n) => string.Create(CultureInfo.InvariantCulture, $"+1214{5550000 + n:D7}");

    /// <summary>The request for the n-th lead of a business, called <paramref name="round"/> times before.</summary>
    public static WriteRequest<int> MissedCall(int n, int round = 0, string tenant = TestLedger.Tenant)
    {
        var lead = TestLedger.NewStream(n, tenant);
        var call = LeadStreams.CallOf(tenant, "twilio", $"CA{n}-{round}");
        var number = NumberOf(n);
        var now = TestLedger.Noon + Duration.FromSeconds((round * 60) + n);
        return TestLedger.Request(
            unit => Record(unit, lead, call, number, $"CA{n}-{round}"),
            now: now,
            actor: "provider:twilio",
            receipt: TestLedger.Receipt($"CA{n}-{round}", tenant: tenant),
            gates: [TestLedger.Phone(number, tenant)],
            streams: [lead, call],
            causation: $"twilio.call:CA{n}-{round}");
    }

    private static int Record(WriteUnit unit, StreamKey lead, StreamKey call, string number, string sid)
    {
        var inquiry = unit.Now.NewId();
        var decision = unit.Now.NewId();
        var message = unit.Now.NewId();
        var match = new Match("new", [$"phone:{number}"], "no lead has this number", "match-1", []);
        unit.Append(call, LeadStreams.Call, new CallStatusReported
        {
            Parties = new CallParties { CallSid = sid, From = number, To = "+12145550199" },
            Status = "no_answer",
            IsFinal = true,
            OccurredAt = unit.Now,
        });
        unit.Append(lead, LeadStreams.Lead, new CallMissed
        {
            Inquiry = inquiry,
            Call = call.Id,
            Provider = "twilio",
            CallSid = sid,
            Caller = number,
            CallerRaw = number,
            CallerName = "Zoë \"O'Neil\" 王",
            Line = "+12145550199",
            LineLabel = "Main line",
            Reason = "no_answer",
            RingSeconds = 22,
            OccurredAt = unit.Now,
            Match = match,
        });
        unit.Append(lead, LeadStreams.Lead, new DecisionMade
        {
            Decision = decision,
            Inquiry = inquiry,
            Purpose = Purposes.Acknowledgement,
            Outcome = "permitted",
            Codes = [],
            Gates = [new GateCheck("consent", true, null, "inquiry_reply"), new GateCheck("quiet_hours", true, null, "12:00 in America/Chicago")],
            PolicyVersion = "policy-1",
            Basis = "inquiry_reply",
            Zones = ["America/Chicago"],
        });
        unit.Append(lead, LeadStreams.Lead, new LeadRouted { Owner = "anna", Rule = "line_owner", RoutingReason = "owner of Main line" });
        unit.Append(lead, LeadStreams.Lead, new TaskOpened
        {
            Task = unit.Now.NewId(),
            TaskKind = "callback",
            Inquiry = inquiry,
            Owner = "anna",
            DueAt = unit.Now + Duration.FromMinutes(15),
            Number = number,
            CalledAt = unit.Now,
            Priority = "normal",
        });
        unit.Append(lead, LeadStreams.Lead, new SmsRequested
        {
            Message = message,
            Inquiry = inquiry,
            Decision = decision,
            Purpose = Purposes.Acknowledgement,
            To = number,
            From = "+12145550199",
            Body = "Sorry we missed your call. Anna will ring you back within 15 minutes.",
            Template = "missed_call",
            TemplateVersion = 1,
            TemplateReason = "open now",
            Class = "acknowledgement",
            Segments = 1,
            Encoding = "gsm7",
            PermittedAt = unit.Now,
            NotAfter = unit.Now + Duration.FromMinutes(10),
        });
        unit.Append(lead, LeadStreams.Lead, new OwnerAlertRequested
        {
            Alert = unit.Now.NewId(),
            Inquiry = inquiry,
            AlertKind = "new_inquiry",
            Recipient = "anna",
            Channels = ["sms"],
            SmsTo = "+12145550188",
            Subject = "Missed call",
            SmsBody = $"Missed call from {number}",
            EmailBody = $"Missed call from {number}",
        });
        unit.Append(call, LeadStreams.Call, new CallSettled
        {
            Outcome = "missed",
            Reason = "no_answer",
            RingSeconds = 22,
            Lead = lead.Id,
            Inquiry = inquiry,
        });
        unit.Enqueue(lead.Tenant, lead, TestLedger.Message($"sms:{message}", $"sms:phone:{number}", unit.Now));
        unit.Conclude("accepted", "{}", stream: lead.Id);
        return EventsPerCall;
    }
}
