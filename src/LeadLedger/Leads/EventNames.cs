using LeadLedger.EventStore;

namespace LeadLedger.Leads;

/// <summary>
/// The stored name of every fact, written out by hand: renaming a class never renames what is stored.
/// A change of meaning is a new name (<c>…_v2</c>), never an edit.
/// </summary>
public static class EventNames
{
    public static EventTypes All { get; } = new(
    [
        new("call_missed", LedgerJsonContext.Default.CallMissed),
        new("call_outcome_revised", LedgerJsonContext.Default.CallOutcomeRevised),
        new("form_submitted", LedgerJsonContext.Default.FormSubmitted),
        new("sms_received", LedgerJsonContext.Default.SmsReceived),
        new("decision_made", LedgerJsonContext.Default.DecisionMade),
        new("lead_routed", LedgerJsonContext.Default.LeadRouted),
        new("task_opened", LedgerJsonContext.Default.TaskOpened),
        new("task_refreshed", LedgerJsonContext.Default.TaskRefreshed),
        new("task_claimed", LedgerJsonContext.Default.TaskClaimed),
        new("task_reassigned", LedgerJsonContext.Default.TaskReassigned),
        new("task_completed", LedgerJsonContext.Default.TaskCompleted),
        new("task_cancelled", LedgerJsonContext.Default.TaskCancelled),
        new("task_escalated", LedgerJsonContext.Default.TaskEscalated),
        new("urgent_review_requested", LedgerJsonContext.Default.UrgentReviewRequested),
        new("sms_requested", LedgerJsonContext.Default.SmsRequested),
        new("sms_accepted", LedgerJsonContext.Default.SmsAccepted),
        new("sms_sent", LedgerJsonContext.Default.SmsSent),
        new("sms_delivered", LedgerJsonContext.Default.SmsDelivered),
        new("sms_failed", LedgerJsonContext.Default.SmsFailed),
        new("sms_attempt_failed", LedgerJsonContext.Default.SmsAttemptFailed),
        new("sms_withheld", LedgerJsonContext.Default.SmsWithheld),
        new("sms_outcome_unknown", LedgerJsonContext.Default.SmsOutcomeUnknown),
        new("sms_settled", LedgerJsonContext.Default.SmsSettled),
        new("sms_unconfirmed", LedgerJsonContext.Default.SmsUnconfirmed),
        new("ack_sla_breached", LedgerJsonContext.Default.AckSlaBreached),
        new("owner_alert_requested", LedgerJsonContext.Default.OwnerAlertRequested),
        new("owner_alert_sent", LedgerJsonContext.Default.OwnerAlertSent),
        new("owner_alert_failed", LedgerJsonContext.Default.OwnerAlertFailed),
        new("opted_out", LedgerJsonContext.Default.OptedOut),
        new("opted_in", LedgerJsonContext.Default.OptedIn),
        new("opt_out_phrase_held", LedgerJsonContext.Default.OptOutPhraseHeld),
        new("opt_out_phrase_resolved", LedgerJsonContext.Default.OptOutPhraseResolved),
        new("consent_recorded", LedgerJsonContext.Default.ConsentRecorded),
        new("correction_offered", LedgerJsonContext.Default.CorrectionOffered),
        new("shares_contact_point", LedgerJsonContext.Default.SharesContactPoint),
        new("merge_suggested", LedgerJsonContext.Default.MergeSuggested),
        new("merge_suggestion_rejected", LedgerJsonContext.Default.MergeSuggestionRejected),
        new("lead_absorbed", LedgerJsonContext.Default.LeadAbsorbed),
        new("lead_merged_into", LedgerJsonContext.Default.LeadMergedInto),
        new("lead_separated", LedgerJsonContext.Default.LeadSeparated),
        new("lead_restored", LedgerJsonContext.Default.LeadRestored),
        new("contact_record_opened", LedgerJsonContext.Default.ContactRecordOpened),
        new("note_added", LedgerJsonContext.Default.NoteAdded),
        new("crm_mirrored", LedgerJsonContext.Default.CrmMirrored),
        new("crm_mirror_failed", LedgerJsonContext.Default.CrmMirrorFailed),

        new("sms_calling", LedgerJsonContext.Default.SmsCalling),
        new("number_unreachable", LedgerJsonContext.Default.NumberUnreachable),
        new("work_retried", LedgerJsonContext.Default.WorkRetried),
        new("work_discarded", LedgerJsonContext.Default.WorkDiscarded),

        new("call_ringing", LedgerJsonContext.Default.CallRinging),
        new("call_status_reported", LedgerJsonContext.Default.CallStatusReported),
        new("dial_reported", LedgerJsonContext.Default.DialReported),
        new("leg_reported", LedgerJsonContext.Default.LegReported),
        new("voicemail_recorded", LedgerJsonContext.Default.VoicemailRecorded),
        new("call_settled", LedgerJsonContext.Default.CallSettled),
        new("call_wait_ended", LedgerJsonContext.Default.CallWaitEnded),

        new("sending_paused", LedgerJsonContext.Default.SendingPaused),
        new("sending_probe_allowed", LedgerJsonContext.Default.SendingProbeAllowed),
        new("sending_probe_failed", LedgerJsonContext.Default.SendingProbeFailed),
        new("sending_resumed", LedgerJsonContext.Default.SendingResumed),
        new("operations_alert_requested", LedgerJsonContext.Default.OperationsAlertRequested),
        new("operations_alert_sent", LedgerJsonContext.Default.OperationsAlertSent),
        new("operations_alert_failed", LedgerJsonContext.Default.OperationsAlertFailed),
    ]);
}
