using LeadLedger.Leads;

namespace LeadLedger.Reconciling;

// What is recorded of a text whose hand-over ended without a certain answer.

/// <summary>The provider may or may not have the text. It is not sent again; its status callback or the provider's list will tell.</summary>
public sealed record SmsOutcomeUnknown(Guid Message, string To, string Reason) : ILeadEvent;

/// <summary>The truth about such a text was found.</summary>
public sealed record SmsSettled : ILeadEvent
{
    public required Guid Message { get; init; }

    public required string To { get; init; }

    /// <summary>callback or provider_list.</summary>
    public required string By { get; init; }

    public required string ProviderId { get; init; }

    /// <summary>The provider's word for where the text stands.</summary>
    public required string Status { get; init; }

    /// <summary>Staff had been told by then that it may not have arrived.</summary>
    public required bool AfterUnconfirmed { get; init; }
}

/// <summary>What settled a text, as stored.</summary>
public static class SettledBy
{
    public const string Callback = "callback";
    public const string ProviderList = "provider_list";
}
