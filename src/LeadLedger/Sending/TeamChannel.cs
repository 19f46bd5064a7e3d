namespace LeadLedger.Sending;

/// <summary>Posts an alert into a team's channel: a webhook that takes <c>{"text": "…"}</c>, as Slack and its kin do (OWN-10).</summary>
public sealed class TeamChannel(HttpClient http, CallDeadline callDeadline)
{
    public async Task<SendResult> PostAsync(SendAlert alert, CancellationToken cancellation)
    {
        try
        {
            using var deadline = callDeadline.Start(cancellation);
            using var response = await http.PostAsJsonAsync(alert.To, new { text = alert.Body }, deadline.Token);
            return response.IsSuccessStatusCode
                ? new SendResult.Accepted($"channel-{(int)response.StatusCode}")
                : new SendResult.NotSent($"the channel answered {(int)response.StatusCode}");
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException)
        {
            // A repeated note in a channel harms nobody, so an unknown outcome is tried again.
            return new SendResult.NotSent("the channel could not be reached");
        }
    }
}
