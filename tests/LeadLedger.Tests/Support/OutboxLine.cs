using NodaTime;

namespace LeadLedger.Tests.Support;

/// <summary>A work item as it stands in the database.</summary>
public sealed record OutboxLine(
    Guid Id, Guid? Lead, string Kind, string EffectKey, string State, Instant DueAt, int Attempts, string? Error, string Body);

/// <summary>A receipt as it stands in the database.</summary>
public sealed record InboxLine(string Business, string Source, string Key, string Outcome, string? Problem, byte[] Body);
