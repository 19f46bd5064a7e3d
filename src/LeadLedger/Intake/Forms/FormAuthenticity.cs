using LeadLedger.Businesses;
using NodaTime;

namespace LeadLedger.Intake;

/// <summary>Judges a form post by the scheme its form is configured with; one entry for the endpoint.</summary>
public static class FormAuthenticity
{
    /// <summary>Query parameter that may carry a shared secret, for senders that cannot set a header.</summary>
    public const string QueryKey = "key";

    /// <param name="secrets">As <see cref="HmacSignature.Secrets"/> gives them.</param>
    /// <param name="header">Gives a header by its name, in any case; null where absent.</param>
    /// <param name="queryKey">Value of <see cref="QueryKey"/>; null where absent.</param>
    public static SignatureVerdict Verify(
        Form form,
        IReadOnlyList<string> secrets,
        Func<string, string?> header,
        string? queryKey,
        ReadOnlySpan<byte> body,
        Instant now)
    {
        var scheme = form.Authentication;
        return scheme.Scheme switch
        {
            FormScheme.StandardWebhooks => StandardWebhooks.Verify(
                body,
                header(StandardWebhooks.IdHeader),
                header(StandardWebhooks.TimestampHeader),
                header(StandardWebhooks.SignatureHeader),
                secrets,
                now,
                Duration.FromSeconds(scheme.ToleranceSeconds)),
            FormScheme.Hmac => HmacSignature.Verify(scheme, secrets, header, body, now),
            FormScheme.SharedSecret => SharedSecret.Verify(GivenSecret(scheme, header) ?? queryKey, secrets),
            FormScheme.BrowserOrigin => VerifyOrigin(form, header("Origin")),
            _ => SignatureVerdict.NotConfigured,
        };
    }

    // An origin is scheme, host and port; browsers write it in lower case, people who write files may not.
    private static SignatureVerdict VerifyOrigin(Form form, string? origin) =>
        form.AllowedOrigins.Count == 0 ? SignatureVerdict.NotConfigured
        : string.IsNullOrEmpty(origin) ? SignatureVerdict.Missing
        : form.AllowedOrigins.Any(allowed =>
            string.Equals(allowed.TrimEnd('/'), origin, StringComparison.OrdinalIgnoreCase))
            ? SignatureVerdict.Valid
        : SignatureVerdict.Invalid;

    private static string? GivenSecret(FormAuthentication scheme, Func<string, string?> header)
    {
        var value = string.IsNullOrEmpty(scheme.Header) ? null : header(scheme.Header);
        return value is not null && value.StartsWith(scheme.Prefix, StringComparison.Ordinal)
            ? value[scheme.Prefix.Length..]
            : value;
    }
}
