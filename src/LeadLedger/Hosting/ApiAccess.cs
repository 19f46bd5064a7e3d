namespace LeadLedger.Hosting;

/// <summary>What a route asks of the key that is used on it.</summary>
public enum ApiAccess
{
    /// <summary>Every role may read.</summary>
    Read,

    /// <summary>Staff and admins may change things; an auditor may not.</summary>
    Write,

    /// <summary>Only admins.</summary>
    Admin,

    /// <summary>Open to everybody, on purpose: health, the API's description.</summary>
    Open,
}

/// <summary>The policy of one route, as endpoint metadata. A route under /api without one is refused.</summary>
public sealed record ApiPolicy(ApiAccess Access);

/// <summary>Marks routes with what they ask.</summary>
public static class ApiPolicyExtensions
{
    public static TBuilder Requires<TBuilder>(this TBuilder builder, ApiAccess access)
        where TBuilder : IEndpointConventionBuilder =>
        builder.WithMetadata(new ApiPolicy(access));
}
