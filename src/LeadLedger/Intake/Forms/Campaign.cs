namespace LeadLedger.Intake;

/// <summary>
/// Where an inquiry came from, as the advertiser's parameters say (ING-39); null where none was sent.
/// </summary>
public sealed record Campaign
{
    public string? Source { get; init; }

    public string? Medium { get; init; }

    /// <summary>utm_campaign.</summary>
    public string? Name { get; init; }

    public string? Term { get; init; }

    public string? Content { get; init; }

    /// <summary>Google's click id.</summary>
    public string? Gclid { get; init; }

    /// <summary>Facebook's click id.</summary>
    public string? Fbclid { get; init; }
}
