using LeadLedger.Contacting;
using LeadLedger.EventStore;
using LeadLedger.Leads;

namespace LeadLedger.Merging;

/// <summary>
/// A lead folded once more from the events that count for it. Tasks need care: an event that spoke of a task which stood for two leads
/// must say the same of this lead's own.
/// </summary>
internal sealed class LeadReplay(MergeHistory history, StreamKey key, Func<Guid> newId)
{
    private IInquiry? _latest;

    /// <summary>The lead so far.</summary>
    public Lead Lead { get; private set; } = Lead.Empty;

    /// <summary>Folds what counts for a lead.</summary>
    /// <param name="history">Its history.</param>
    /// <param name="key">The lead.</param>
    /// <param name="before">Only what its stream held before this version.</param>
    /// <param name="newId">Names tasks that are opened anew.</param>
    public static Lead Of(MergeHistory history, StreamKey key, long? before, Func<Guid> newId)
    {
        var replay = new LeadReplay(history, key, newId);
        var skipped = new HashSet<EventRef>();
        foreach (var e in history.Of(key.Id, before).Where(e => !skipped.Contains(MergeHistory.RefOf(e))))
        {
            if (e.Data is LeadAbsorbed)
            {
                skipped.UnionWith(replay.Absorb(e).Select(MergeHistory.RefOf));
            }
            else
            {
                replay.Apply(e);
            }
        }

        return replay.Lead;
    }

    public void Apply(RecordedEvent e)
    {
        switch (e.Data)
        {
            case LeadMergedInto or LeadSeparated or LeadRestored:
                Rename(RenamedTask(history, e));
                if (e.Data is LeadSeparated { Becomes.Task: { Kind: "pick", ClosedAt: null } pick })
                {
                    BecomePick(pick);
                }

                break;
            case TaskOpened opened when Lead.HasOpenTask:
                Fold(e, Counted(Lead.Task!.Id, opened.Inquiry, 1, opened.Priority, opened.Note));
                break;
            case TaskRefreshed refreshed:
                Refresh(e, refreshed);
                break;
            case TaskClaimed or TaskReassigned or TaskCompleted or TaskCancelled or TaskEscalated:
                if (Lead.Task?.Id == TaskOf(e.Data))
                {
                    Fold(e, e.Data);
                }

                break;
            default:
                _latest = e.Data as IInquiry ?? _latest;
                Fold(e, e.Data);
                break;
        }
    }

    /// <summary>Decides a merge again with the two leads as they are without what was undone since.</summary>
    /// <returns>The events of the merge on this stream; they are dealt with.</returns>
    public IReadOnlyList<RecordedEvent> Absorb(RecordedEvent absorbed)
    {
        var fact = (LeadAbsorbed)absorbed.Data;
        var group = history.GroupOf(absorbed);
        var pointer = history.GroupOnOther(absorbed);
        var other = pointer.Count > 0 ? Of(history, key with { Id = fact.Other }, pointer[0].Version, newId) : Lead.Empty;
        if (!other.Exists || other.Id == Lead.Id || !Lead.Exists)
        {
            Fold(absorbed, fact);
            return group;
        }

        ContactRef[] suppressed = other.OptedOut ? [.. other.ContactPoints.Take(1)] : [];
        var task = group.Select(e => e.Data).OfType<TaskOpened>().FirstOrDefault()?.Task ?? newId();
        foreach (var decided in MergeLeads.Decide(Lead, other with { MergedInto = null }, new MergeLeads(fact.By, fact.Reason), suppressed, task).Survivor.Facts)
        {
            Fold(absorbed, decided);
        }

        return group;
    }

    /// <summary>From here on its open task goes by another id; nothing happens without a new one.</summary>
    public void Rename(Guid? id)
    {
        if (id is { } known && Lead is { HasOpenTask: true, Task: { } task })
        {
            Lead = Lead with { Task = task with { Id = known } };
        }
    }

    /// <summary>The task that a fact is about; null when it is about none.</summary>
    public static Guid? TaskOf(object fact) => fact switch
    {
        TaskRefreshed e => e.Task,
        TaskClaimed e => e.Task,
        TaskReassigned e => e.Task,
        TaskCompleted e => e.Task,
        TaskCancelled e => e.Task,
        TaskEscalated e => e.Task,
        _ => null,
    };

    /// <summary>The id that the open task goes by since a merge or since it was undone; null when it is the same, and for other facts.</summary>
    public static Guid? RenamedTask(MergeHistory history, RecordedEvent recorded) => recorded.Data switch
    {
        LeadMergedInto => history.MovedTask(recorded),
        LeadSeparated e => e.Task,
        LeadRestored e => e.Task,
        _ => null,
    };

    /// <summary>How many inquiries a refreshed task stood for more than before; 0 for a mere note.</summary>
    public static int Added(MergeHistory history, RecordedEvent e) =>
        Math.Max(0, ((TaskRefreshed)e.Data).Count - (history.TaskBefore(e)?.InquiryCount ?? 0));

    private void Refresh(RecordedEvent e, TaskRefreshed refreshed)
    {
        var added = Added(history, e);
        if (Lead is { HasOpenTask: true, Task: { } task })
        {
            Fold(e, Counted(task.Id, refreshed.Inquiry, added, refreshed.Priority, refreshed.Note));
        }
        else if (added > 0)
        {
            // The task it was counted on is the other lead's: this inquiry needs one of its own, due as promised.
            var stood = history.TaskBefore(e);
            Fold(e, new TaskOpened
            {
                Task = newId(),
                TaskKind = stood is null or { Kind: "pick" } ? "callback" : stood.Kind,
                Inquiry = refreshed.Inquiry,
                Owner = Lead.Owner,
                Queue = Lead.Owner is null ? Lead.Queue ?? Routing.RouteLead.Triage : null,
                DueAt = stood?.DueAt ?? e.Timestamp,
                Number = _latest is null ? Lead.Phone : AcknowledgementGates.NumberOf(_latest)?.E164 ?? Lead.Phone,
                CalledAt = _latest is null ? null : Inquiry.Of(_latest).At,
                Priority = refreshed.Priority,
                Note = refreshed.Note,
            });
        }
    }

    private TaskRefreshed Counted(Guid task, Guid inquiry, int added, string priority, string? note) => new()
    {
        Task = task,
        Inquiry = inquiry,
        Count = Lead.Task!.InquiryCount + added,
        Priority = priority,
        Note = note,
    };

    // An earlier separation made a pick of its task.
    private void BecomePick(CallbackTask pick)
    {
        var task = Lead.HasOpenTask ? Lead.Task! : pick;
        Lead = Lead with
        {
            Status = "needs_callback",
            ClosedAt = null,
            Task = task with { Kind = pick.Kind, Priority = pick.Priority, Candidates = pick.Candidates, Note = pick.Note },
        };
    }

    private void Fold(RecordedEvent e, object fact) => Lead = Lead.Apply(Lead, e with { Stream = key, Data = fact });
}
