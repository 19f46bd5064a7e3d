using System.Net;
using LeadLedger.Staff.Accounts;
using LeadLedger.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace LeadLedger.Tests.Staff;

/// <summary>Somebody who is signed in and opens pages of leads; follows the redirect after a press, as browsers do.</summary>
public sealed class Visitor : IDisposable
{
    private readonly HttpClient _http;
    private readonly StaffSession _session;
    private string? _said;

    private Visitor(TestApp app, StaffSession session)
    {
        _http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = app.Http.BaseAddress };
        _session = session;
    }

    public static async Task<Visitor> SignInAsync(TestApp app, string role = StaffUser.Staff, string login = "dana", string business = "northside")
    {
        var users = app.Services.GetRequiredService<StaffUsers>();
        var user = await users.FindAsync(login, CancellationToken.None)
            ?? await users.AddAsync(login, "Dana Whitfield", role, business, CancellationToken.None);
        return new Visitor(app, await app.Services.GetRequiredService<StaffSessions>().BeginAsync(user!, CancellationToken.None));
    }

    public Task<SeenPage> OpenAsync(string path) => SendAsync(HttpMethod.Get, path, null);

    /// <summary>Presses a button: posts the fields with the token of the form.</summary>
    public Task<SeenPage> PressAsync(string path, params (string Name, string Value)[] fields) => SendAsync(
        HttpMethod.Post, path,
        new FormUrlEncodedContent([.. fields.Select(field => KeyValuePair.Create<string?, string?>(field.Name, field.Value)), KeyValuePair.Create<string?, string?>("form", _session.FormToken)]));

    public void Dispose() => _http.Dispose();

    private async Task<SeenPage> SendAsync(HttpMethod method, string path, HttpContent? content)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        request.Headers.Add("Cookie", $"__Host-leadledger={_session.Token}" + (_said is null ? "" : $"; {_said}"));
        _said = null;
        using var response = await _http.SendAsync(request);
        if (response.StatusCode == HttpStatusCode.Redirect)
        {
            _said = response.Headers.TryGetValues("Set-Cookie", out var cookies) ? cookies.FirstOrDefault(cookie => cookie.StartsWith("leadledger-said=", StringComparison.Ordinal))?.Split(';')[0] : null;
            return await SendAsync(HttpMethod.Get, response.Headers.Location!.ToString(), null);
        }

        return new SeenPage(response.StatusCode, path, await response.Content.ReadAsStringAsync());
    }
}

/// <summary>A page as it arrived.</summary>
/// <param name="Path">Where it was in the end.</param>
public sealed record SeenPage(HttpStatusCode Status, string Path, string Html)
{
    /// <summary>What it says, its entities read.</summary>
    public string Text => WebUtility.HtmlDecode(System.Text.RegularExpressions.Regex.Replace(Html, "<[^>]*>", ""));

    public SeenPage Says(params string[] words)
    {
        Assert.All(words, word => Assert.Contains(word, Text, StringComparison.Ordinal));
        return this;
    }

    public SeenPage SaysNot(params string[] words)
    {
        Assert.All(words, word => Assert.DoesNotContain(word, WebUtility.HtmlDecode(Html), StringComparison.Ordinal));
        return this;
    }
}
