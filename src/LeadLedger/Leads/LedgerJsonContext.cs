using System.Text.Json;
using System.Text.Json.Serialization;
using LeadLedger.Calls;
using LeadLedger.Contacting;
using LeadLedger.EventStore;
using LeadLedger.Merging;
using LeadLedger.Pausing;
using LeadLedger.Reconciling;
using LeadLedger.Sending;

namespace LeadLedger.Leads;

/// <summary>How everything stored is written as JSON: camelCase, instants in UTC, no nulls. Generated at build time.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.General,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(InstantJsonConverter), typeof(DurationJsonConverter)])]
[JsonSerializable(typeof(Lead))]
[JsonSerializable(typeof(CallRecord))]
[JsonSerializable(typeof(ContactPoint))]
[JsonSerializable(typeof(CallMissed))]
[JsonSerializable(typeof(CallOutcomeRevised))]
[JsonSerializable(typeof(FormSubmitted))]
[JsonSerializable(typeof(SmsReceived))]
[JsonSerializable(typeof(DecisionMade))]
[JsonSerializable(typeof(LeadRouted))]
[JsonSerializable(typeof(TaskOpened))]
[JsonSerializable(typeof(TaskRefreshed))]
[JsonSerializable(typeof(TaskClaimed))]
[JsonSerializable(typeof(TaskReassigned))]
[JsonSerializable(typeof(TaskCompleted))]
[JsonSerializable(typeof(TaskCancelled))]
[JsonSerializable(typeof(TaskEscalated))]
[JsonSerializable(typeof(UrgentReviewRequested))]
[JsonSerializable(typeof(SmsRequested))]
[JsonSerializable(typeof(SmsAccepted))]
[JsonSerializable(typeof(SmsSent))]
[JsonSerializable(typeof(SmsDelivered))]
[JsonSerializable(typeof(SmsFailed))]
[JsonSerializable(typeof(SmsAttemptFailed))]
[JsonSerializable(typeof(SmsWithheld))]
[JsonSerializable(typeof(SmsOutcomeUnknown))]
[JsonSerializable(typeof(SmsSettled))]
[JsonSerializable(typeof(SettleText))]
[JsonSerializable(typeof(SmsUnconfirmed))]
[JsonSerializable(typeof(AckSlaBreached))]
[JsonSerializable(typeof(OwnerAlertRequested))]
[JsonSerializable(typeof(OwnerAlertSent))]
[JsonSerializable(typeof(OwnerAlertFailed))]
[JsonSerializable(typeof(OptedOut))]
[JsonSerializable(typeof(OptedIn))]
[JsonSerializable(typeof(OptOutPhraseHeld))]
[JsonSerializable(typeof(OptOutPhraseResolved))]
[JsonSerializable(typeof(ConsentRecorded))]
[JsonSerializable(typeof(CorrectionOffered))]
[JsonSerializable(typeof(SharesContactPoint))]
[JsonSerializable(typeof(MergeSuggested))]
[JsonSerializable(typeof(LeadAbsorbed))]
[JsonSerializable(typeof(LeadMergedInto))]
[JsonSerializable(typeof(LeadSeparated))]
[JsonSerializable(typeof(LeadRestored))]
[JsonSerializable(typeof(ContactRecordOpened))]
[JsonSerializable(typeof(NoteAdded))]
[JsonSerializable(typeof(CrmMirrored))]
[JsonSerializable(typeof(CrmMirrorFailed))]
[JsonSerializable(typeof(CallRinging))]
[JsonSerializable(typeof(CallStatusReported))]
[JsonSerializable(typeof(DialReported))]
[JsonSerializable(typeof(LegReported))]
[JsonSerializable(typeof(VoicemailRecorded))]
[JsonSerializable(typeof(CallSettled))]
[JsonSerializable(typeof(CallWaitEnded))]
[JsonSerializable(typeof(SmsCalling))]
[JsonSerializable(typeof(NumberUnreachable))]
[JsonSerializable(typeof(WorkRetried))]
[JsonSerializable(typeof(WorkDiscarded))]
[JsonSerializable(typeof(Operations))]
[JsonSerializable(typeof(SendingPaused))]
[JsonSerializable(typeof(SendingProbeAllowed))]
[JsonSerializable(typeof(SendingProbeFailed))]
[JsonSerializable(typeof(SendingResumed))]
[JsonSerializable(typeof(OperationsAlertRequested))]
[JsonSerializable(typeof(OperationsAlertSent))]
[JsonSerializable(typeof(OperationsAlertFailed))]
[JsonSerializable(typeof(SendSms))]
[JsonSerializable(typeof(SendAlert))]
[JsonSerializable(typeof(ReconsiderInquiry))]
[JsonSerializable(typeof(EscalateTask))]
[JsonSerializable(typeof(SettleCall))]
[JsonSerializable(typeof(MirrorLead))]
[JsonSerializable(typeof(SuggestMerges))]
[JsonSerializable(typeof(TryAgain))]
public sealed partial class LedgerJsonContext : JsonSerializerContext;
