using System.Collections.Frozen;

namespace LeadLedger.Intake;

/// <summary>
/// Providers' spellings of a call's status as data. Missed or answered follows from the status, never from a call's
/// length (C-03). Twilio's list: https://www.twilio.com/docs/voice/twiml, read in 2026.
/// </summary>
public static class CallStatuses
{
    private static readonly FrozenDictionary<string, CallStatus> Spellings = new Dictionary<string, CallStatus>
    {
        ["queued"] = CallStatus.Queued,
        ["initiated"] = CallStatus.Queued,
        ["ringing"] = CallStatus.Ringing,
        ["in-progress"] = CallStatus.InProgress,
        ["answered"] = CallStatus.InProgress,
        ["completed"] = CallStatus.Completed,
        ["busy"] = CallStatus.Busy,
        ["failed"] = CallStatus.Failed,
        ["no-answer"] = CallStatus.NoAnswer,
        ["noanswer"] = CallStatus.NoAnswer,
        ["missed"] = CallStatus.NoAnswer,
        ["unanswered"] = CallStatus.NoAnswer,
        ["voicemail"] = CallStatus.NoAnswer,
        ["canceled"] = CallStatus.Canceled,
        ["cancelled"] = CallStatus.Canceled,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, CallStatus> EventTypes = new Dictionary<string, CallStatus>
    {
        ["call.ringing"] = CallStatus.Ringing,
        ["call.answered"] = CallStatus.InProgress,
        ["call.completed"] = CallStatus.Completed,
        ["call.no-answer"] = CallStatus.NoAnswer,
        ["call.missed"] = CallStatus.NoAnswer,
        ["call.voicemail.completed"] = CallStatus.NoAnswer,
        ["call.busy"] = CallStatus.Busy,
        ["call.failed"] = CallStatus.Failed,
        ["call.canceled"] = CallStatus.Canceled,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Reads CallStatus; any case, underscores and spaces for hyphens.</summary>
    public static CallStatus Read(string? spelling) =>
        spelling is not null && Spellings.TryGetValue(Fold(spelling), out var status) ? status : CallStatus.Unknown;

    /// <summary>Reads DialCallStatus, where <c>answered</c> is the end of a dialled conference leg.</summary>
    public static CallStatus ReadDial(string? spelling) =>
        spelling is not null && Fold(spelling) == "answered" ? CallStatus.Completed : Read(spelling);

    /// <summary>
    /// Reads an event-style spelling such as <c>call.completed</c> with its status field (ING-06). A status beside
    /// <c>call.completed</c> says how it ended; some providers write completed for every call and mark a missed one
    /// only by an empty answering time.
    /// </summary>
    /// <param name="answered">
    /// Whether the payload names an answering time; null where the provider has no such field.
    /// </param>
    public static CallStatus ReadEvent(string? eventType, string? status, bool? answered = null)
    {
        var named = eventType is not null && EventTypes.TryGetValue(Fold(eventType), out var found)
            ? found
            : CallStatus.Unknown;
        if (named is not (CallStatus.Unknown or CallStatus.Completed))
        {
            return named;
        }

        var stated = Read(status) is var read && read == CallStatus.Unknown ? named : read;
        return stated == CallStatus.Completed && answered == false ? CallStatus.NoAnswer : stated;
    }

    /// <summary>No later status follows.</summary>
    public static bool IsFinal(CallStatus status) => status is CallStatus.Completed || IsUnanswered(status);

    /// <summary>The call or leg ended without being answered.</summary>
    public static bool IsUnanswered(CallStatus status) =>
        status is CallStatus.Busy or CallStatus.Failed or CallStatus.NoAnswer or CallStatus.Canceled;

    /// <summary>The word in events and on the API.</summary>
    public static string Name(CallStatus status) => status switch
    {
        CallStatus.Queued => "queued",
        CallStatus.Ringing => "ringing",
        CallStatus.InProgress => "in_progress",
        CallStatus.Completed => "completed",
        CallStatus.Busy => "busy",
        CallStatus.Failed => "failed",
        CallStatus.NoAnswer => "no_answer",
        CallStatus.Canceled => "canceled",
        _ => "unknown",
    };

    private static string Fold(string spelling)
    {
        var trimmed = spelling.AsSpan().Trim();
        return string.Create(trimmed.Length, trimmed, static (folded, source) =>
        {
            for (var index = 0; index < folded.Length; index++)
            {
                folded[index] = source[index] is '_' or ' ' ? '-' : char.ToLowerInvariant(source[index]);
            }
        });
    }
}
