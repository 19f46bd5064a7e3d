using LeadLedger.Faults.Webhooks;

namespace LeadLedger.Faults.Twin;

/// <summary>Reports what became of texts, signed, and tries again for a while when the service is away.</summary>
internal sealed class TwinCallbacks(TwinLog log) : IDisposable
{
    private const int MostAttempts = 60;
    private static readonly TimeSpan BetweenAttempts = TimeSpan.FromMilliseconds(500);

    private readonly HttpClient _http = new(new SocketsHttpHandler { MaxConnectionsPerServer = 8 }) { Timeout = TimeSpan.FromSeconds(10) };
    private readonly SemaphoreSlim _together = new(16);
    private TwinPlan _plan = new();
    private int _turn;
    private int _pending;

    /// <summary>Callbacks not yet taken.</summary>
    public int Pending => _pending;

    public void Use(TwinPlan plan) => _plan = plan;

    public void Report(string sid, TwinRecord text, TwinCallback how)
    {
        if (how == TwinCallback.Never || _plan.Services.Count == 0)
        {
            return;
        }

        Interlocked.Increment(ref _pending);
        _ = Task.Run(async () =>
        {
            try
            {
                await Task.Delay(how == TwinCallback.Late ? _plan.LateMs : _plan.CallbackMs);
                string[] statuses = how switch
                {
                    TwinCallback.Reordered => ["delivered", "sent"],
                    TwinCallback.Duplicated => ["sent", "sent", "delivered", "delivered"],
                    _ => ["sent", "delivered"],
                };
                foreach (var status in statuses)
                {
                    await SendAsync(SignedWebhooks.TextStatus(text.Callback!, sid, status, text.From!, text.To!), sid, status, text);
                }
            }
            finally
            {
                Interlocked.Decrement(ref _pending);
            }
        });
    }

    public void Dispose()
    {
        _http.Dispose();
        _together.Dispose();
    }

    private async Task SendAsync(Webhook webhook, string sid, string status, TwinRecord text)
    {
        for (var attempt = 0; attempt < MostAttempts; attempt++)
        {
            await _together.WaitAsync();
            try
            {
                var services = _plan.Services;
                using var request = webhook.RequestTo(services[(int)((uint)Interlocked.Increment(ref _turn) % services.Count)]);
                using var answer = await _http.SendAsync(request);
                if (answer.IsSuccessStatusCode)
                {
                    await log.WriteAsync(new TwinRecord { What = "callback", At = TwinLog.Now, Sid = sid, To = text.To, Callback = text.Callback, Detail = status });
                    return;
                }

                if ((int)answer.StatusCode < 500)
                {
                    await log.WriteAsync(new TwinRecord
                    {
                        What = "complaint",
                        At = TwinLog.Now,
                        Sid = sid,
                        Detail = $"a status callback was refused with {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}",
                    });
                    return;
                }
            }
            catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException or IOException)
            {
                // The service is away; providers try again.
            }
            finally
            {
                _together.Release();
            }

            await Task.Delay(BetweenAttempts);
        }
    }
}
