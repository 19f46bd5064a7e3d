using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using LeadLedger.Staff.Accounts;
using Microsoft.Extensions.DependencyInjection;

namespace LeadLedger.Tests.Support;

/// <summary>A page as it was answered.</summary>
/// <param name="Path">What was asked for.</param>
/// <param name="Html">As it arrived.</param>
/// <param name="Location">Where it sends the browser; null when it is an answer itself.</param>
/// <param name="Said">The sentence that the next page says on top, after a plus or, for a refusal, an exclamation mark; empty for none.</param>
public sealed partial record WebPage(HttpStatusCode Status, string Path, string Html, string? Location, string Said, HttpResponseMessage Response)
{
    public bool Refused => Said is ['!', ..];

    /// <summary>The markup with its entities read, so that nothing hides in an attribute.</summary>
    public string Decoded { get; } = WebUtility.HtmlDecode(Html);

    /// <summary>What it says, without markup.</summary>
    public string Text => WebUtility.HtmlDecode(TagPattern().Replace(Html, ""));

    public WebPage Says(params ReadOnlySpan<string> words)
    {
        var text = Text;
        foreach (var word in words)
        {
            Assert.Contains(word, text, StringComparison.Ordinal);
        }

        return this;
    }

    /// <summary>Neither in what it says nor in any attribute.</summary>
    public WebPage SaysNot(params ReadOnlySpan<string> words)
    {
        foreach (var word in words)
        {
            Assert.DoesNotContain(word, Decoded, StringComparison.Ordinal);
        }

        return this;
    }

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex TagPattern();
}

/// <summary>A signed-in person without a browser: opens pages and posts their forms, cookies and form token included.</summary>
public sealed class StaffBrowser : IDisposable
{
    private readonly HttpClient _http;
    private readonly CookieContainer _cookies = new();

    private StaffBrowser(Uri address) => _http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = address };

    /// <summary>What the pages' forms carry; a test may spoil it.</summary>
    public string FormToken { get; set; } = "";

    /// <summary>What a browser says of where a request comes from.</summary>
    public string? FetchSite { get; set; } = "same-origin";

    public Dictionary<string, string> Headers { get; } = new(StringComparer.Ordinal);

    public string? Cookie { get; set; }

    /// <summary>Who is signed in from the start; null for nobody.</summary>
    public StaffUser? User { get; private init; }

    /// <summary>Nobody yet.</summary>
    public static StaffBrowser Open(TestApp app) => new(app.Http.BaseAddress!);

    /// <summary>A new session of a person, who is added when unknown.</summary>
    public static async Task<StaffBrowser> SignInAsync(TestApp app, string login = "dana", string role = StaffUser.Staff, string? business = "northside")
    {
        var users = app.Services.GetRequiredService<StaffUsers>();
        var user = await users.FindAsync(login, CancellationToken.None) ?? await users.AddAsync(login, login, role, business, CancellationToken.None);
        var session = await app.Services.GetRequiredService<StaffSessions>().BeginAsync(user!, CancellationToken.None);
        return new StaffBrowser(app.Http.BaseAddress!)
        {
            Cookie = $"__Host-leadledger={session.Token}",
            FormToken = session.FormToken,
            User = session.User,
        };
    }

    public Task<WebPage> GetAsync(string path) => SendAsync(new HttpRequestMessage(HttpMethod.Get, path));

    public Task<WebPage> PostAsync(string path, params IEnumerable<(string Name, string Value)> fields) => SendAsync(new HttpRequestMessage(HttpMethod.Post, path)
    {
        Content = new FormUrlEncodedContent([
            KeyValuePair.Create("form", FormToken), .. fields.Select(field => KeyValuePair.Create(field.Name, field.Value)),
        ]),
    });

    /// <summary>Posts, and goes where it is sent as browsers do.</summary>
    public async Task<WebPage> PressAsync(string path, params IEnumerable<(string Name, string Value)> fields)
    {
        var answer = await PostAsync(path, fields);
        return answer.Location is { } next ? await GetAsync(next) : answer;
    }

    public void Dispose() => _http.Dispose();

    private async Task<WebPage> SendAsync(HttpRequestMessage request)
    {
        using (request)
        {
            var path = request.RequestUri!.OriginalString;
            request.Headers.Accept.ParseAdd("text/html");
            if (FetchSite is not null)
            {
                request.Headers.Add("Sec-Fetch-Site", FetchSite);
            }

            foreach (var (name, value) in Headers)
            {
                request.Headers.Add(name, value);
            }

            var kept = _cookies.GetCookieHeader(new Uri("https://leads.test/"));
            var all = string.Join("; ", new[] { Cookie, kept }.Where(text => !string.IsNullOrEmpty(text)));
            if (all.Length > 0)
            {
                request.Headers.Add("Cookie", all);
            }

            var response = await _http.SendAsync(request, TestContext.Current.CancellationToken);
            Keep(response);
            return new WebPage(
                response.StatusCode, path, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken),
                response.Headers.Location?.OriginalString, Said(response), response);
        }
    }

    private void Keep(HttpResponseMessage response)
    {
        foreach (var header in response.Headers.TryGetValues("Set-Cookie", out var set) ? set : [])
        {
            var pair = header.Split(';')[0];
            if (pair.StartsWith("__Host-leadledger=", StringComparison.Ordinal))
            {
                Cookie = pair;
                FormToken = pair.Split('=')[1] is { Length: > 0 } token ? Tokens.FormTokenOf(token) : "";
            }
            else
            {
                _cookies.SetCookies(new Uri("https://leads.test/"), header);
            }
        }
    }

    private static string Said(HttpResponseMessage response)
    {
        const string Name = "leadledger-said=";
        var cookie = response.Headers.TryGetValues("Set-Cookie", out var all) ? all.LastOrDefault(each => each.StartsWith(Name, StringComparison.Ordinal)) : null;
        return cookie is null ? "" : Encoding.UTF8.GetString(Convert.FromBase64String(Uri.UnescapeDataString(cookie[Name.Length..].Split(';')[0])));
    }
}
