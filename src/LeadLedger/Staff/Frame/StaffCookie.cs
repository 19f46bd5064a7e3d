using LeadLedger.Hosting;

namespace LeadLedger.Staff.Frame;

/// <summary>
/// The cookie of a session. Over https its name begins with <c>__Host-</c>, which binds it to this host; on a plain http address, as on the
/// machine it is tried on, browsers would not keep such a cookie.
/// </summary>
public sealed class StaffCookie(ServiceAddress address)
{
    private readonly bool _secure = address.PublicBase.StartsWith("https://", StringComparison.OrdinalIgnoreCase);

    public string Name => _secure ? "__Host-leadledger" : "leadledger";

    public string? Read(HttpContext http) => http.Request.Cookies[Name];

    public void Write(HttpContext http, string token) => http.Response.Cookies.Append(Name, token, Options());

    public void Clear(HttpContext http) => http.Response.Cookies.Delete(Name, Options());

    private CookieOptions Options() => new()
    {
        HttpOnly = true,
        Secure = _secure,
        SameSite = SameSiteMode.Strict,
        Path = "/",
        IsEssential = true,
    };
}
