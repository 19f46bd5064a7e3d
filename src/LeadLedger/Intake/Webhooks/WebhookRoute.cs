namespace LeadLedger.Intake.Webhooks;

/// <summary>What one endpoint does with an authentic webhook, live and again when it is replayed from the spool.</summary>
/// <param name="Name">As <see cref="Webhook.Route"/> begins: the whole of it, or the part before a colon.</param>
/// <param name="Run">Decides and commits.</param>
/// <param name="Kept">What the sender is told when it is kept for later; it may ask the configuration and never the database.</param>
public sealed record WebhookRoute(string Name, Func<Webhook, CancellationToken, Task<Taken>> Run, Func<Webhook, IResult> Kept);

/// <summary>What became of a webhook.</summary>
/// <param name="Kind">Whether it is stored, and how.</param>
/// <param name="Answer">What the sender is told.</param>
public readonly record struct Taken(Deliveries.ResultKind Kind, IResult Answer);

/// <summary>Endpoints whose webhooks can be replayed.</summary>
public interface IWebhookRoutes
{
    IEnumerable<WebhookRoute> Routes { get; }
}
