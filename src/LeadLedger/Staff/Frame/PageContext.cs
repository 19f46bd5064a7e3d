using LeadLedger.Businesses;
using LeadLedger.Hosting;
using LeadLedger.Staff.Accounts;
using NodaTime;

namespace LeadLedger.Staff.Frame;

/// <summary>What every page knows: who looks, which businesses, what time it is, and the token its forms carry.</summary>
public sealed record PageContext
{
    public required string Path { get; init; }

    public required string Query { get; init; }

    /// <summary>The page answers a form; its address cannot be opened again.</summary>
    public bool IsAnswer { get; init; }

    public required Instant Now { get; init; }

    public StaffUser? User { get; init; }

    public string FormToken { get; init; } = "";

    /// <summary>The businesses in sight; all of them when none was chosen.</summary>
    public IReadOnlyList<Business> Businesses { get; init; } = [];

    /// <summary>Every business this person could choose.</summary>
    public IReadOnlyList<Business> Choices { get; init; } = [];

    /// <summary>Something to say at the top, once: what the last press did or why it did not.</summary>
    public Notice? Notice { get; init; }

    public bool MayWrite => User is { Role: not StaffUser.Auditor };

    public bool IsOwner => User is { Role: StaffUser.Owner };

    public bool IsAuditor => User is { Role: StaffUser.Auditor };

    /// <summary>The member of the staff of that business that this person is; null when they are none.</summary>
    public StaffMember? MemberOf(string business) => Businesses.FirstOrDefault(each => each.Id == business)?.StaffOf(User?.Login);

    public Business? Business(string id) => Businesses.FirstOrDefault(each => each.Id == id);

    /// <summary>The zone in which times are shown when no one business is meant.</summary>
    public DateTimeZone Zone => Businesses.Count > 0 ? Businesses[0].Zone : DateTimeZone.Utc;

    public DateTimeZone ZoneOf(string? business) => business is null ? Zone : Business(business)?.Zone ?? Zone;

    /// <summary>How an address keeps the chosen business.</summary>
    public string Link(string path) => Choices.Count > 1 && Businesses.Count == 1
        ? path + (path.Contains('?', StringComparison.Ordinal) ? "&" : "?") + "business=" + Businesses[0].Id
        : path;

    public static PageContext Of(HttpContext http)
    {
        var session = http.Features.Get<StaffSession>();
        var scope = http.Features.Get<ApiScope>();
        var directory = http.RequestServices.GetRequiredService<BusinessDirectory>();
        return new PageContext
        {
            Path = http.Request.Path,
            Query = http.Request.QueryString.Value ?? "",
            IsAnswer = HttpMethods.IsPost(http.Request.Method),
            Now = http.RequestServices.GetRequiredService<IClock>().GetCurrentInstant(),
            User = session?.User,
            FormToken = session?.FormToken ?? "",
            Businesses = scope?.Businesses ?? [],
            Choices = session is null ? [] : session.User.Business is { } bound ? [.. directory.All.Where(each => each.Id == bound)] : directory.All,
            Notice = http.Features.Get<Notice>() ?? Notice.Read(http),
        };
    }
}

/// <summary>One sentence about the last press.</summary>
public sealed record Notice(string Text, bool IsRefusal)
{
    private const string Cookie = "leadledger-said";

    /// <summary>Says it on this very page.</summary>
    public static void Say(HttpContext http, string text, bool refusal = false) => http.Features.Set(new Notice(text, refusal));

    /// <summary>Goes to a page and says it there, once. The business that was chosen stays chosen.</summary>
    public static IResult Then(HttpContext http, string path, string text, bool refusal = false)
    {
        var next = path.Contains("business=", StringComparison.Ordinal) ? path : PageContext.Of(http).Link(path);
        var value = Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes((refusal ? "!" : "+") + (text.Length > 600 ? text[..600] : text)));
        http.Response.Cookies.Append(Cookie, value, Options(http));
        return Results.Redirect(next);
    }

    public static Notice? Read(HttpContext http)
    {
        if (http.Request.Cookies[Cookie] is not { Length: > 1 and < 4000 } value)
        {
            return null;
        }

        http.Response.Cookies.Delete(Cookie, Options(http));
        Span<byte> bytes = stackalloc byte[3000];
        if (!Convert.TryFromBase64String(value, bytes, out var length) || length < 2)
        {
            return null;
        }

        var text = System.Text.Encoding.UTF8.GetString(bytes[..length]);
        return new Notice(text[1..], text[0] == '!');
    }

    private static CookieOptions Options(HttpContext http) => new()
    {
        HttpOnly = true,
        SameSite = SameSiteMode.Strict,
        Path = "/",
        Secure = http.Request.IsHttps,
        MaxAge = TimeSpan.FromMinutes(1),
    };
}
