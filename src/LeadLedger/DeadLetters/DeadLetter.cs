using LeadLedger.EventStore.Outbox;
using LeadLedger.Leads;
using LeadLedger.Sending;

namespace LeadLedger.DeadLetters;

/// <summary>Work that was given up, refused, or whose outcome is unknown, and what a person can do about it (RTY-03), or about a text that waits.</summary>
public static class DeadLetter
{
    public const string Retry = "retry";
    public const string SendAgain = "send_again";
    public const string Discard = "discard";
    public const string Cancel = "cancel";

    /// <summary>The states in which work waits for a person.</summary>
    public static IReadOnlyList<string> States { get; } =
        [OutboxStates.Parked, OutboxStates.Ambiguous, OutboxStates.Unconfirmed, OutboxStates.Rejected];

    /// <summary>What is offered. A text that waits can be cancelled until it is handed over. One is never tried again under the same decision: it may have arrived, or is no longer true.</summary>
    public static IReadOnlyList<string> Offers(string kind, string state) =>
        !States.Contains(state) ? IsCancellable(kind, state) ? [Cancel] : [] : kind == WorkKinds.SendSms ? [SendAgain, Discard] : [Retry, Discard];

    /// <summary>Why a command cannot be given to this work; null when it can.</summary>
    public static Refusal? RefusalOf(OutboxItem? row, string command) => row switch
    {
        null => new Refusal(404, "unknown-work", "There is no such work item, or this key does not see it."),
        _ when command == Cancel => IsCancellable(row.Kind, row.State) ? null : CannotCancel(row),
        _ when !States.Contains(row.State) => new Refusal(
            409, "not-waiting", $"This work does not wait for a person; it is {row.State} now. Read it again with GET /api/outbox."),
        _ when Offers(row.Kind, row.State).Contains(command) => null,
        { Kind: WorkKinds.SendSms } => new Refusal(
            409, "send-again-instead",
            "A text is not tried again as it was: it may have arrived, or is no longer true. Have it decided anew with PUT /api/dead-letters/{id}/send-again, or call."),
        _ => new Refusal(409, "retry-instead", "Only a text is sent again. Have this tried again with PUT /api/dead-letters/{id}/retry."),
    };

    // From the mark on a text may be with the provider, and nothing takes it back.
    private static bool IsCancellable(string kind, string state) =>
        (kind is WorkKinds.SendSms or WorkKinds.ReconsiderInquiry) && (state is OutboxStates.Pending or OutboxStates.Claimed);

    private static Refusal CannotCancel(OutboxItem row) => row switch
    {
        { Kind: not (WorkKinds.SendSms or WorkKinds.ReconsiderInquiry) } => new Refusal(
            409, "not-a-text", "Only a text that waits is cancelled here. Reminders of a callback end when somebody takes it; a pause holds everything else."),
        { State: OutboxStates.Calling } => new Refusal(409, "under-way", "The text is being handed to the provider right now; it cannot be stopped any more."),
        _ => new Refusal(409, "not-waiting", $"It does not wait any more; it is {row.State} now."),
    };

    /// <summary>Whether the work belongs to a lead, whose history then says what a person did about it.</summary>
    public static bool IsOfLead(OutboxItem row) => row.StreamId is not null && row.Kind != WorkKinds.SettleCall;
}
