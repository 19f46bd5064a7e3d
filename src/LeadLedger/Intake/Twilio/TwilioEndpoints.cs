using LeadLedger.Businesses;
using LeadLedger.Calls;
using LeadLedger.Intake.Webhooks;
using LeadLedger.Pausing;
using LeadLedger.Sending;

namespace LeadLedger.Intake.Twilio;

/// <summary>Twilio's webhooks: voice, dial result, recording, plain call status, messages and their status.</summary>
public static class TwilioEndpoints
{
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
            return await edge.QuarantineAsync(http, request, TwilioReports.VoiceSource, call.CallSid, call.To);
        }

        var result = await edge.CommitAsync(http, request, business, TwilioReports.VoiceSource, $"voice:{call.CallSid}",
            now => TwilioReports.Voice(business, call, now, edge.Links));
        var line = RecordCall.LineOf(business, call.To).Line;
        var twiml = TwilioReports.HandlingOf(business, call, edge.Now) == "ring"
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
            return await edge.QuarantineAsync(http, request, TwilioReports.DialSource, call.CallSid, call.To);
        }

        var result = await edge.CommitAsync(http, request, business, TwilioReports.DialSource, $"dial:{call.CallSid}",
            now => TwilioReports.Dial(business, call, now, edge.Links));
        var bridged = call.DialBridged ?? call.DialStatus is CallStatus.Completed;
        return WebhookAnswers.Twiml(
            result, http, bridged ? Twiml.Hangup : VoicemailOf(edge, business, RecordCall.LineOf(business, call.To).Line));
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
        var business = recording.CallSid is null ? null : await edge.BusinessOfAsync(request, called, recording.CallSid, cancellation);
        if (business is null)
        {
            return await edge.QuarantineAsync(http, request, TwilioReports.RecordingSource, recording.CallSid, called);
        }

        var key = $"recording:{recording.RecordingSid ?? recording.CallSid}:{recording.Status ?? "ended"}";
        var result = await edge.CommitAsync(http, request, business, TwilioReports.RecordingSource, key,
            now => TwilioReports.Recording(business, recording, now, edge.Links));
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
        var parent = call.ParentCallSid;
        var business = call.CallSid is null
            ? null
            : await edge.BusinessOfAsync(request, parent is null ? call.To : null, parent ?? call.CallSid, cancellation);
        if (business is null)
        {
            return await edge.QuarantineAsync(http, request, TwilioReports.CallSource, call.CallSid, call.To);
        }

        var key = $"{(parent is null ? "status" : "leg")}:{call.CallSid}:{TwilioReports.StatusOf(call).Name}";
        var result = await edge.CommitAsync(http, request, business, TwilioReports.CallSource, key,
            now => TwilioReports.Status(business, call, now, edge.Links));
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
            return await edge.QuarantineAsync(http, request, TwilioReports.SmsSource, message.MessageSid, message.To);
        }

        var result = await edge.CommitAsync(http, request, business, TwilioReports.SmsSource, message.MessageSid,
            now => ReceiveSms.Request(business, message, now, edge.Links));
        return WebhookAnswers.Twiml(result, http, Twiml.Empty);
    }

    private static async Task<IResult> SmsStatusAsync(
        string token, HttpContext http, TwilioEdge edge, SmsStatusLookup lookup, PauseKeeper pauses, CancellationToken cancellation)
    {
        var (request, refusal) = await edge.ReadAsync(http, cancellation);
        if (request is null)
        {
            return refusal!;
        }

        var status = TwilioMessageStatus.Read(request.Fields);
        var row = await lookup.FindAsync(token, cancellation);
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
        var code = status.ErrorCode?.ToString(System.Globalization.CultureInfo.InvariantCulture);
        if (result.IsStored && StoppingCodes.Contains(code) && RecordSmsStatus.SenderOf(row) is { } sender)
        {
            await pauses.StoppedAsync(business, SendingScopes.Text(sender), code!, "reported after it had taken the text");
        }

        return result.IsStored ? Results.NoContent() : WebhookAnswers.Unavailable(http);
    }

    private static string VoicemailOf(TwilioEdge edge, Business business, Line? line) =>
        line is { Voicemail: false } ? Twiml.Hangup : Twiml.Voicemail(edge.PublicBase, business.Name, RecordingPath, RecordingPath);
}
