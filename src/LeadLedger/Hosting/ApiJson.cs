using System.Text.Json.Serialization;
using LeadLedger.Backup;
using LeadLedger.Callbacks;
using LeadLedger.Consent;
using LeadLedger.DeadLetters;
using LeadLedger.Merging;
using LeadLedger.Pausing;
using LeadLedger.Reading;

namespace LeadLedger.Hosting;

/// <summary>Bodies of requests: strict about types and duplicate members, indifferent to members it does not know.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, AllowDuplicateProperties = false)]
[JsonSerializable(typeof(ClaimTask.Body), TypeInfoPropertyName = "ClaimTaskBody")]
[JsonSerializable(typeof(ReassignTask.Body), TypeInfoPropertyName = "ReassignTaskBody")]
[JsonSerializable(typeof(CompleteTask.Body), TypeInfoPropertyName = "CompleteTaskBody")]
[JsonSerializable(typeof(CancelTask.Body), TypeInfoPropertyName = "CancelTaskBody")]
[JsonSerializable(typeof(AddNote.Body), TypeInfoPropertyName = "AddNoteBody")]
[JsonSerializable(typeof(RecordConsent.Body), TypeInfoPropertyName = "RecordConsentBody")]
[JsonSerializable(typeof(SuppressContactPoint.Body), TypeInfoPropertyName = "SuppressContactPointBody")]
[JsonSerializable(typeof(LiftSuppression.Body), TypeInfoPropertyName = "LiftSuppressionBody")]
[JsonSerializable(typeof(ResolveHeldPhrase.Body), TypeInfoPropertyName = "ResolveHeldPhraseBody")]
[JsonSerializable(typeof(RejectSuggestion.Body), TypeInfoPropertyName = "RejectSuggestionBody")]
[JsonSerializable(typeof(MergeLeads.Body), TypeInfoPropertyName = "MergeLeadsBody")]
[JsonSerializable(typeof(UnmergeLeads.Body), TypeInfoPropertyName = "UnmergeLeadsBody")]
[JsonSerializable(typeof(ReplayDelivery.Body), TypeInfoPropertyName = "ReplayDeliveryBody")]
[JsonSerializable(typeof(RetryWork.Body), TypeInfoPropertyName = "RetryWorkBody")]
[JsonSerializable(typeof(DiscardWork.Body), TypeInfoPropertyName = "DiscardWorkBody")]
[JsonSerializable(typeof(CancelText.Body), TypeInfoPropertyName = "CancelTextBody")]
[JsonSerializable(typeof(PauseSending.Body), TypeInfoPropertyName = "PauseSendingBody")]
[JsonSerializable(typeof(KeyEndpoints.Body), TypeInfoPropertyName = "CreateKeyBody")]
[JsonSerializable(typeof(SendingEndpoints.Body), TypeInfoPropertyName = "SendingBody")]
internal sealed partial class ApiJson : JsonSerializerContext;
