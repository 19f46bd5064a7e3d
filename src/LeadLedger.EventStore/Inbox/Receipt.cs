using NodaTime;

namespace LeadLedger.EventStore.Inbox;

/// <summary>An authentic delivery as it came in: kept raw, under a key that makes a replay recognisable for ever.</summary>
public sealed record Receipt
{
    public required string Tenant { get; init; }

    /// <summary>Where it came from, such as <c>twilio.call</c> or <c>form:website</c>.</summary>
    public required string Source { get; init; }

    /// <summary>The provider's own identifier of the event.</summary>
    public required string Key { get; init; }

    public required Instant ReceivedAt { get; init; }

    public string? ContentType { get; init; }

    /// <summary>The raw query, without the leading question mark.</summary>
    public string? Query { get; init; }

    public required ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>Tells a replay from another delivery under the same key; empty when no body was delivered and any later one is a replay.</summary>
    public required byte[] BodySha256 { get; init; }

    /// <summary>Selected headers as a JSON object; never a signature or a secret.</summary>
    public required string HeadersJson { get; init; }
}

/// <summary>What the inbox says of a delivery seen before.</summary>
/// <param name="Outcome">How it ended, such as <c>accepted</c>.</param>
/// <param name="AnswerJson">The answer it was given.</param>
/// <param name="SameBody">False when the same key came with another body.</param>
public sealed record EarlierReceipt(string Outcome, string? AnswerJson, bool SameBody);

/// <summary>How a delivery ended.</summary>
public static class ReceiptOutcomes
{
    public const string Accepted = "accepted";
    public const string Quarantined = "quarantined";
    public const string Honeypot = "honeypot";

    /// <summary>A key seen before with another body: kept, never merged silently.</summary>
    public const string Conflict = "conflict";

    /// <summary>A quarantined delivery that has since been read.</summary>
    public const string Replayed = "replayed";
}
