using NodaTime;

namespace LeadLedger.EventStore.Outbox;

/// <summary>
/// A scope that is held, as a stream's state says it: its row is written in the transaction that appends, and can be made again from the events.
/// </summary>
/// <param name="Scope">What waits, such as <c>text</c> or <c>text:+13125550100</c>.</param>
/// <param name="Reason">Why, in a sentence.</param>
/// <param name="Since">When it began.</param>
/// <param name="SetBy">Who or what holds it.</param>
/// <param name="Probe">The one work item that may pass, to find out whether the way is clear; null while nothing may.</param>
public sealed record SendingHold(string Scope, string Reason, Instant Since, string SetBy, Guid? Probe);

/// <summary>
/// Gives the work that waits under a scope a slot each, so that the end of a hold is no burst. What is no longer worth doing takes no slot.
/// </summary>
/// <param name="Tenant">The business.</param>
/// <param name="Scope">The scope that is free again.</param>
/// <param name="Every">Between two slots of one sender.</param>
public sealed record OutboxSpread(string Tenant, string Scope, Duration Every);
