using LeadLedger.Businesses;
using LeadLedger.Calls;
using LeadLedger.Intake.Webhooks;
using LeadLedger.Leads;
using NodaTime;

namespace LeadLedger.Intake.Twilio;

/// <summary>What each authentic Twilio request asks of the ledger; also used when a kept one is replayed.</summary>
public static class TwilioReports
{
    public const string VoiceSource = "twilio.voice";
    public const string DialSource = "twilio.dial";
    public const string RecordingSource = "twilio.recording";
    public const string CallSource = "twilio.call";
    public const string SmsSource = "twilio.sms";
    public const string SmsStatusSource = "twilio.sms_status";

    /// <summary>The request behind a kept delivery; null when it still cannot be read.</summary>
    public static DeliveryRequest? Of(
        string source, Business business, IReadOnlyList<KeyValuePair<string, string>> fields, Instant now, StaffLinks links)
    {
        var call = TwilioCallRequest.Read(fields);
        return source switch
        {
            VoiceSource when call.CallSid is not null => Voice(business, call, now, links),
            DialSource when call.CallSid is not null => Dial(business, call, now, links),
            RecordingSource when TwilioRecording.Read(fields) is { CallSid: not null } recording => Recording(business, recording, now, links),
            CallSource when call.CallSid is not null => Status(business, call, now, links),
            SmsSource when TwilioMessage.Read(fields) is { MessageSid: not null } message => ReceiveSms.Request(business, message, now, links),
            _ => null,
        };
    }

    public static DeliveryRequest Voice(Business business, TwilioCallRequest call, Instant now, StaffLinks links) =>
        Call(business, call, now, links, new CallRinging
        {
            Parties = Parties(call),
            OccurredAt = call.Timestamp ?? now,
            Handling = HandlingOf(business, call, now),
            AfterHours = !business.Calendar.IsOpen(now),
        });

    public static DeliveryRequest Dial(Business business, TwilioCallRequest call, Instant now, StaffLinks links)
    {
        var status = call.DialStatus ?? CallStatus.Unknown;
        return Call(business, call, now, links, new DialReported
        {
            Parties = Parties(call),
            Status = status == CallStatus.Unknown ? SafeText.Line(call.DialStatusText ?? "unknown", 40) : CallStatuses.Name(status),
            Bridged = call.DialBridged,
            DurationSeconds = call.DialCallDuration,
            OccurredAt = call.Timestamp ?? now,
            MinAnsweredSeconds = RecordCall.LineOf(business, call.To).Line?.MinAnsweredSeconds ?? 0,
        });
    }

    public static DeliveryRequest Recording(Business business, TwilioRecording recording, Instant now, StaffLinks links) =>
        recording.RecordingSid is null
            ? new DeliveryRequest(_ => (WebhookAnswers.Json(new WebhookAnswer("pending", null, null, null)), null))
            : Call(business, recording.CallSid!, links, new VoicemailRecorded
            {
                CallSid = recording.CallSid!,
                Voicemail = new Voicemail(recording.RecordingSid, recording.Url, recording.Duration),
                Status = recording.Status ?? "completed",
                OccurredAt = recording.StartTime ?? now,
            });

    public static DeliveryRequest Status(Business business, TwilioCallRequest call, Instant now, StaffLinks links)
    {
        var (status, name) = StatusOf(call);
        var at = call.Timestamp ?? now;
        if (call.ParentCallSid is { } parent)
        {
            return Call(business, parent, links, new LegReported
            {
                Parties = new CallParties { CallSid = SafeText.Line(parent, 64) },
                LegSid = SafeText.Line(call.CallSid!, 64),
                Status = name,
                OccurredAt = at,
            });
        }

        return Call(business, call, now, links, new CallStatusReported
        {
            Parties = Parties(call),
            Status = name,
            IsFinal = CallStatuses.IsFinal(status),
            DurationSeconds = call.CallDuration,
            OccurredAt = at,
            StatusOnly = RecordCall.LineOf(business, call.To).Line?.Mode == LineMode.StatusOnly,
            AfterHours = !business.Calendar.IsOpen(at),
        });
    }

    /// <summary>The status and its stored name. A post without one comes from a flow that fires on missed calls only.</summary>
    public static (CallStatus Status, string Name) StatusOf(TwilioCallRequest call)
    {
        var status = call.StatusText is null ? CallStatus.NoAnswer : call.Status;
        return (status, status == CallStatus.Unknown ? SafeText.Line(call.StatusText!, 40) : CallStatuses.Name(status));
    }

    /// <summary>How our voice webhook answers: ring, voicemail or forwarded_voicemail.</summary>
    public static string HandlingOf(Business business, TwilioCallRequest call, Instant now) =>
        RecordCall.LineOf(business, call.To).Line switch
        {
            { Mode: LineMode.ForwardedWhenUnanswered } => "forwarded_voicemail",
            { Mode: LineMode.Ring, RingTo: not null } line when line.RingAfterHours || business.Calendar.IsOpen(now) => "ring",
            _ => "voicemail",
        };

    private static DeliveryRequest Call(Business business, TwilioCallRequest call, Instant now, StaffLinks links, ICallEvent fact) =>
        Call(business, call.CallSid!, links, fact) with
        {
            Gates =
            [
                .. CaptureInquiry.Gates(business, RecordCall.IdentityOf(call.From, null, business)),
                .. WorkInquiry.ExtraGates(business, now),
            ],
        };

    private static DeliveryRequest Call(Business business, string callSid, StaffLinks links, ICallEvent fact) =>
        new(unit =>
        {
            var answer = RecordCall.Apply(unit, business, RecordCall.Twilio, callSid, fact, links, business.TestMode);
            return (WebhookAnswers.Json(new WebhookAnswer(answer.Outcome, answer.Lead, answer.Inquiry, answer.Match)), answer.Lead);
        })
        {
            Streams = [LeadStreams.CallOf(business.Id, RecordCall.Twilio, callSid)],
        };

    private static CallParties Parties(TwilioCallRequest call) => new()
    {
        CallSid = SafeText.Line(call.CallSid!, 64),
        From = Short(call.From),
        To = Short(call.To),
        CallerName = Short(call.CallerName),
        ForwardedFrom = Short(call.ForwardedFrom),
        SpamScore = call.SpamScore,
        Attestation = call.Attestation is { Passed: true, Letter: { } letter } ? letter.ToString() : null,
    };

    private static string? Short(string? text) => text is null ? null : SafeText.Line(text, 120);
}
