using System.Net;
using System.Text;
using LeadLedger.Staff.Accounts;
using LeadLedger.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace LeadLedger.Tests.Staff;

/// <summary>What a page answered: itself, or where it sent the browser and the sentence it says there.</summary>
internal sealed record PageVisit(HttpStatusCode Status, string Html, string? Location, string? Said)
{
    public bool Refused => Said is ['!', ..];
}

/// <summary>A browser without script: cookies of one session, forms with their token, redirects not followed.</summary>
internal sealed class PageVisitor : IDisposable
{
    private readonly HttpClient _http;
    private readonly StaffSession? _session;

    private PageVisitor(TestApp app, StaffSession? session)
    {
        _http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = app.Http.BaseAddress };
        _session = session;
    }

    public static PageVisitor Nobody(TestApp app) => new(app, null);

    public static async Task<PageVisitor> AsAsync(TestApp app, string login, string role = StaffUser.Staff, string? business = "northside")
    {
        var users = app.Services.GetRequiredService<StaffUsers>();
        var user = await users.AddAsync(login, login, role, business, CancellationToken.None);
        return new PageVisitor(app, await app.Services.GetRequiredService<StaffSessions>().BeginAsync(user!, CancellationToken.None));
    }

    public Task<PageVisit> GetAsync(string path) => SendAsync(new HttpRequestMessage(HttpMethod.Get, path));

    public Task<PageVisit> PostAsync(string path, params (string Name, string Value)[] fields)
    {
        var form = fields.Select(field => KeyValuePair.Create(field.Name, field.Value)).Append(KeyValuePair.Create("form", _session?.FormToken ?? ""));
        return SendAsync(new HttpRequestMessage(HttpMethod.Post, path) { Content = new FormUrlEncodedContent(form) });
    }

    public void Dispose() => _http.Dispose();

    private async Task<PageVisit> SendAsync(HttpRequestMessage request)
    {
        using (request)
        {
            if (_session is not null)
            {
                request.Headers.Add("Cookie", $"__Host-leadledger={_session.Token}");
            }

            using var response = await _http.SendAsync(request);
            return new PageVisit(response.StatusCode, WebUtility.HtmlDecode(await response.Content.ReadAsStringAsync()), response.Headers.Location?.ToString(), Said(response));
        }
    }

    private static string? Said(HttpResponseMessage response)
    {
        const string Name = "leadledger-said=";
        var cookie = response.Headers.TryGetValues("Set-Cookie", out var all) ? all.FirstOrDefault(each => each.StartsWith(Name, StringComparison.Ordinal)) : null;
        var value = cookie?[Name.Length..].Split(';')[0];
        return string.IsNullOrEmpty(value) ? null : Encoding.UTF8.GetString(Convert.FromBase64String(Uri.UnescapeDataString(value)));
    }
}
