namespace LeadLedger.Sending;

/// <summary>What an error code of the provider says, whichever way it came: as the answer to a request or in a status callback.</summary>
public enum ProviderCodeClass
{
    /// <summary>Not in the table: nothing is concluded from it.</summary>
    Unknown,

    /// <summary>The recipient has opted out at the provider.</summary>
    OptedOut,

    /// <summary>No text can arrive at this number: a landline, no number at all, or out of our reach for good.</summary>
    CannotReceive,

    /// <summary>The phone could not be reached this time.</summary>
    UnreachableNow,

    /// <summary>Our account, our number or our registration: the next text would fail alike.</summary>
    Sender,

    /// <summary>The account is not allowed to text this country.</summary>
    RegionClosed,

    /// <summary>The words were refused or filtered.</summary>
    ContentRefused,

    /// <summary>The provider's own trouble, which passes.</summary>
    Transient,
}

/// <summary>One row of the table of error codes.</summary>
/// <param name="Code">As the provider writes it; null when it gave none.</param>
/// <param name="Class">What is concluded from it.</param>
/// <param name="Sentence">What staff read, as the end of a sentence.</param>
/// <param name="Remedy">What a person has to put right before anything more is sent; null when sending goes on.</param>
public sealed record ProviderCode(string? Code, ProviderCodeClass Class, string Sentence, string? Remedy = null)
{
    /// <summary>Every further text of this sender would fail the same way, so none is tried until a person has looked.</summary>
    public bool StopsSending => Remedy is not null;

    /// <summary>The number is not texted again until it has texted us.</summary>
    public bool ClosesNumber => Class == ProviderCodeClass.CannotReceive;
}
