using NodaTime;

namespace LeadLedger.EventStore.Outbox;

/// <summary>Work that a fact sets in motion, written in the fact's own transaction.</summary>
public sealed record OutboxMessage
{
    /// <summary>Which handler does it, such as <c>send_sms</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>Unique in its tenant for ever: the same effect cannot be asked for twice.</summary>
    public required string EffectKey { get; init; }

    /// <summary>Rows of one lane are worked in order, one at a time; null has no order.</summary>
    public string? Lane { get; init; }

    /// <summary>What it leaves the building through, such as <c>text:+13125550100</c>; null when nothing leaves. A held scope waits.</summary>
    public string? Scope { get; init; }

    public required Instant DueAt { get; init; }

    /// <summary>After this it is no longer worth doing.</summary>
    public Instant? NotAfter { get; init; }

    /// <summary>Asking for an effect that was asked for before is no mistake here: it is left as it is.</summary>
    public bool OnlyOnce { get; init; }

    /// <summary>What the handler needs, as JSON.</summary>
    public required byte[] Body { get; init; }
}

/// <summary>The states of a work item.</summary>
public static class OutboxStates
{
    public const string Pending = "pending";

    /// <summary>A worker has it; nothing has left the building.</summary>
    public const string Claimed = "claimed";

    /// <summary>The request may have left: from here it is never sent again unless it provably did not leave.</summary>
    public const string Calling = "calling";

    public const string Done = "done";

    public const string Rejected = "rejected";

    public const string Cancelled = "cancelled";

    public const string Expired = "expired";

    /// <summary>The outcome of the call is unknown; evidence is being looked for.</summary>
    public const string Ambiguous = "ambiguous";

    /// <summary>No evidence was found in time and a person was told; late evidence still settles it.</summary>
    public const string Unconfirmed = "unconfirmed";

    /// <summary>Gave up: it waits for a person.</summary>
    public const string Parked = "parked";

    public static bool IsFinished(string state) => state is Done or Rejected or Cancelled or Expired;
}

/// <summary>A work item as it was claimed or locked.</summary>
public sealed record OutboxItem
{
    public required Guid Id { get; init; }

    public required string Tenant { get; init; }

    public Guid? StreamId { get; init; }

    public required string Kind { get; init; }

    public required string EffectKey { get; init; }

    public required string State { get; init; }

    public required Instant DueAt { get; init; }

    public Instant? NotAfter { get; init; }

    /// <summary>Raised by every claim: a worker whose fence is behind has lost the row.</summary>
    public required long Fence { get; init; }

    public required int Attempts { get; init; }

    public required byte[] Body { get; init; }

    public string? ProviderId { get; init; }

    public string? Scope { get; init; }

    /// <summary>Its scope is held: nothing may leave.</summary>
    public bool Held { get; init; }
}

/// <summary>A change to one work item, written with the facts it belongs to.</summary>
public sealed record OutboxChange
{
    public required Guid Id { get; init; }

    public required string Tenant { get; init; }

    public required string State { get; init; }

    /// <summary>When it is due again; null keeps the time.</summary>
    public Instant? DueAt { get; init; }

    public string? Error { get; init; }

    public string? ProviderId { get; init; }

    /// <summary>Give the attempt back: a snooze does not count.</summary>
    public bool Uncount { get; init; }

    /// <summary>Start counting anew: a person had it tried again.</summary>
    public bool Recount { get; init; }
}

/// <summary>One step of one attempt, append only.</summary>
/// <param name="OutboxId">The work item.</param>
/// <param name="Tenant">Its business.</param>
/// <param name="Fence">Which attempt.</param>
/// <param name="Step">mark, outcome or callback.</param>
/// <param name="Token">Names this attempt in the provider's callback address.</param>
/// <param name="Outcome">What happened.</param>
/// <param name="Detail">The provider's own words, shortened.</param>
public sealed record OutboxAttempt(
    Guid OutboxId, string Tenant, long Fence, string Step, string? Token, string Outcome, string? Detail);
