using LeadLedger.Businesses;
using LeadLedger.Calls;
using LeadLedger.Intake.Webhooks;
using LeadLedger.Pausing;
using LeadLedger.Sending;

namespace LeadLedger.Intake.Twilio;

/// <summary>What each authentic Twilio webhook does, live and when it is replayed, and what Twilio is told while it is kept.</summary>
public sealed class TwilioRoutes(TwilioEdge edge, SmsStatusLookup lookup, PauseKeeper pauses) : IWebhookRoutes
{
    public IEnumerable<WebhookRoute> Routes =>
    [
        new(TwilioReports.VoiceSource, VoiceAsync, VoiceAnswer),
        new(TwilioReports.DialSource, DialAsync, DialAnswer),
        new(TwilioReports.RecordingSource, RecordingAsync, _ => WebhookAnswers.Twiml(Twiml.Hangup)),
        new(TwilioReports.CallSource, StatusAsync, _ => WebhookAnswers.Kept),
        new(TwilioReports.SmsSource, SmsAsync, _ => WebhookAnswers.Twiml(Twiml.Empty)),
        new(TwilioReports.SmsStatusSource, SmsStatusAsync, _ => Results.NoContent()),
    ];

    private async Task<Taken> VoiceAsync(Webhook webhook, CancellationToken cancellation)
    {
        var request = edge.RequestOf(webhook);
        var call = TwilioCallRequest.Read(request.Fields);
        if (call.CallSid is null || request.BusinessOf(call.To) is not { } business)
        {
            return await edge.QuarantineAsync(webhook, TwilioReports.VoiceSource, call.CallSid, call.To);
        }

        var result = await edge.CommitAsync(
            webhook, business, TwilioReports.VoiceSource, $"voice:{call.CallSid}", TwilioReports.Voice(business, call, webhook.ReceivedAt, edge.Links));
        return WebhookAnswers.Of(result, VoiceAnswer(webhook));
    }

    private async Task<Taken> DialAsync(Webhook webhook, CancellationToken cancellation)
    {
        var request = edge.RequestOf(webhook);
        var call = TwilioCallRequest.Read(request.Fields);
        if (call.CallSid is null || request.BusinessOf(call.To) is not { } business)
        {
            return await edge.QuarantineAsync(webhook, TwilioReports.DialSource, call.CallSid, call.To);
        }

        var result = await edge.CommitAsync(
            webhook, business, TwilioReports.DialSource, $"dial:{call.CallSid}", TwilioReports.Dial(business, call, webhook.ReceivedAt, edge.Links));
        return WebhookAnswers.Of(result, DialAnswer(webhook));
    }

    private async Task<Taken> RecordingAsync(Webhook webhook, CancellationToken cancellation)
    {
        var request = edge.RequestOf(webhook);
        var recording = TwilioRecording.Read(request.Fields);
        var called = TwilioCallRequest.Read(request.Fields).To;
        var business = recording.CallSid is null ? null : await edge.BusinessOfAsync(request, called, recording.CallSid, cancellation);
        if (business is null)
        {
            return await edge.QuarantineAsync(webhook, TwilioReports.RecordingSource, recording.CallSid, called);
        }

        var key = $"recording:{recording.RecordingSid ?? recording.CallSid}:{recording.Status ?? "ended"}";
        var result = await edge.CommitAsync(
            webhook, business, TwilioReports.RecordingSource, key, TwilioReports.Recording(business, recording, webhook.ReceivedAt, edge.Links));
        return WebhookAnswers.Of(result, WebhookAnswers.Twiml(Twiml.Hangup));
    }

    private async Task<Taken> StatusAsync(Webhook webhook, CancellationToken cancellation)
    {
        var request = edge.RequestOf(webhook);
        var call = TwilioCallRequest.Read(request.Fields);
        var parent = call.ParentCallSid;
        var business = call.CallSid is null
            ? null
            : await edge.BusinessOfAsync(request, parent is null ? call.To : null, parent ?? call.CallSid, cancellation);
        if (business is null)
        {
            return await edge.QuarantineAsync(webhook, TwilioReports.CallSource, call.CallSid, call.To);
        }

        var key = $"{(parent is null ? "status" : "leg")}:{call.CallSid}:{TwilioReports.StatusOf(call).Name}";
        return WebhookAnswers.Of(await edge.CommitAsync(
            webhook, business, TwilioReports.CallSource, key, TwilioReports.Status(business, call, webhook.ReceivedAt, edge.Links)));
    }

    private async Task<Taken> SmsAsync(Webhook webhook, CancellationToken cancellation)
    {
        var request = edge.RequestOf(webhook);
        var message = TwilioMessage.Read(request.Fields);
        if (message.MessageSid is null || request.BusinessOf(message.To) is not { } business)
        {
            return await edge.QuarantineAsync(webhook, TwilioReports.SmsSource, message.MessageSid, message.To);
        }

        var result = await edge.CommitAsync(
            webhook, business, TwilioReports.SmsSource, message.MessageSid, ReceiveSms.Request(business, message, webhook.ReceivedAt, edge.Links));
        return WebhookAnswers.Of(result, WebhookAnswers.Twiml(Twiml.Empty));
    }

    private async Task<Taken> SmsStatusAsync(Webhook webhook, CancellationToken cancellation)
    {
        var request = edge.RequestOf(webhook);
        var status = TwilioMessageStatus.Read(request.Fields);
        var row = await lookup.FindAsync(webhook.Argument, cancellation);
        var business = request.Businesses.FirstOrDefault(b => row is null || b.Id == row.Tenant);
        if (business is null && row is not null && request.Businesses.Count > 0)
        {
            return new Taken(Deliveries.ResultKind.Refused, WebhookAnswers.BadSignature("The message belongs to another business."));
        }

        if (business is null || row is null || status.MessageSid is null || status.Status is null)
        {
            return await edge.QuarantineAsync(webhook, TwilioReports.SmsStatusSource, status.MessageSid, null);
        }

        var key = $"{status.MessageSid}:{status.Status.ToLowerInvariant()}";
        var result = await edge.CommitAsync(webhook, business, TwilioReports.SmsStatusSource, key, RecordSmsStatus.Request(business, row, status));
        var code = status.ErrorCode?.ToString(System.Globalization.CultureInfo.InvariantCulture);
        if (result.IsStored && StoppingCodes.Contains(code) && RecordSmsStatus.SenderOf(row) is { } sender)
        {
            await pauses.StoppedAsync(business, SendingScopes.Text(sender), code!, "reported after it had taken the text");
        }

        return WebhookAnswers.Of(result, Results.NoContent());
    }

    private IResult VoiceAnswer(Webhook webhook)
    {
        var request = edge.RequestOf(webhook);
        var call = TwilioCallRequest.Read(request.Fields);
        if (call.CallSid is null || request.BusinessOf(call.To) is not { } business)
        {
            return WebhookAnswers.Quarantined;
        }

        var line = RecordCall.LineOf(business, call.To).Line;
        return WebhookAnswers.Twiml(TwilioReports.HandlingOf(business, call, webhook.ReceivedAt) == "ring"
            ? Twiml.Dial(edge.PublicBase, line!.RingTo!.E164, line.RingSeconds, TwilioEndpoints.DialPath, TwilioEndpoints.Root)
            : VoicemailOf(business, line));
    }

    private IResult DialAnswer(Webhook webhook)
    {
        var request = edge.RequestOf(webhook);
        var call = TwilioCallRequest.Read(request.Fields);
        if (call.CallSid is null || request.BusinessOf(call.To) is not { } business)
        {
            return WebhookAnswers.Quarantined;
        }

        var bridged = call.DialBridged ?? call.DialStatus is CallStatus.Completed;
        return WebhookAnswers.Twiml(bridged ? Twiml.Hangup : VoicemailOf(business, RecordCall.LineOf(business, call.To).Line));
    }

    private string VoicemailOf(Business business, Line? line) => line is { Voicemail: false }
        ? Twiml.Hangup
        : Twiml.Voicemail(edge.PublicBase, business.Name, TwilioEndpoints.RecordingPath, TwilioEndpoints.RecordingPath);
}
