namespace LeadLedger.Leads;

/// <summary>Why a message was or was not sent. Tests, screens and clients share these strings; every decision carries one.</summary>
public static class ReasonCodes
{
    public const string Permitted = "permitted";
    public const string AlreadyAcknowledged = "already_acknowledged";
    public const string DuplicateEvent = "duplicate_event";
    public const string QuietHoursDeferred = "quiet_hours_deferred";
    public const string NoBasis = "no_basis";
    public const string NoSmsConsentOnForm = "no_sms_consent_on_form";
    public const string NoBasisBeyondAck = "no_basis_beyond_ack";
    public const string PurposeNotCovered = "purpose_not_covered";
    public const string ConsentWithdrawn = "consent_withdrawn";
    public const string SuppressedNumber = "suppressed_number";
    public const string SuppressedByProvider = "suppressed_by_provider";
    public const string OptOutPhraseHeld = "opt_out_phrase_held";
    public const string NumberMissing = "number_missing";
    public const string NumberWithheld = "number_withheld";
    public const string NumberNotTextable = "number_not_textable";
    public const string SuspectedHangup = "suspected_hangup";
    public const string SpamListed = "spam_listed";
    public const string SpamScore = "spam_score";
    public const string QuotaExhausted = "quota_exhausted";
    public const string BillingInactive = "billing_inactive";
    public const string FollowupDisabled = "followup_disabled";
    public const string SmsCapNumber = "sms_cap_number";
    public const string SmsCapPrefix = "sms_cap_prefix";
    public const string SmsCapForm = "sms_cap_form";
    public const string SmsCapBusiness = "sms_cap_business";
    public const string StaleInquiry = "stale_inquiry";
    public const string TemplateBlocked = "template_blocked";
    public const string HumanTookOver = "human_took_over";
    public const string TaskClosed = "task_closed";
    public const string CancelledByStaff = "cancelled_by_staff";
    public const string AmbiguousDelivery = "ambiguous_delivery";
    public const string TestMode = "test_mode";
}
