using System.Net;
using System.Text.RegularExpressions;
using LeadLedger.Staff.Accounts;
using Microsoft.Extensions.DependencyInjection;

namespace LeadLedger.Tests.Support;

/// <summary>A page as it was answered.</summary>
public sealed record WebPage(HttpStatusCode Status, string Html, string? Location, HttpResponseMessage Response);

/// <summary>A signed-in person without a browser: opens pages and posts their forms, cookies and form token included.</summary>
public sealed partial class StaffBrowser : IDisposable
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

    /// <summary>Nobody yet.</summary>
    public static StaffBrowser Open(TestApp app) => new(app.Http.BaseAddress!);

    /// <summary>A new session of a person, who is added when unknown.</summary>
    public static async Task<StaffBrowser> SignInAsync(TestApp app, string login, string role = StaffUser.Staff, string? business = "northside")
    {
        var users = app.Services.GetRequiredService<StaffUsers>();
        var user = await users.FindAsync(login, CancellationToken.None) ?? await users.AddAsync(login, login, role, business, CancellationToken.None);
        var session = await app.Services.GetRequiredService<StaffSessions>().BeginAsync(user!, CancellationToken.None);
        return new StaffBrowser(app.Http.BaseAddress!) { Cookie = $"__Host-leadledger={session.Token}", FormToken = session.FormToken };
    }

    public Task<WebPage> GetAsync(string path) => SendAsync(new HttpRequestMessage(HttpMethod.Get, path));

    public Task<WebPage> PostAsync(string path, params IEnumerable<(string Name, string Value)> fields) => SendAsync(new HttpRequestMessage(HttpMethod.Post, path)
    {
        Content = new FormUrlEncodedContent([
            KeyValuePair.Create("form", FormToken), .. fields.Select(field => KeyValuePair.Create(field.Name, field.Value)),
        ]),
    });

    /// <summary>Posts, goes where it is sent, and answers what that page says on top.</summary>
    public async Task<string> PressAsync(string path, params IEnumerable<(string Name, string Value)> fields)
    {
        var answer = await PostAsync(path, fields);
        Assert.Equal(HttpStatusCode.Found, answer.Status);
        return Said(await GetAsync(answer.Location!));
    }

    /// <summary>The sentence on top of a page.</summary>
    public static string Said(WebPage page) => WebUtility.HtmlDecode(SaidPattern().Match(page.Html).Groups[1].Value);

    public void Dispose() => _http.Dispose();

    [GeneratedRegex("<p class=\"notice[^>]*>(.*?)</p>", RegexOptions.Singleline)]
    private static partial Regex SaidPattern();

    private async Task<WebPage> SendAsync(HttpRequestMessage request)
    {
        using (request)
        {
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
            return new WebPage(response.StatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken),
                response.Headers.Location?.OriginalString, response);
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
}
