using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using LeadLedger.Faults.Processes;
using LeadLedger.Faults.Webhooks;

namespace LeadLedger.Faults.Loops;

/// <summary>Delivers as a provider does: again and again until a 2xx, the same bytes each time, for a bounded time.</summary>
public sealed class Provider : IDisposable
{
    // Longer than a killed process takes to come back on a busy machine; a provider tries for hours.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(15);

    private readonly HttpClient _http = new(new SocketsHttpHandler { PooledConnectionIdleTimeout = TimeSpan.FromSeconds(5) })
    {
        Timeout = TimeSpan.FromSeconds(12),
    };

    /// <summary>Delivers a webhook; answers how often it was tried.</summary>
    /// <exception cref="LoopViolationException">It was refused for good, or never taken.</exception>
    /// <param name="services">Addresses, tried in turn.</param>
    /// <param name="webhook">What is delivered.</param>
    public Task<int> DeliverAsync(IReadOnlyList<string> services, Webhook webhook) =>
        UntilTakenAsync(attempt => webhook.RequestTo(services[attempt % services.Count]), $"{webhook.Kind} of {webhook.Phone}", []);

    /// <summary>A command of staff. After an answer was lost it may be refused as done already.</summary>
    /// <param name="services">Addresses, tried in turn.</param>
    /// <param name="method">Such as PUT.</param>
    /// <param name="path">Below the address.</param>
    /// <param name="json">The body.</param>
    /// <param name="doneAlready">What a second try is answered when the first took effect.</param>
    public Task<int> CommandAsync(IReadOnlyList<string> services, HttpMethod method, string path, string json, params IReadOnlyList<int> doneAlready) => UntilTakenAsync(
        attempt => new HttpRequestMessage(method, Loopback.Checked(services[attempt % services.Count] + path))
        {
            Content = new StringContent(json, Encoding.UTF8, "application/json"),
            Headers = { Authorization = new AuthenticationHeaderValue("Bearer", ServiceProcess.AdminKey) },
        },
        $"{method} {path}", doneAlready);

    public void Dispose() => _http.Dispose();

    private async Task<int> UntilTakenAsync(Func<int, HttpRequestMessage> request, string what, IReadOnlyList<int> doneAlready)
    {
        var watch = Stopwatch.StartNew();
        for (var attempt = 1; ; attempt++)
        {
            string answered;
            try
            {
                using var message = request(attempt - 1);
                using var answer = await _http.SendAsync(message);
                if (answer.IsSuccessStatusCode || (attempt > 1 && doneAlready.Contains((int)answer.StatusCode)))
                {
                    return attempt;
                }

                answered = string.Create(CultureInfo.InvariantCulture, $"{(int)answer.StatusCode}");
                if ((int)answer.StatusCode < 500)
                {
                    throw new LoopViolationException($"{what} was refused with {answered}: {await answer.Content.ReadAsStringAsync()}");
                }

                if ((int)answer.StatusCode != 503)
                {
                    throw new LoopViolationException($"{what} was answered {answered} and not 503: {await answer.Content.ReadAsStringAsync()}");
                }
            }
            catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException or IOException)
            {
                answered = exception.Message;
            }

            if (watch.Elapsed > Patience)
            {
                throw new LoopViolationException($"{what} was not taken within {Patience.TotalSeconds} s; last answer: {answered}");
            }

            await Task.Delay(Pause);
        }
    }
}

/// <summary>Something that must not happen has happened.</summary>
public sealed class LoopViolationException(string message) : Exception(message);
