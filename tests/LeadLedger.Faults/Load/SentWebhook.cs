using LeadLedger.Faults.Webhooks;

namespace LeadLedger.Faults.Load;

/// <summary>What became of one arrival: acknowledged means that a 2xx was read.</summary>
/// <param name="Webhook">The webhook.</param>
/// <param name="Planned">When it was to be sent.</param>
/// <param name="AckedAt">Microseconds since 1970 after the answer was read; null when it was given up.</param>
/// <param name="Attempts">How often it was sent.</param>
/// <param name="Latency">From the planned moment to the first attempt's answer: waiting for a free sender counts.</param>
/// <param name="FirstStatus">The first attempt's status; 0 for none.</param>
/// <param name="Refusal">A final refusal (4xx), which providers do not repeat.</param>
public sealed record SentWebhook(
    Webhook Webhook, TimeSpan Planned, long? AckedAt, int Attempts, TimeSpan Latency, int FirstStatus, string? Refusal);
