namespace LeadLedger.Hosting;

/// <summary>A parameter that a route reads by hand, so that it can name what is wrong with it; as endpoint metadata for the API's description.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Description">What it takes.</param>
/// <param name="InPath">In the path, else in the query.</param>
/// <param name="Required">Whether it must be there.</param>
public sealed record ApiParameter(string Name, string Description, bool InPath, bool Required);

/// <summary>Describes parameters beside the routes that read them.</summary>
public static class ApiParameterExtensions
{
    public static RouteHandlerBuilder Query(this RouteHandlerBuilder route, string name, string description, bool required = false) =>
        route.WithMetadata(new ApiParameter(name, description, false, required));

    public static RouteHandlerBuilder Parameter(this RouteHandlerBuilder route, string name, string description) =>
        route.WithMetadata(new ApiParameter(name, description, true, true));
}
