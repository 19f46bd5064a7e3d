using LeadLedger.Intake.Webhooks;

namespace LeadLedger.Intake.Twilio;

/// <summary>Twilio's webhooks: voice, dial result, recording, plain call status, messages and their status.</summary>
public static class TwilioEndpoints
{
    public const string Root = "/api/webhooks/twilio";
    public const string DialPath = Root + "/voice/dial";
    public const string RecordingPath = Root + "/voice/recording";

    public static void MapTwilioWebhooks(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup(Root).WithTags("Webhooks").DisableAntiforgery().CountsAccepted();
        Map(group, "/voice", TwilioReports.VoiceSource).WithSummary("An incoming call: answers with TwiML that rings the line's phone");
        Map(group, "/voice/dial", TwilioReports.DialSource).WithSummary("How ringing the phone ended: answers with voicemail or a hang-up");
        Map(group, "/voice/recording", TwilioReports.RecordingSource).WithSummary("A voicemail");
        Map(group, "", TwilioReports.CallSource).WithSummary("A call status, of the call itself or of the leg that rings the phone");
        Map(group, "/sms", TwilioReports.SmsSource).WithSummary("A text from a person");
        group.MapPost("/sms/status/{token}", (string token, HttpContext http, TwilioEdge edge, WebhookIntake intake, CancellationToken cancellation) =>
            TakeAsync(TwilioReports.SmsStatusSource, token, http, edge, intake, cancellation)).WithSummary("The delivery status of one of our texts");
    }

    private static RouteHandlerBuilder Map(IEndpointRouteBuilder group, string path, string route) => group.MapPost(
        path, (HttpContext http, TwilioEdge edge, WebhookIntake intake, CancellationToken cancellation) =>
            TakeAsync(route, "", http, edge, intake, cancellation));

    private static async Task<IResult> TakeAsync(
        string route, string argument, HttpContext http, TwilioEdge edge, WebhookIntake intake, CancellationToken cancellation)
    {
        var (webhook, refusal) = await edge.ReadAsync(http, route, argument, cancellation);
        return webhook is null ? refusal! : await intake.TakeAsync(http, webhook);
    }
}
