namespace LeadLedger.Businesses;

/// <summary>
/// How many texts may be begun in any hour and any 24 hours: a stop for whoever makes the business text numbers for money, set well above what
/// honest inquiries ask for. The confirmation of an opt-out counts and is never held back.
/// </summary>
public sealed record TextLimits
{
    /// <summary>To one number.</summary>
    public int NumberPerHour { get; init; } = 4;

    public int NumberPerDay { get; init; } = 8;

    /// <summary>To the numbers that differ in their last four digits only.</summary>
    public int PrefixPerHour { get; init; } = 60;

    public int PrefixPerDay { get; init; } = 200;

    /// <summary>Because of inquiries through one form.</summary>
    public int FormPerHour { get; init; } = 120;

    public int FormPerDay { get; init; } = 600;

    /// <summary>In all.</summary>
    public int BusinessPerHour { get; init; } = 300;

    public int BusinessPerDay { get; init; } = 2000;
}
