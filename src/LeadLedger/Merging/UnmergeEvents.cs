using LeadLedger.Leads;

namespace LeadLedger.Merging;

// What undoing a merge records. Both facts carry what was decided, so that folding them needs no other stream.

/// <summary>One event by its place, wherever it is kept.</summary>
/// <param name="Lead">The stream that holds it.</param>
/// <param name="Version">Its version there.</param>
public sealed record EventRef(Guid Lead, long Version);

/// <summary>A contact point and the leads that use it.</summary>
/// <param name="Kind">phone or email.</param>
/// <param name="Value">Comparison form.</param>
/// <param name="Leads">Most recent first.</param>
public sealed record PointLeads(string Kind, string Value, IReadOnlyList<Guid> Leads);

/// <summary>This lead no longer stands for another one that had been merged into it.</summary>
public sealed record LeadSeparated : ILeadEvent
{
    public required Guid Other { get; init; }

    /// <summary>What this lead is without the other. Its version, head and mirrors are those of the stream, not of this value.</summary>
    public required Lead Becomes { get; init; }

    /// <summary>The task that was opened for it; null when the one it has goes on, or it needs none.</summary>
    public Guid? Task { get; init; }

    /// <summary>The merge's own events of this stream: they no longer count.</summary>
    public required IReadOnlyList<long> Undone { get; init; }

    /// <summary>Events of the time of the merge that belong to the other from now on. They stay where they are.</summary>
    public required IReadOnlyList<EventRef> Events { get; init; }

    /// <summary>Inquiries, texts and alerts that went with them: what is still heard of one is recorded on the other lead.</summary>
    public required IReadOnlyList<Guid> Moved { get; init; }

    /// <summary>Who uses the contact points of the other from now on.</summary>
    public required IReadOnlyList<PointLeads> ContactPoints { get; init; }

    public required string By { get; init; }

    public string? Reason { get; init; }
}

/// <summary>This lead stands for itself again.</summary>
public sealed record LeadRestored : ILeadEvent
{
    /// <summary>The lead that stood for it.</summary>
    public required Guid From { get; init; }

    /// <summary>What this lead is from now on. Its version, head and mirrors are those of the stream, not of this value.</summary>
    public required Lead Becomes { get; init; }

    /// <summary>The task that was opened for it; null when it needs none.</summary>
    public Guid? Task { get; init; }

    /// <summary>The merge's own events of this stream: they no longer count.</summary>
    public required IReadOnlyList<long> Undone { get; init; }

    /// <summary>Events that came while the other lead stood for it, and are its own from now on. They stay where they are.</summary>
    public required IReadOnlyList<EventRef> Events { get; init; }

    public required string By { get; init; }

    public string? Reason { get; init; }
}
