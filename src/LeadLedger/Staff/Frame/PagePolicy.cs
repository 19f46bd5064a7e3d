namespace LeadLedger.Staff.Frame;

/// <summary>Who may open a page, as endpoint metadata.</summary>
public enum PageAccess
{
    /// <summary>Whoever is signed in.</summary>
    Read,

    /// <summary>Owners and staff; an auditor changes nothing.</summary>
    Write,

    /// <summary>Owners only: people and keys.</summary>
    Owner,

    /// <summary>Nobody need be signed in: the sign-in pages and what carries its own signed token.</summary>
    Open,
}

/// <summary>The policy of one page. A page without one does not exist: the routes are made through <see cref="PageRoutes"/>.</summary>
public sealed record PagePolicy(PageAccess Access);

/// <summary>The only way to add a page or the form of one.</summary>
public static class PageRoutes
{
    /// <summary>Adds a page.</summary>
    public static void MapPage(this IEndpointRouteBuilder routes, string pattern, PageAccess access, Delegate handler) =>
        routes.MapGet(pattern, handler).WithMetadata(new PagePolicy(access)).ExcludeFromDescription();

    /// <summary>Adds what a form of a page posts to; posts are checked for coming from this site before they reach the handler.</summary>
    public static void MapPost(this IEndpointRouteBuilder routes, string pattern, PageAccess access, Delegate handler) =>
        routes.MapPost(pattern, handler).WithMetadata(new PagePolicy(access)).DisableAntiforgery().ExcludeFromDescription();
}
