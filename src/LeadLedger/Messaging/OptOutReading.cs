namespace LeadLedger.Messaging;

public enum OptOutKind
{
    None,

    /// <summary>An exact keyword: suppress at once.</summary>
    Stop,

    /// <summary>START or UNSTOP; YES too, with that word, so that the caller can apply C-09.</summary>
    Start,

    Help,

    /// <summary>Reads as a refusal in free text: hold the sends and ask a person (P-10).</summary>
    HeldPhrase,
}

/// <summary>What an inbound text says about being texted.</summary>
/// <param name="Kind">None lets everything proceed.</param>
/// <param name="Word">The keyword in capitals, or the words that made it a held phrase; null for None.</param>
/// <param name="ProviderReplied">The provider answers this one itself: no confirmation of ours (README 2.2).</param>
/// <param name="AmbiguousAppointment">The keyword may have meant an appointment: also create a task (C-32).</param>
public sealed record OptOutReading(
    OptOutKind Kind, string? Word = null, bool ProviderReplied = false, bool AmbiguousAppointment = false)
{
    public static OptOutReading None { get; } = new(OptOutKind.None);
}
