namespace LeadLedger.Intake.Webhooks;

/// <summary>Which headers of a webhook are kept: those a mapping may need again, never a signature, a secret or a session.</summary>
public static class WebhookHeaders
{
    private const int MostHeaders = 64;
    private const int LongestValue = 4096;

    private static readonly HashSet<string> Never = new(StringComparer.OrdinalIgnoreCase)
    {
        "Authorization", "Proxy-Authorization", "Cookie", "Connection", "Host", "Content-Length", "Transfer-Encoding",
        "X-LeadLedger-Secret", "X-Webhook-Secret", "X-Form-Secret",
    };

    public static IReadOnlyDictionary<string, string> Kept(IHeaderDictionary headers, string? secretHeader)
    {
        var kept = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, values) in headers)
        {
            var value = values.ToString();
            if (kept.Count < MostHeaders && value.Length <= LongestValue && !Never.Contains(name)
                && !name.Contains("signature", StringComparison.OrdinalIgnoreCase)
                && !string.Equals(name, secretHeader, StringComparison.OrdinalIgnoreCase))
            {
                kept[name] = value;
            }
        }

        return kept;
    }
}
