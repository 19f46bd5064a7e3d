namespace LeadLedger.Hosting;

/// <summary>Headers that every answer carries, whatever it is.</summary>
public static class SecurityHeaders
{
    /// <summary>Pages load only what this service itself serves; nothing may frame them.</summary>
    public const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; "
        + "base-uri 'none'; object-src 'none'; frame-ancestors 'none'";

    /// <summary>One year. Whether other hosts under this name speak https is not known here.</summary>
    private const string OnlyHttps = "max-age=31536000";

    public static void UseSecurityHeaders(this IApplicationBuilder app)
    {
        var isHttps = app.ApplicationServices.GetRequiredService<ServiceAddress>().PublicBase.StartsWith("https://", StringComparison.OrdinalIgnoreCase);
        app.Use((http, next) =>
        {
            http.Response.OnStarting(() =>
            {
                Add(http, isHttps);
                return Task.CompletedTask;
            });
            return next(http);
        });
    }

    private static void Add(HttpContext http, bool isHttps)
    {
        var headers = http.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers.XFrameOptions = "DENY";
        headers.ContentSecurityPolicy = Policy;
        if (isHttps)
        {
            headers.StrictTransportSecurity = OnlyHttps;
        }

        if (http.Request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase))
        {
            headers.CacheControl = "no-store";
        }
    }
}
