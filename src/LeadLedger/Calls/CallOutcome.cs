namespace LeadLedger.Calls;

/// <summary>
/// What a call came to, from what is known of it (contracts 1.6). Status decides, never length (C-03): length is ring
/// time and only a hint on calls nobody answered.
/// </summary>
/// <param name="Kind">Whether it can be told yet.</param>
/// <param name="Reason">For a missed call: voicemail, abandoned, no_answer, busy, failed or after_hours.</param>
public readonly record struct CallOutcome(CallOutcomeKind Kind, string Reason)
{
    /// <summary>A recording this short is the sound of hanging up, seconds.</summary>
    public const int ShortestVoicemail = 2;

    /// <summary>It ended, and the callback that says how, or of whom, is still to come.</summary>
    public bool IsWaiting => this is { Kind: CallOutcomeKind.Pending, Reason: Waiting };

    private const string Waiting = "waiting";

    /// <summary>The canonical outcome; a pure function of the record, so order cannot matter.</summary>
    public static CallOutcome Of(CallRecord call)
    {
        // A recording or a leg names neither caller nor line: a callback that does is still to come.
        var outcome = Told(call);
        return outcome.Kind == CallOutcomeKind.Missed && call is { From: null, To: null, WaitEnded: false }
            ? new CallOutcome(CallOutcomeKind.Pending, Waiting)
            : outcome;
    }

    private static CallOutcome Told(CallRecord call)
    {
        if (call.Bridged || call.LegStatuses.Contains("in_progress"))
        {
            return new CallOutcome(CallOutcomeKind.Answered, "bridged");
        }

        if (call.Voicemail is { } voicemail && (voicemail.Seconds ?? int.MaxValue) > ShortestVoicemail)
        {
            return Missed("voicemail");
        }

        if (!call.DialStatuses.IsEmpty)
        {
            return Missed(ReasonOf(call.DialStatuses));
        }

        var unanswered = call.FinalStatuses.Remove("completed");
        if (!unanswered.IsEmpty)
        {
            return Missed(UnansweredReason(call, unanswered));
        }

        return call.FinalStatuses.IsEmpty
            ? new CallOutcome(CallOutcomeKind.Pending, "ringing")
            : Completed(call);
    }

    /// <summary>Seconds from the first ring to the end; null unless both ends are known and in order.</summary>
    public static int? RingSeconds(CallRecord call) =>
        call is { StartedAt: { } start, EndedAt: { } end } && end >= start
            ? (int)Math.Min((end - start).TotalSeconds, int.MaxValue)
            : null;

    // The call ended normally and nothing says who ended it: ours to judge only where our own webhook rang a phone.
    private static CallOutcome Completed(CallRecord call) => call.Handling switch
    {
        "voicemail" or "forwarded_voicemail" => Missed(call.AfterHours ? "after_hours" : "abandoned"),
        "ring" when call.WaitEnded => Missed("abandoned"),
        null when call.StatusOnly || call.WaitEnded => new CallOutcome(CallOutcomeKind.Answered, "completed"),
        _ => new CallOutcome(CallOutcomeKind.Pending, Waiting),
    };

    private static string UnansweredReason(CallRecord call, IReadOnlyCollection<string> statuses) =>
        call.Handling == "ring" && !statuses.Contains("busy") && !statuses.Contains("failed")
            ? "abandoned"
            : call is { AfterHours: true, Handling: "voicemail" } ? "after_hours" : ReasonOf(statuses);

    private static string ReasonOf(IReadOnlyCollection<string> statuses) =>
        statuses.Contains("busy") ? "busy"
        : statuses.Contains("failed") ? "failed"
        : statuses.Contains("no_answer") || statuses.Contains("completed") ? "no_answer"
        : "abandoned";

    private static CallOutcome Missed(string reason) => new(CallOutcomeKind.Missed, reason);
}

public enum CallOutcomeKind
{
    /// <summary>Not yet: more callbacks are due.</summary>
    Pending,
    Answered,
    Missed,
}
