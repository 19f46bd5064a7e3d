using LeadLedger.EventStore;
using LeadLedger.Leads;

namespace LeadLedger.Merging;

/// <summary>
/// The streams of all leads that merges ever tied together, and which of their events count for which lead. Streams are never rewritten, so
/// a lead that was separated from another one refers to events in that one's stream.
/// </summary>
public sealed class MergeHistory
{
    private readonly Dictionary<Guid, IReadOnlyList<RecordedEvent>> _streams = [];
    private readonly Dictionary<EventRef, CallbackTask?> _taskBefore = [];

    /// <param name="streams">Whole streams of leads by id, each in order.</param>
    public MergeHistory(IEnumerable<IReadOnlyList<RecordedEvent>> streams)
    {
        foreach (var events in streams.Where(events => events.Count > 0))
        {
            Add(events);
        }
    }

    /// <summary>Reads the streams of some leads and of every lead that a merge tied to one of them.</summary>
    public static async Task<MergeHistory> ReadAsync(Ledger ledger, string tenant, IEnumerable<Guid> leads, CancellationToken cancellation)
    {
        var history = new MergeHistory([]);
        await history.ReadMoreAsync(ledger, tenant, leads, int.MaxValue, cancellation);
        return history;
    }

    /// <summary>Reads further leads and what is tied to them.</summary>
    /// <param name="ledger">Where the streams are.</param>
    /// <param name="tenant">Whose leads they are.</param>
    /// <param name="leads">The leads.</param>
    /// <param name="most">Stops when so many streams are known.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public async Task ReadMoreAsync(Ledger ledger, string tenant, IEnumerable<Guid> leads, int most, CancellationToken cancellation)
    {
        var wanted = new Queue<Guid>(leads);
        while (wanted.TryDequeue(out var lead))
        {
            if (_streams.ContainsKey(lead) || _streams.Count >= most)
            {
                continue;
            }

            var events = await ledger.FetchAsync(new StreamKey(tenant, lead), cancellation: cancellation);
            Add(events, lead);
            foreach (var tied in events.SelectMany(e => TiedBy(e.Data)))
            {
                wanted.Enqueue(tied);
            }
        }
    }

    /// <summary>The last version read of a stream; 0 when there is none.</summary>
    public long VersionOf(Guid lead) => Stream(lead) is [.., var last] ? last.Version : 0;

    /// <summary>A lead's own stream.</summary>
    public IReadOnlyList<RecordedEvent> Stream(Guid lead) => _streams.GetValueOrDefault(lead) ?? [];

    /// <summary>The task a lead had before one of the events in its stream.</summary>
    public CallbackTask? TaskBefore(RecordedEvent recorded) => _taskBefore.GetValueOrDefault(RefOf(recorded));

    public static EventRef RefOf(RecordedEvent recorded) => new(recorded.Stream.Id, recorded.Version);

    /// <summary>What counts for a lead, in the order in which it was recorded: merges that were undone are as if they had never been.</summary>
    /// <param name="lead">The lead.</param>
    /// <param name="before">Only what its own stream held before this version; null takes all.</param>
    public IReadOnlyList<RecordedEvent> Of(Guid lead, long? before = null)
    {
        var own = Stream(lead).Where(e => before is null || e.Version < before).ToArray();
        var undone = new HashSet<long>();
        var gone = new HashSet<EventRef>();
        var came = new HashSet<EventRef>();
        foreach (var e in own)
        {
            switch (e.Data)
            {
                case LeadSeparated separated:
                    undone.UnionWith(separated.Undone);
                    gone.UnionWith(separated.Events);
                    break;
                case LeadRestored restored:
                    undone.UnionWith(restored.Undone);
                    came.UnionWith(restored.Events);
                    break;
                default:
                    break;
            }
        }

        // The pointer of a merge that was undone stays: from there on the open task went by another id.
        return [.. own.Where(e => (e.Data is LeadMergedInto || !undone.Contains(e.Version)) && !gone.Contains(RefOf(e)))
            .Concat(came.Where(e => !gone.Contains(e)).Select(Find).OfType<RecordedEvent>())
            .OrderBy(e => e.Sequence)];
    }

    /// <summary>A merge with what it recorded on the survivor beside itself, such as a task that moved over.</summary>
    public IReadOnlyList<RecordedEvent> GroupOf(RecordedEvent absorbed)
    {
        var stream = Stream(absorbed.Stream.Id);
        return [absorbed, .. stream.Skip((int)absorbed.Version)
            .TakeWhile(e => e.Timestamp == absorbed.Timestamp && e.CausationId == absorbed.CausationId && BelongsToMerge(e.Data))];
    }

    /// <summary>What a merge recorded on the lead that went: its pointer, and before it the end of its task.</summary>
    public IReadOnlyList<RecordedEvent> GroupOnOther(RecordedEvent absorbed)
    {
        var other = ((LeadAbsorbed)absorbed.Data).Other;
        var survivor = absorbed.Stream.Id;
        var which = Stream(survivor).Count(e => e.Version < absorbed.Version && e.Data is LeadAbsorbed earlier && earlier.Other == other);
        if (Stream(other).Where(e => e.Data is LeadMergedInto merged && merged.Survivor == survivor).ElementAtOrDefault(which) is not { } pointer)
        {
            return [];
        }

        var before = pointer.Version > 1 ? Stream(other)[(int)pointer.Version - 2] : null;
        return before is { Data: TaskCancelled } && before.Timestamp == pointer.Timestamp && before.CausationId == pointer.CausationId
            ? [before, pointer]
            : [pointer];
    }

    /// <summary>The id under which the survivor carried the lead's open task on; null when it had one of its own.</summary>
    /// <param name="pointer">The merge on the lead that went.</param>
    public Guid? MovedTask(RecordedEvent pointer)
    {
        var survivor = ((LeadMergedInto)pointer.Data).Survivor;
        var other = pointer.Stream.Id;
        var which = Stream(other).Count(e => e.Version < pointer.Version && e.Data is LeadMergedInto earlier && earlier.Survivor == survivor);
        return Stream(survivor).Where(e => e.Data is LeadAbsorbed absorbed && absorbed.Other == other).ElementAtOrDefault(which) is { } merge
            ? GroupOf(merge).Select(e => e.Data).OfType<TaskOpened>().FirstOrDefault()?.Task
            : null;
    }

    private static bool BelongsToMerge(object fact) =>
        fact is LeadRouted { Rule: "merge" } or OptedOut { Via: "merge" } or TaskRefreshed or TaskOpened;

    private static IEnumerable<Guid> TiedBy(object fact) => fact switch
    {
        LeadAbsorbed e => [e.Other],
        LeadMergedInto e => [e.Survivor],
        LeadSeparated e => [e.Other],
        LeadRestored e => [e.From, .. e.Events.Select(place => place.Lead)],
        _ => [],
    };

    /// <summary>An event by its place.</summary>
    public RecordedEvent? Find(EventRef place) =>
        Stream(place.Lead) is { } events && place.Version <= events.Count ? events[(int)place.Version - 1] : null;

    private void Add(IReadOnlyList<RecordedEvent> events, Guid? lead = null)
    {
        _streams[lead ?? events[0].Stream.Id] = events;
        var state = Lead.Empty;
        foreach (var e in events)
        {
            _taskBefore[RefOf(e)] = state.Task;
            state = Lead.Apply(state, e);
        }
    }
}
