using NodaTime;

namespace LeadLedger.Reconciling;

/// <summary>What a provider's list answered.</summary>
/// <param name="Items">The items read; empty when it could not be listed.</param>
/// <param name="Problem">Why it cannot be listed now; null when it could.</param>
public sealed record ProviderList<T>(IReadOnlyList<T> Items, string? Problem)
{
    /// <summary>There was more than was asked for.</summary>
    public bool Cut { get; init; }
}

/// <summary>A text as the provider lists it.</summary>
public sealed record ListedMessage
{
    public required string Sid { get; init; }

    /// <summary>inbound, outbound-api, outbound-call or outbound-reply.</summary>
    public required string Direction { get; init; }

    public string? From { get; init; }

    public string? To { get; init; }

    /// <summary>The words as the provider has them; null where they were redacted.</summary>
    public string? Body { get; init; }

    public required string Status { get; init; }

    public int? ErrorCode { get; init; }

    public int Media { get; init; }

    public required Instant CreatedAt { get; init; }

    /// <summary>When it was sent or received; null while it is queued.</summary>
    public Instant? SentAt { get; init; }

    public bool IsOutbound => Direction.StartsWith("outbound", StringComparison.Ordinal);
}

/// <summary>A call, or the leg of one, as the provider lists it.</summary>
public sealed record ListedCall
{
    public required string Sid { get; init; }

    /// <summary>The customer's call, on a leg that rang a phone.</summary>
    public string? ParentSid { get; init; }

    /// <summary>inbound, outbound-api or outbound-dial.</summary>
    public required string Direction { get; init; }

    public string? From { get; init; }

    public string? To { get; init; }

    public required string Status { get; init; }

    public Instant? StartedAt { get; init; }

    public Instant? EndedAt { get; init; }

    public int? DurationSeconds { get; init; }

    public string? CallerName { get; init; }

    public string? ForwardedFrom { get; init; }
}
