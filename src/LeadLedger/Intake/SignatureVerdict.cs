namespace LeadLedger.Intake;

/// <summary>What a request's proof of origin is worth. Anything but valid changes no row (reliability I4).</summary>
public enum SignatureVerdict
{
    Valid,

    /// <summary>The request carries no proof at all.</summary>
    Missing,

    Invalid,

    /// <summary>Rightly signed, but its signed time lies too far from now: a replay, or a wrong clock.</summary>
    Stale,

    /// <summary>We hold no usable secret or description of the scheme, so nothing can be proved.</summary>
    NotConfigured,
}
