using System.Diagnostics;

namespace LeadLedger.Benchmarks.Pages;

/// <summary>One answer of a page.</summary>
/// <param name="Status">Its status.</param>
/// <param name="FirstByte">Milliseconds until the answer began.</param>
/// <param name="Whole">Milliseconds until it was complete.</param>
/// <param name="Body">All of it.</param>
public sealed record PageVisit(int Status, double FirstByte, double Whole, byte[] Body);

/// <summary>A signed-in person who opens pages, as plainly as can be: nothing is cached, nothing is drawn.</summary>
public sealed class PageVisitor : IDisposable
{
    private readonly HttpClient _http;
    private readonly string _formToken;

    /// <param name="publicBase">Of the service.</param>
    /// <param name="cookie">Name and value of the session's cookie.</param>
    /// <param name="formToken">What the session's forms carry.</param>
    /// <param name="connections">At most this many at once.</param>
    public PageVisitor(string publicBase, string cookie, string formToken, int connections)
    {
        _formToken = formToken;
        _http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, MaxConnectionsPerServer = connections })
        {
            BaseAddress = new Uri(publicBase),
        };
        _http.DefaultRequestHeaders.Add("Cookie", cookie);
        _http.DefaultRequestHeaders.Add("Accept-Encoding", "gzip, br");
        _http.DefaultRequestHeaders.Add("Sec-Fetch-Site", "same-origin");
    }

    /// <param name="path">Path and query.</param>
    /// <param name="live">Whether it is a page that fetches itself again, rather than somebody who opens it.</param>
    public Task<PageVisit> GetAsync(string path, bool live = false)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (live)
        {
            request.Headers.Add("X-Live", "1");
        }

        return SendAsync(request);
    }

    public Task<PageVisit> PostAsync(string path, string name, string value) => SendAsync(new HttpRequestMessage(HttpMethod.Post, path)
    {
        Content = new FormUrlEncodedContent([KeyValuePair.Create("form", _formToken), KeyValuePair.Create(name, value)]),
    });

    /// <summary>The stream that tells an open page of changes.</summary>
    public async Task<StreamReader> ListenAsync(string topic, CancellationToken cancellation)
    {
        var answer = await _http.SendAsync(new HttpRequestMessage(HttpMethod.Get, $"/live?topic={topic}"), HttpCompletionOption.ResponseHeadersRead, cancellation);
        answer.EnsureSuccessStatusCode();
        return new StreamReader(await answer.Content.ReadAsStreamAsync(cancellation));
    }

    public void Dispose() => _http.Dispose();

    private async Task<PageVisit> SendAsync(HttpRequestMessage request)
    {
        using (request)
        {
            var start = Stopwatch.GetTimestamp();
            using var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            var first = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            var body = await answer.Content.ReadAsByteArrayAsync();
            return new PageVisit((int)answer.StatusCode, first, Stopwatch.GetElapsedTime(start).TotalMilliseconds, body);
        }
    }
}
