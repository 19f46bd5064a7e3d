using System.Diagnostics;
using LeadLedger.Calls;
using LeadLedger.Intake;
using LeadLedger.Leads;
using LeadLedger.Merging;
using LeadLedger.Pausing;
using LeadLedger.Reconciling;
using LeadLedger.Sending;

namespace LeadLedger.Reading;

/// <summary>
/// What happened, as a sentence for people. Rendered when it is read and never stored, so that wording can improve without touching
/// history.
/// </summary>
public static class LeadHistory
{
    private const int LongestQuote = 200;

    public static string Describe(object fact) => fact switch
    {
        ICallEvent call => DescribeCall(call),
        IOperationsEvent operations => PauseWords.Describe(operations),
        CallMissed e => $"Missed call from {e.Caller ?? (e.Withheld ? "a withheld number" : "an unknown number")}"
            + (e.LineLabel is null ? "" : $" on {e.LineLabel}") + $" ({Words(e.Reason)})"
            + (e.RingSeconds is { } rang ? $", rang {rang} s" : "") + (e.Voicemail is null ? "." : ", left a voicemail.") + Late(e.FoundBy),
        CallOutcomeRevised e => $"The call turned out as {Words(e.Outcome)} ({Words(e.Reason)})" + (e.Voicemail is null ? "." : ", with a voicemail."),
        FormSubmitted e => $"{e.Name ?? "Somebody"} sent the form {e.FormLabel ?? e.FormId}" + Quoted(": ", e.Message)
            + (e.Consent is { } consent ? consent.Given ? "; agreed to texts." : "; did not agree to texts." : "."),
        SmsReceived e => $"Text from {e.From ?? e.FromRaw ?? "an unknown number"}" + Quoted(": ", e.Body) + "." + Late(e.FoundBy),
        DecisionMade e => DescribeDecision(e),
        LeadRouted e => e.Owner is { } owner ? $"Owned by {owner}: {e.RoutingReason}." : $"Waits in the queue {e.Queue}: {e.RoutingReason}.",
        TaskOpened e => $"Task opened ({Words(e.TaskKind)}) for {e.Owner ?? $"the queue {e.Queue}"}, due {e.DueAt}.",
        TaskRefreshed e => $"The open task now stands for {e.Count} inquiries, priority {e.Priority}" + Quoted(": ", e.Note) + ".",
        TaskClaimed e => $"{e.By} took the task.",
        TaskReassigned e => $"{e.By} gave the task to {e.Owner}" + Quoted(": ", e.Reason) + ".",
        TaskCompleted e => $"{e.By} completed the task: {Words(e.Outcome)}" + Quoted(", ", e.Note) + ".",
        TaskCancelled e => $"{e.By} cancelled the task: {e.Reason}.",
        TaskEscalated e => $"The task climbed to {Words(e.Rung)}" + (e.To is null ? "." : $"; {e.To} was told."),
        UrgentReviewRequested e => $"Urgent words were read ({string.Join(", ", e.Words)}): a person should look now.",
        SmsRequested e => $"Text asked for to {e.To} ({Words(e.Purpose)})" + Quoted(": ", e.Body) + ".",
        SmsAccepted e => e.RecordedOnly ? $"The text to {e.To} was recorded for trying out; nothing was sent." : $"The provider accepted the text to {e.To}.",
        SmsSent => "The provider handed the text to the carrier.",
        SmsDelivered => "The text was delivered.",
        SmsFailed e => $"The text to {e.To} failed: {e.Error}.",
        SmsAttemptFailed e => $"Attempt {e.Attempt} to send the text failed: {e.Error}" + (e.RetryAt is { } retry ? $"; tried again at {retry}." : "."),
        SmsCalling e => $"The text to {e.To} is handed to the provider, to be delivered within {e.ValiditySeconds} s.",
        SmsWithheld e => $"The text to {e.To} was withheld at the last moment: {Codes(e.Codes)}." + (e.Counterfactual is null ? "" : $" {e.Counterfactual}"),
        NumberUnreachable e => $"{e.Value} is not texted any more ({e.Code}): {e.Reason}.",
        WorkRetried e => $"{e.By} had it tried again ({Words(e.WorkKind)}, was {Words(e.Was)}).",
        WorkDiscarded e => $"{e.By} gave it up ({Words(e.WorkKind)}, was {Words(e.Was)}): {e.Reason}.",
        SmsOutcomeUnknown e => $"Waiting to hear whether the text to {e.To} left ({e.Reason}); it is not sent again.",
        SmsSettled e => $"What became of the text to {e.To} is known now, from the provider's {(e.By == SettledBy.Callback ? "callback" : "list")}: {Words(e.Status)}."
            + (e.AfterUnconfirmed ? " Staff had been told that it may not have arrived." : ""),
        SmsUnconfirmed e => $"Whether the text to {e.To} left is not known ({e.Reason}); it is not sent again.",
        AckSlaBreached e => $"The acknowledgement took {e.Seconds} s; the target is {e.TargetSeconds} s.",
        OwnerAlertRequested e => $"Alert to {e.Recipient} ({Words(e.AlertKind)}) by {string.Join(" and ", e.Channels)}.",
        OwnerAlertSent e => $"The alert went out by {e.Channel}.",
        OwnerAlertFailed e => $"The alert by {e.Channel} failed: {e.Error}.",
        OptedOut e => $"{e.Value} wants no more texts ({e.Word}, by {e.Via}).",
        OptedIn e => $"{e.Value} may be texted again ({e.Word}, by {e.Via}).",
        OptOutPhraseHeld e => $"{e.Value} may have opted out with other words" + Quoted(": ", e.Phrase) + "; texts wait for a person.",
        OptOutPhraseResolved e => e.OptOut ? $"{e.By} read it as an opt-out of {e.Value}." : $"{e.By} found no opt-out in what {e.Value} wrote.",
        ConsentRecorded e => $"Consent of {e.Value} for {Words(e.Purpose)}: {e.State}" + Quoted("; evidence: ", e.Evidence) + ".",
        CorrectionOffered e => "The person may have corrected the record" + Quoted(": ", e.Text) + ".",
        SharesContactPoint e => $"{e.Leads.Count} leads share {e.Value}.",
        MergeSuggested e => $"May be the same person as lead {e.Other} ({string.Join("; ", e.Reasons)}).",
        MergeSuggestionRejected e => $"{e.By} says that lead {e.Other} is somebody else" + Quoted(": ", e.Reason) + ".",
        LeadAbsorbed e => $"{e.By} merged lead {e.Other} into this one" + Quoted(": ", e.Reason) + ".",
        LeadMergedInto e => $"{e.By} merged this lead into {e.Survivor}" + Quoted(": ", e.Reason) + ".",
        LeadSeparated e => $"{e.By} separated lead {e.Other} from this one" + Quoted(": ", e.Reason)
            + (e.Events.Count == 0 ? "." : $"; {Events(e.Events.Count)} of the time of the merge went with it."),
        LeadRestored e => $"{e.By} separated this lead from {e.From}" + Quoted(": ", e.Reason)
            + (e.Events.Count == 0 ? "." : $"; {Events(e.Events.Count)} of the time of the merge came with it."),
        ContactRecordOpened e => $"{e.By} opened a record for {e.Value}: {e.Reason}.",
        NoteAdded e => $"{e.By} noted" + Quoted(": ", e.Text) + ".",
        CrmMirrored e => $"{e.Target} has version {e.LeadVersion} of this lead.",
        CrmMirrorFailed e => $"{e.Target} could not be told after {e.Attempts} attempts: {e.Error}.",
        _ => throw new UnreachableException($"{fact.GetType().Name} has no sentence"),
    };

    private static string DescribeCall(ICallEvent fact) => fact switch
    {
        CallRinging e => $"Call from {e.Parties.From ?? "an unknown number"} rings ({Words(e.Handling)}).",
        CallStatusReported e => $"The provider reports the call as {Words(e.Status)}.",
        DialReported e => $"Ringing the phone ended as {Words(e.Status)}.",
        LegReported e => $"The leg to the phone is {Words(e.Status)}.",
        VoicemailRecorded e => $"A voicemail was recorded ({e.Voicemail.Seconds?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "unknown"} s).",
        CallSettled e => $"The call counts as {Words(e.Outcome)} ({Words(e.Reason)}).",
        CallWaitEnded => "Nothing more came; the call is judged on what is known.",
        _ => throw new UnreachableException($"{fact.GetType().Name} has no sentence"),
    };

    private static string DescribeDecision(DecisionMade e) => e.Outcome switch
    {
        "permitted" => $"Decided: {Words(e.Purpose)} permitted" + (e.Basis is null ? "." : $" ({Words(e.Basis)})."),
        "deferred" => $"Decided: {Words(e.Purpose)} deferred until {e.SendAfter} ({Codes(e.Codes)}).",
        _ => $"Decided: {Words(e.Purpose)} denied ({Codes(e.Codes)})." + (e.Counterfactual is null ? "" : $" {e.Counterfactual}"),
    };

    private static string Events(int count) => count == 1 ? "1 event" : $"{count} events";

    private static string Late(string? foundBy) =>
        foundBy is null ? "" : " Found by reconciliation: the provider's own report of it never came.";

    private static string Codes(IReadOnlyList<string> codes) => string.Join(", ", codes.Select(Words));

    private static string Words(string name) => name.Replace('_', ' ');

    private static string Quoted(string lead, string? text) =>
        string.IsNullOrWhiteSpace(text) ? "" : $"{lead}\u201c{(text.Length <= LongestQuote ? text : SafeText.Cut(text, LongestQuote) + "\u2026")}\u201d";
}
