namespace LeadLedger.PhoneNumbers;

/// <summary>What a caller id turned out to be. Closed: withheld, a number, or something that is no number.</summary>
public abstract record CallerIdReading
{
    private CallerIdReading()
    {
    }

    /// <summary>The number to call back and to text; null for anything but <see cref="Number"/>.</summary>
    public PhoneNumber? PhoneNumber => (this as Number)?.Value;

    /// <summary>The caller, or a network on the way, kept the number back.</summary>
    /// <param name="Word">The word that stood for it in lower case, such as anonymous; empty for an empty field.</param>
    public sealed record Withheld(string Word) : CallerIdReading;

    public sealed record Number(PhoneNumber Value) : CallerIdReading;

    public sealed record NotANumber(NotANumberReason Reason) : CallerIdReading;
}
