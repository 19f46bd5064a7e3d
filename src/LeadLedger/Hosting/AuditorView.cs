namespace LeadLedger.Hosting;

/// <summary>What a key of an auditor sees of a route that everybody may read, as long as it names no reason.</summary>
public enum AuditorView
{
    /// <summary>The answer with personal data hidden.</summary>
    Masked,

    /// <summary>All of it: nothing in it belongs to a person who got in touch.</summary>
    NothingPersonal,

    /// <summary>Nothing: a proof can be checked only on the bytes that were recorded.</summary>
    Withheld,
}

/// <summary>As endpoint metadata; a route without it is masked.</summary>
public sealed record AuditorPolicy(AuditorView View);

/// <summary>Marks routes with what auditors see.</summary>
public static class AuditorPolicyExtensions
{
    public static RouteHandlerBuilder ForAuditors(this RouteHandlerBuilder route, AuditorView view) => route.WithMetadata(new AuditorPolicy(view));

    public static AuditorView ViewOfAuditors(this Endpoint endpoint) => endpoint.Metadata.GetMetadata<AuditorPolicy>()?.View ?? AuditorView.Masked;
}
