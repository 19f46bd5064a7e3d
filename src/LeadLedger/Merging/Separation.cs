using LeadLedger.Businesses;
using LeadLedger.Contacting;
using LeadLedger.EventStore;
using LeadLedger.Leads;
using LeadLedger.Sending;
using NodaTime;

namespace LeadLedger.Merging;

/// <summary>Where an inquiry goes that came while one lead stood for two.</summary>
/// <param name="Inquiry">The inquiry.</param>
/// <param name="GoesTo">survivor, other or pick.</param>
/// <param name="Why">The rule that decided, as a sentence.</param>
public sealed record InquiryPlace(Inquiry Inquiry, string GoesTo, string Why)
{
    public const string Survivor = "survivor";
    public const string Other = "other";

    /// <summary>Stays with the survivor, and a person picks whose it is.</summary>
    public const string Pick = "pick";
}

/// <summary>
/// RULE (BF-02, MRG-18): what two leads are without a merge. Everything is computed from the events as if it had never been: the merge's own
/// facts do not count, what came later follows its contact point, and what both could have sent waits for a person. Nothing here reads or
/// writes anything.
/// </summary>
public sealed class Separation
{
    private readonly MergeHistory _history;
    private readonly LeadReplay _survivor;
    private readonly LeadReplay _other;
    private readonly Dictionary<Guid, bool> _isOthers = [];
    private readonly List<InquiryPlace> _inquiries = [];
    private readonly List<EventRef> _gone = [];
    private readonly List<EventRef> _came = [];
    private (Instant At, string? Cause, bool IsOthers) _context;

    private Separation(MergeHistory history, StreamKey survivor, Guid other, Func<Guid> newId)
    {
        _history = history;
        _survivor = new LeadReplay(history, survivor, newId);
        _other = new LeadReplay(history, survivor with { Id = other }, newId);
    }

    /// <summary>The survivor afterwards.</summary>
    public required Lead Survivor { get; init; }

    /// <summary>The other lead afterwards.</summary>
    public required Lead Other { get; init; }

    /// <summary>Versions of the merge's own facts in the survivor's stream.</summary>
    public required IReadOnlyList<long> UndoneOnSurvivor { get; init; }

    /// <summary>Versions of the merge's own facts in the other's stream.</summary>
    public required IReadOnlyList<long> UndoneOnOther { get; init; }

    /// <summary>The task that is opened for the survivor; null when none is.</summary>
    public required Guid? SurvivorTask { get; init; }

    /// <summary>The task that is opened for the other; null when none is.</summary>
    public required Guid? OtherTask { get; init; }

    /// <summary>Every inquiry that came since the merge, oldest first.</summary>
    public IReadOnlyList<InquiryPlace> Inquiries => _inquiries;

    /// <summary>Events that count for the survivor no more.</summary>
    public IReadOnlyList<EventRef> Gone => _gone;

    /// <summary>Events that count for the other from now on.</summary>
    public IReadOnlyList<EventRef> Came => _came;

    /// <summary>Inquiries, texts and alerts that the other has from now on, as far as anything may still be heard of them.</summary>
    public IReadOnlyList<Guid> Moved =>
    [
        .. Other.Inquiries.Select(i => i.Id).Concat(Other.Messages.Select(m => m.Id)).Concat(Other.Alerts.Select(a => a.Id))
            .Where(id => _isOthers.GetValueOrDefault(id)).Order(),
    ];

    /// <summary>
    /// Who uses the other's contact points afterwards, most recent first: the order in which each last touched it, as if there had been no
    /// merge.
    /// </summary>
    /// <param name="users">The leads on each of <see cref="Points"/> now; their streams must have been read.</param>
    public IReadOnlyList<PointLeads> LeadsOn(IReadOnlyDictionary<ContactRef, IReadOnlyList<Guid>> users) =>
        [.. Points.Select(point => new PointLeads(point.Kind, point.Value,
        [
            .. users[point].Append(Survivor.Id).Append(Other.Id).Distinct()
                .Where(lead => lead == Survivor.Id ? Survivor.ContactPoints.Contains(point) : lead != Other.Id || Other.ContactPoints.Contains(point))
                .OrderByDescending(lead => LastTouch(lead, point))
                .Take(ContactPoints.MostStreams),
        ]))];

    /// <summary>The contact points whose leads change.</summary>
    public IReadOnlyList<ContactRef> Points => [.. Other.ContactPoints.Distinct()];

    /// <summary>Separates two leads; null when the other was not merged into the survivor.</summary>
    /// <param name="history">The streams of both and of all leads that merges tied to them.</param>
    /// <param name="survivor">The lead that stood for both.</param>
    /// <param name="other">The lead that had gone into it.</param>
    /// <param name="business">For the deadline of a pick.</param>
    /// <param name="now">Now.</param>
    /// <param name="newId">Names tasks that are opened.</param>
    public static Separation? Of(MergeHistory history, StreamKey survivor, Guid other, Business business, Instant now, Func<Guid> newId)
    {
        var events = history.Of(survivor.Id);
        if (events.LastOrDefault(e => e.Data is LeadAbsorbed absorbed && absorbed.Other == other) is not { } merge
            || merge.Stream.Id != survivor.Id)
        {
            return null;
        }

        var walk = new Separation(history, survivor, other, newId)
        {
            Survivor = Lead.Empty,
            Other = Lead.Empty,
            UndoneOnSurvivor = [],
            UndoneOnOther = [],
            SurvivorTask = null,
            OtherTask = null,
        };
        var pointer = history.GroupOnOther(merge);
        walk.Run(events, [.. history.Of(other).Except(pointer)], merge);
        var real = LeadStreams.Lead.Fold(history.Stream(survivor.Id));
        var (mine, myTask) = Named(walk.WithPick(walk._survivor.Lead, business, now, newId), real.HasOpenTask ? real.Task!.Id : null, newId);
        var (its, itsTask) = Named(WithNote(walk._other.Lead, real), null, newId);
        return new Separation(walk)
        {
            Survivor = Bare(mine),
            Other = Bare(its),
            UndoneOnSurvivor = [.. history.GroupOf(merge).Select(e => e.Version)],
            UndoneOnOther = [.. pointer.Select(e => e.Version)],
            SurvivorTask = myTask,
            OtherTask = itsTask,
        };
    }

    private long LastTouch(Guid lead, ContactRef point)
    {
        var gone = lead == Survivor.Id ? _gone.ToHashSet() : [];
        var events = _history.Of(lead).Where(e => !gone.Contains(MergeHistory.RefOf(e))
            && !(lead == Survivor.Id && e.Stream.Id == lead && UndoneOnSurvivor.Contains(e.Version)));
        return events.Concat(lead == Other.Id ? _came.Select(_history.Find).OfType<RecordedEvent>() : [])
            .Where(e => Touches(e.Data, point)).Select(e => e.Sequence).DefaultIfEmpty().Max();
    }

    private static bool Touches(object fact, ContactRef point) => fact switch
    {
        IInquiry inquiry => ContactPoints.Of(inquiry).Contains(point),
        LeadAbsorbed e => e.ContactPoints.Contains(point),
        ContactRecordOpened e => point == new ContactRef(e.Kind, e.Value),
        _ => false,
    };

    private Separation(Separation walk)
    {
        _history = walk._history;
        _survivor = walk._survivor;
        _other = walk._other;
        _isOthers = walk._isOthers;
        _inquiries = walk._inquiries;
        _gone = walk._gone;
        _came = walk._came;
    }

    // Both leads are folded side by side, so that each later event meets the contact points they have by then.
    private void Run(IReadOnlyList<RecordedEvent> survivors, IReadOnlyList<RecordedEvent> others, RecordedEvent merge)
    {
        var dealtWith = new HashSet<EventRef>();
        var mine = survivors.Select(MergeHistory.RefOf).ToHashSet();
        var its = others.Select(MergeHistory.RefOf).ToHashSet();
        foreach (var e in survivors.Concat(others).DistinctBy(MergeHistory.RefOf).OrderBy(e => e.Sequence))
        {
            var place = MergeHistory.RefOf(e);
            if (dealtWith.Contains(place))
            {
                continue;
            }

            var isMine = mine.Contains(place);
            if (e == merge)
            {
                var group = _history.GroupOf(merge);
                dealtWith.UnionWith(group.Select(MergeHistory.RefOf));
                if (group.Select(each => each.Data).OfType<TaskOpened>().FirstOrDefault() is { } moved)
                {
                    _other.Rename(moved.Task);
                }
            }
            else if (e.Data is LeadAbsorbed)
            {
                dealtWith.UnionWith((isMine ? _survivor : _other).Absorb(e).Select(MergeHistory.RefOf));
            }
            else if (!isMine)
            {
                _other.Apply(e);
            }
            else if (e.Sequence < merge.Sequence)
            {
                _survivor.Apply(e);
                if (its.Contains(place))
                {
                    _other.Apply(e);
                }
            }
            else
            {
                Place(e);
            }
        }
    }

    private void Place(RecordedEvent e)
    {
        var place = MergeHistory.RefOf(e);
        var (toSurvivor, toOther) = OwnersOf(e);
        if (!_survivor.Lead.HasOpenTask)
        {
            // The task that went by a new id is the one that had moved over.
            _other.Rename(LeadReplay.RenamedTask(_history, e));
        }

        if (toSurvivor)
        {
            _survivor.Apply(e);
        }
        else
        {
            _gone.Add(place);
        }

        if (toOther)
        {
            _came.Add(place);
            if (!(e.Data is LeadRouted && (_other.Lead.Owner ?? _other.Lead.Queue) is not null))
            {
                _other.Apply(e);
            }
        }
    }

    private (bool Survivor, bool Other) OwnersOf(RecordedEvent e)
    {
        switch (e.Data)
        {
            case IInquiry inquiry:
                var isOthers = IsOthers(inquiry);
                _isOthers[inquiry.Inquiry] = isOthers;
                _context = (e.Timestamp, e.CausationId, isOthers);
                return (!isOthers, isOthers);
            case LeadAbsorbed or LeadMergedInto or LeadSeparated or LeadRestored or NoteAdded or CrmMirrored or CrmMirrorFailed:
                return (true, false);
            case LeadRouted or MergeSuggested:
                return One(_context.At == e.Timestamp && _context.Cause == e.CausationId && _context.IsOthers);
            case TaskRefreshed refreshed when LeadReplay.Added(_history, e) > 0:
                return One(_isOthers.GetValueOrDefault(refreshed.Inquiry));
            default:
                break;
        }

        if (LeadReplay.TaskOf(e.Data) is { } task)
        {
            return One(_survivor.Lead.Task?.Id != task && _other.Lead.Task?.Id == task);
        }

        if (PointOf(e.Data) is { } point)
        {
            // A number's own word counts for every lead that uses the number.
            var others = _other.Lead.ContactPoints.Contains(point);
            return (!others || _survivor.Lead.ContactPoints.Contains(point), others);
        }

        return One(Follows(e.Data));
    }

    private bool IsOthers(IInquiry inquiry)
    {
        var points = ContactPoints.Of(inquiry);
        var summary = Inquiry.Of(inquiry);
        var mine = points.Where(_survivor.Lead.ContactPoints.Contains).ToArray();
        var its = points.Where(_other.Lead.ContactPoints.Contains).ToArray();
        var (goes, why) = (mine, its) switch
        {
            ([], [var only, ..]) => (InquiryPlace.Other, $"Only the other lead uses {only.Value}."),
            ([_, ..], [var both, ..]) => (InquiryPlace.Pick, mine.Contains(both)
                ? $"Both leads use {both.Value}: a person picks whose it is."
                : $"It names {mine[0].Value} of one lead and {both.Value} of the other: a person picks whose it is."),
            ([var only, ..], []) => (InquiryPlace.Survivor, $"Only this lead uses {only.Value}."),
            _ => (InquiryPlace.Survivor, "It names no contact point of the other lead."),
        };
        _inquiries.Add(new InquiryPlace(summary, goes, why));
        return goes == InquiryPlace.Other;
    }

    // What was decided, asked for and reported about an inquiry goes where the inquiry goes.
    private bool Follows(object fact)
    {
        switch (fact)
        {
            case SmsRequested e:
                return _isOthers[e.Message] = _isOthers.GetValueOrDefault(e.Inquiry);
            case OwnerAlertRequested e:
                return _isOthers[e.Alert] = _isOthers.GetValueOrDefault(e.Inquiry);
            default:
                return AboutOf(fact) is { } about && _isOthers.GetValueOrDefault(about);
        }
    }

    private static Guid? AboutOf(object fact) => fact switch
    {
        CallOutcomeRevised e => e.Inquiry,
        DecisionMade e => e.Inquiry,
        UrgentReviewRequested e => e.Inquiry,
        CorrectionOffered e => e.Inquiry,
        TaskOpened e => e.Inquiry,
        SmsCalling e => e.Message,
        SmsAccepted e => e.Message,
        SmsSent e => e.Message,
        SmsDelivered e => e.Message,
        SmsFailed e => e.Message,
        SmsAttemptFailed e => e.Message,
        SmsWithheld e => e.Message,
        Reconciling.SmsOutcomeUnknown e => e.Message,
        Reconciling.SmsSettled e => e.Message,
        SmsUnconfirmed e => e.Message,
        AckSlaBreached e => e.Message,
        OwnerAlertSent e => e.Alert,
        OwnerAlertFailed e => e.Alert,
        _ => null,
    };

    private static ContactRef? PointOf(object fact) => fact switch
    {
        OptedOut e => new ContactRef(e.Kind, e.Value),
        OptedIn e => new ContactRef(e.Kind, e.Value),
        OptOutPhraseHeld e => new ContactRef(e.Kind, e.Value),
        OptOutPhraseResolved e => new ContactRef(e.Kind, e.Value),
        ConsentRecorded e => new ContactRef(e.Kind, e.Value),
        NumberUnreachable e => new ContactRef(e.Kind, e.Value),
        SharesContactPoint e => new ContactRef(e.Kind, e.Value),
        _ => null,
    };

    private static (bool, bool) One(bool others) => (!others, others);

    private Lead WithPick(Lead lead, Business business, Instant now, Func<Guid> newId)
    {
        var ambiguous = _inquiries.Where(i => i.GoesTo == InquiryPlace.Pick).ToArray();
        if (ambiguous.Length == 0)
        {
            return lead;
        }

        var note = $"Pick whose it was: {string.Join(", ", ambiguous.TakeLast(3).Select(i => $"{i.Inquiry.Source} of {i.Inquiry.At}"))}."
            + (lead.HasOpenTask && lead.Task!.Note is { } known ? $" {known}" : "");
        var task = lead.HasOpenTask ? lead.Task! : new CallbackTask
        {
            Id = newId(),
            Kind = "pick",
            Owner = lead.Owner,
            Queue = lead.Owner is null ? lead.Queue ?? Routing.RouteLead.Triage : null,
            OpenedAt = now,
            DueAt = business.Calendar.AddOpenTime(now, business.Tasks.DueIn),
            Number = lead.Phone,
            CalledAt = ambiguous[^1].Inquiry.At,
            Priority = "high",
            InquiryCount = ambiguous.Length,
        };
        return lead with
        {
            Status = "needs_callback",
            ClosedAt = null,
            Task = task with { Kind = "pick", Priority = "high", Note = note, Candidates = [lead.Id, _other.Lead.Id] },
        };
    }

    // A task that stood for both may have been closed for this person too, or not: nobody knows, so it is open again and says so.
    private static Lead WithNote(Lead lead, Lead merged) =>
        lead is { HasOpenTask: true, Task: { } task } && merged.Task is { ClosedAt: { } closed, Outcome: { } outcome } stood && stood.Id != task.Id
            && closed >= task.OpenedAt
            ? lead with
            {
                Task = task with
                {
                    Note = $"While the leads were merged {stood.ClosedBy} closed a task ({outcome.Replace('_', ' ')}). See whether this person was called."
                        + (task.Note is { } known ? $" {known}" : ""),
                },
            }
            : lead;

    // A task that is open here but is not the one open now gets an id of its own: its reminders start with it.
    private static (Lead Lead, Guid? Opened) Named(Lead lead, Guid? current, Func<Guid> newId)
    {
        if (!lead.HasOpenTask || lead.Task!.Id == current)
        {
            return (lead, null);
        }

        var id = newId();
        return (lead with { Task = lead.Task with { Id = id } }, id);
    }

    private static Lead Bare(Lead lead) => lead with
    {
        Head = null,
        Version = 0,
        UpdatedAt = default,
        CrmVersions = Lead.Empty.CrmVersions,
        ExternalIds = Lead.Empty.ExternalIds,
        Moved = null,
    };
}
