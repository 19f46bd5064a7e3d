using System.Net;
using System.Text;
using LeadLedger.Staff.Accounts;
using LeadLedger.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace LeadLedger.Tests.Staff;

/// <summary>Somebody who is signed in to the pages of operations. Pages are read as people read them: entities are decoded.</summary>
internal sealed class OperationsBrowser : IDisposable
{
    private readonly HttpClient _http;
    private readonly StaffSession _session;

    private OperationsBrowser(TestApp app, StaffSession session)
    {
        _http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = app.Http.BaseAddress };
        _session = session;
    }

    public StaffSession Session => _session;

    public static async Task<OperationsBrowser> SignInAsync(TestApp app, string role = StaffUser.Owner, string? business = null, string login = "dana")
    {
        var users = app.Services.GetRequiredService<StaffUsers>();
        var user = await users.AddAsync(login, login, role, business, CancellationToken.None);
        return new OperationsBrowser(app, await app.Services.GetRequiredService<StaffSessions>().BeginAsync(user!, CancellationToken.None));
    }

    public async Task<PageReply> GetAsync(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        return await SendAsync(request);
    }

    /// <summary>Presses the button of a form.</summary>
    public async Task<PageReply> PostAsync(string path, params (string Name, string Value)[] fields)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new FormUrlEncodedContent([new("form", _session.FormToken), .. fields.Select(field => KeyValuePair.Create(field.Name, field.Value))]),
        };
        return await SendAsync(request);
    }

    public void Dispose() => _http.Dispose();

    private async Task<PageReply> SendAsync(HttpRequestMessage request)
    {
        request.Headers.Add("Cookie", $"__Host-leadledger={_session.Token}");
        using var response = await _http.SendAsync(request);
        var said = response.Headers.TryGetValues("Set-Cookie", out var cookies)
            ? cookies.FirstOrDefault(cookie => cookie.StartsWith("leadledger-said=", StringComparison.Ordinal))?.Split(';')[0]["leadledger-said=".Length..] : null;
        return new PageReply(
            response.StatusCode, WebUtility.HtmlDecode(await response.Content.ReadAsStringAsync()), response.Headers.Location?.ToString(),
            string.IsNullOrEmpty(said) ? "" : Encoding.UTF8.GetString(Convert.FromBase64String(WebUtility.UrlDecode(said))));
    }
}

/// <summary>A page, or where a press led and what it said: a refusal begins with an exclamation mark.</summary>
internal sealed record PageReply(HttpStatusCode Status, string Text, string? Location, string Said);
