using LeadLedger.Businesses;
using LeadLedger.Calls;
using LeadLedger.Intake.Webhooks;
using LeadLedger.Leads;
using LeadLedger.Sending;

namespace LeadLedger.Intake.Twilio;

/// <summary>Twilio's webhooks: voice, dial result, recording, plain call status, messages and their status.</summary>
public static class TwilioEndpoints
{
    private const string Actor = "provider:twilio";
    private const string Root = "/api/webhooks/twilio";
    private const string DialPath = Root + "/voice/dial";
    private const string RecordingPath = Root + "/voice/recording";

    public static void MapTwilioWebhooks(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup(Root).WithTags("Webhooks").DisableAntiforgery();
        group.MapPost("/voice", VoiceAsync).WithSummary("An incoming call: answers with TwiML that rings the line's phone");
        group.MapPost("/voice/dial", DialAsync).WithSummary("How ringing the phone ended: answers with voicemail or a hang-up");
        group.MapPost("/voice/recording", RecordingAsync).WithSummary("A voicemail");
        group.MapPost("", StatusAsync).WithSummary("A call status, of the call itself or of the leg that rings the phone");
        group.MapPost("/sms", SmsAsync).WithSummary("A text from a person");
        group.MapPost("/sms/status/{token}", SmsStatusAsync).WithSummary("The delivery status of one of our texts");
    }

    private static async Task<IResult> VoiceAsync(HttpContext http, TwilioEdge edge, CancellationToken cancellation)
    {
        var (request, refusal) = await edge.ReadAsync(http, cancellation);
        if (request is null)
        {
            return refusal!;
        }

        var call = TwilioCallRequest.Read(request.Fields);
        if (call.CallSid is null || request.BusinessOf(call.To) is not { } business)
        {
            return await edge.QuarantineAsync(http, request, "twilio.voice", call.CallSid, call.To);
        }

        var (line, _) = RecordCall.LineOf(business, call.To);
        var closed = !business.Calendar.IsOpen(edge.Now);
        var handling = HandlingOf(line, closed);
        var result = await edge.CommitAsync(http, request, business, "twilio.voice", $"voice:{call.CallSid}", now => Call(
            business, call, edge, new CallRinging { Parties = Parties(call), OccurredAt = call.Timestamp ?? now, Handling = handling, AfterHours = closed }));
        var twiml = handling == "ring"
            ? Twiml.Dial(edge.PublicBase, line!.RingTo!.E164, line.RingSeconds, DialPath, Root)
            : VoicemailOf(edge, business, line);
        return WebhookAnswers.Twiml(result, http, twiml);
    }

    private static async Task<IResult> DialAsync(HttpContext http, TwilioEdge edge, CancellationToken cancellation)
    {
        var (request, refusal) = await edge.ReadAsync(http, cancellation);
        if (request is null)
        {
            return refusal!;
        }

        var call = TwilioCallRequest.Read(request.Fields);
        if (call.CallSid is null || request.BusinessOf(call.To) is not { } business)
        {
            return await edge.QuarantineAsync(http, request, "twilio.dial", call.CallSid, call.To);
        }

        var (line, _) = RecordCall.LineOf(business, call.To);
        var status = call.DialStatus ?? CallStatus.Unknown;
        var bridged = call.DialBridged ?? status is CallStatus.Completed;
        var result = await edge.CommitAsync(http, request, business, "twilio.dial", $"dial:{call.CallSid}", now => Call(
            business, call, edge, new DialReported
            {
                Parties = Parties(call),
                Status = status == CallStatus.Unknown ? SafeText.Line(call.DialStatusText ?? "unknown", 40) : CallStatuses.Name(status),
                Bridged = call.DialBridged,
                DurationSeconds = call.DialCallDuration,
                OccurredAt = call.Timestamp ?? now,
                MinAnsweredSeconds = line?.MinAnsweredSeconds ?? 0,
            }));
        return WebhookAnswers.Twiml(result, http, bridged ? Twiml.Hangup : VoicemailOf(edge, business, line));
    }

    private static async Task<IResult> RecordingAsync(HttpContext http, TwilioEdge edge, CancellationToken cancellation)
    {
        var (request, refusal) = await edge.ReadAsync(http, cancellation);
        if (request is null)
        {
            return refusal!;
        }

        var recording = TwilioRecording.Read(request.Fields);
        var called = TwilioCallRequest.Read(request.Fields).To;
        var business = request.BusinessOf(called)
            ?? (recording.CallSid is null ? null : await edge.BusinessOfCallAsync(request.Businesses, recording.CallSid, cancellation));
        if (recording.CallSid is null || business is null)
        {
            return await edge.QuarantineAsync(http, request, "twilio.recording", recording.CallSid, called);
        }

        var key = $"recording:{recording.RecordingSid ?? recording.CallSid}:{recording.Status ?? "ended"}";
        var result = await edge.CommitAsync(http, request, business, "twilio.recording", key, now => recording.RecordingSid is null
            ? new DeliveryRequest(_ => (WebhookAnswers.Json(new WebhookAnswer("pending", null, null, null)), null))
            : Call(business, recording.CallSid, edge, new VoicemailRecorded
            {
                CallSid = recording.CallSid,
                Voicemail = new Voicemail(recording.RecordingSid, recording.Url, recording.Duration),
                Status = recording.Status ?? "completed",
                OccurredAt = recording.StartTime ?? now,
            }));
        return WebhookAnswers.Twiml(result, http, Twiml.Hangup);
    }

    private static async Task<IResult> StatusAsync(HttpContext http, TwilioEdge edge, CancellationToken cancellation)
    {
        var (request, refusal) = await edge.ReadAsync(http, cancellation);
        if (request is null)
        {
            return refusal!;
        }

        var call = TwilioCallRequest.Read(request.Fields);
        if (call.CallSid is null)
        {
            return await edge.QuarantineAsync(http, request, "twilio.call", null, call.To);
        }

        var parent = call.ParentCallSid;
        var business = request.BusinessOf(parent is null ? call.To : null)
            ?? await edge.BusinessOfCallAsync(request.Businesses, parent ?? call.CallSid, cancellation);
        if (business is null)
        {
            return await edge.QuarantineAsync(http, request, "twilio.call", call.CallSid, call.To);
        }

        // A post without a status comes from a flow that fires on missed calls only.
        var status = call.StatusText is null ? CallStatus.NoAnswer : call.Status;
        var name = status == CallStatus.Unknown ? SafeText.Line(call.StatusText!, 40) : CallStatuses.Name(status);
        var kind = parent is null ? "status" : "leg";
        var result = await edge.CommitAsync(http, request, business, "twilio.call", $"{kind}:{call.CallSid}:{name}", now =>
        {
            var at = call.Timestamp ?? now;
            if (parent is not null)
            {
                return Call(business, parent, edge, new LegReported
                {
                    Parties = new CallParties { CallSid = parent },
                    LegSid = call.CallSid,
                    Status = name,
                    OccurredAt = at,
                });
            }

            var (line, _) = RecordCall.LineOf(business, call.To);
            return Call(business, call, edge, new CallStatusReported
            {
                Parties = Parties(call),
                Status = name,
                IsFinal = CallStatuses.IsFinal(status),
                DurationSeconds = call.CallDuration,
                OccurredAt = at,
                StatusOnly = line?.Mode == LineMode.StatusOnly,
                AfterHours = !business.Calendar.IsOpen(at),
            });
        });
        return WebhookAnswers.Of(result, http);
    }

    private static async Task<IResult> SmsAsync(HttpContext http, TwilioEdge edge, CancellationToken cancellation)
    {
        var (request, refusal) = await edge.ReadAsync(http, cancellation);
        if (request is null)
        {
            return refusal!;
        }

        var message = TwilioMessage.Read(request.Fields);
        if (message.MessageSid is null || request.BusinessOf(message.To) is not { } business)
        {
            return await edge.QuarantineAsync(http, request, "twilio.sms", message.MessageSid, message.To);
        }

        var result = await edge.CommitAsync(http, request, business, "twilio.sms", message.MessageSid, now =>
            ReceiveSms.Request(business, message, now, edge.Links));
        return WebhookAnswers.Twiml(result, http, Twiml.Empty);
    }

    private static async Task<IResult> SmsStatusAsync(
        string token, HttpContext http, TwilioEdge edge, SmsStatusLookup lookup, CancellationToken cancellation)
    {
        var (request, refusal) = await edge.ReadAsync(http, cancellation);
        if (request is null)
        {
            return refusal!;
        }

        var status = TwilioMessageStatus.Read(request.Fields);
        OutboxReference? row;
        try
        {
            row = await lookup.FindAsync(token, cancellation);
        }
        catch (Exception exception) when (exception is Npgsql.NpgsqlException or TimeoutException)
        {
            return WebhookAnswers.Unavailable(http);
        }

        var business = request.Businesses.FirstOrDefault(b => row is null || b.Id == row.Tenant);
        if (business is null)
        {
            return WebhookAnswers.BadSignature("The message belongs to another business.");
        }

        if (row is null || status.MessageSid is null || status.Status is null)
        {
            return await edge.QuarantineAsync(http, request, "twilio.sms_status", status.MessageSid, null);
        }

        var key = $"{status.MessageSid}:{status.Status.ToLowerInvariant()}";
        var result = await edge.CommitAsync(http, request, business, "twilio.sms_status", key, _ => RecordSmsStatus.Request(business, row, status));
        return result.IsStored ? Results.NoContent() : WebhookAnswers.Unavailable(http);
    }

    private static DeliveryRequest Call(Business business, TwilioCallRequest call, TwilioEdge edge, ICallEvent fact) =>
        Call(business, call.CallSid!, edge, fact) with
        {
            Gates =
            [
                .. CaptureInquiry.Gates(business, RecordCall.IdentityOf(call.From, null, business)),
                .. WorkInquiry.ExtraGates(business, edge.Now),
            ],
        };

    private static DeliveryRequest Call(Business business, string callSid, TwilioEdge edge, ICallEvent fact) =>
        new(unit =>
        {
            var answer = RecordCall.Apply(unit, business, callSid, fact, edge.Links, business.TestMode);
            return (WebhookAnswers.Json(new WebhookAnswer(answer.Outcome, answer.Lead, answer.Inquiry, answer.Match)), answer.Lead);
        })
        {
            Streams = [LeadStreams.CallOf(business.Id, RecordCall.Twilio, callSid)],
        };

    private static CallParties Parties(TwilioCallRequest call) => new()
    {
        CallSid = SafeText.Line(call.CallSid!, 64),
        From = call.From is null ? null : SafeText.Line(call.From, 120),
        To = call.To is null ? null : SafeText.Line(call.To, 120),
        CallerName = call.CallerName is null ? null : SafeText.Line(call.CallerName, 120),
        ForwardedFrom = call.ForwardedFrom is null ? null : SafeText.Line(call.ForwardedFrom, 120),
        SpamScore = call.SpamScore,
        Attestation = call.Attestation is { Passed: true, Letter: { } letter } ? letter.ToString() : null,
    };

    private static string HandlingOf(Line? line, bool closed) => line switch
    {
        { Mode: LineMode.ForwardedWhenUnanswered } => "forwarded_voicemail",
        { Mode: LineMode.Ring, RingTo: not null } when !closed || line.RingAfterHours => "ring",
        _ => "voicemail",
    };

    private static string VoicemailOf(TwilioEdge edge, Business business, Line? line) =>
        line is { Voicemail: false } ? Twiml.Hangup : Twiml.Voicemail(edge.PublicBase, business.Name, RecordingPath, RecordingPath);
}
