using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using LeadLedger.Businesses;
using NodaTime;

namespace LeadLedger.Intake;

/// <summary>
/// Verifies any HMAC-in-a-header scheme that a business file describes: which header, what is signed, how it is
/// spelled. Covers Typeform, Webflow, Tally, Cal.com, Calendly, Stripe-like senders, CallRail, Meta and Quo's older
/// webhooks without code of their own.
/// </summary>
public static class HmacSignature
{
    private const string BodyHole = "{body}";
    private const string TimestampHole = "{timestamp}";
    private const string IdHole = "{id}";
    private const string SignatureHole = "{signature}";

    /// <summary>Judges a request on its raw body with the secrets that the business file refers to.</summary>
    /// <param name="header">Gives a header by its name, in any case; null where absent.</param>
    public static SignatureVerdict Verify(
        FormAuthentication scheme,
        Func<string, string?> header,
        ReadOnlySpan<byte> body,
        Instant now) => Verify(scheme, Secrets(scheme), header, body, now);

    /// <inheritdoc cref="Verify(FormAuthentication, Func{string, string?}, ReadOnlySpan{byte}, Instant)"/>
    /// <param name="secrets">The current secret and, while it is being replaced, the former one.</param>
    public static SignatureVerdict Verify(
        FormAuthentication scheme,
        IReadOnlyList<string> secrets,
        Func<string, string?> header,
        ReadOnlySpan<byte> body,
        Instant now)
    {
        if (Problem(scheme) is not null || secrets.Count == 0)
        {
            return SignatureVerdict.NotConfigured;
        }

        if (header(scheme.Header!) is not { Length: > 0 } value)
        {
            return SignatureVerdict.Missing;
        }

        var signatures = new List<string>();
        if (!HeaderPattern.TryRead(Pattern(scheme), value, signatures, out var timestamp))
        {
            return SignatureVerdict.Invalid;
        }

        timestamp ??= scheme.TimestampHeader is null ? null : header(scheme.TimestampHeader);
        var id = scheme.IdHeader is null ? null : header(scheme.IdHeader);
        if ((Needs(scheme, TimestampHole) && string.IsNullOrEmpty(timestamp))
            || (Needs(scheme, IdHole) && string.IsNullOrEmpty(id)))
        {
            return SignatureVerdict.Missing;
        }

        Instant? signedAt = null;
        if (HasTime(scheme))
        {
            signedAt = SignedTime.Read(timestamp, scheme.TimestampUnit == "ms");
            if (signedAt is null)
            {
                return SignatureVerdict.Invalid;
            }
        }

        var usable = false;
        var matches = false;
        foreach (var secret in secrets)
        {
            if (Key(secret, scheme.SecretEncoding) is not { } key)
            {
                continue;
            }

            usable = true;
            matches |= MatchesAny(scheme, key, signatures, timestamp, id, body);
        }

        return !usable ? SignatureVerdict.NotConfigured
            : !matches ? SignatureVerdict.Invalid
            : signedAt is { } at && !SignedTime.IsNear(at, now, Duration.FromSeconds(scheme.ToleranceSeconds))
                ? SignatureVerdict.Stale
            : SignatureVerdict.Valid;
    }

    /// <summary>
    /// Why the description cannot be used, as a sentence for whoever writes the business file; null when it is sound.
    /// </summary>
    public static string? Problem(FormAuthentication scheme)
    {
        if (string.IsNullOrWhiteSpace(scheme.Header))
        {
            return "The header that carries the signature is not named.";
        }

        if (scheme.Algorithm is not ("sha1" or "sha256"))
        {
            return "The algorithm must be sha1 or sha256.";
        }

        if (scheme.Encoding is not ("hex" or "base64"))
        {
            return "The encoding must be hex or base64.";
        }

        if (scheme.SecretEncoding is not ("text" or "base64"))
        {
            return "The secret's encoding must be text or base64.";
        }

        if (scheme.TimestampUnit is not ("s" or "ms"))
        {
            return "The timestamp's unit must be s or ms.";
        }

        if (!Needs(scheme, BodyHole))
        {
            return "What is signed must contain {body}; otherwise any body would pass.";
        }

        if (!HeaderPattern.HasSignature(Pattern(scheme)))
        {
            return "The header's format must contain {signature}.";
        }

        if (Needs(scheme, TimestampHole) != HasTime(scheme))
        {
            return "A timestamp must be both read from a header and part of what is signed, or neither.";
        }

        if (HasTime(scheme) && scheme.ToleranceSeconds <= 0)
        {
            return "The tolerance of the timestamp must be above 0 seconds.";
        }

        return Needs(scheme, IdHole) && string.IsNullOrEmpty(scheme.IdHeader)
            ? "What is signed contains {id}, but no header is named for it."
            : null;
    }

    /// <summary>The secrets a description refers to, as far as they are set.</summary>
    public static IReadOnlyList<string> Secrets(FormAuthentication scheme)
    {
        var secrets = new List<string>(2);
        foreach (var secret in new[] { scheme.Secret?.Reveal(), scheme.PreviousSecret?.Reveal() })
        {
            if (!string.IsNullOrEmpty(secret))
            {
                secrets.Add(secret);
            }
        }

        return secrets;
    }

    private static bool MatchesAny(
        FormAuthentication scheme,
        byte[] key,
        List<string> signatures,
        string? timestamp,
        string? id,
        ReadOnlySpan<byte> body)
    {
        var algorithm = scheme.Algorithm == "sha1" ? HashAlgorithmName.SHA1 : HashAlgorithmName.SHA256;
        using var hash = IncrementalHash.CreateHMAC(algorithm, key);
        var template = scheme.Signed.AsSpan();
        while (!template.IsEmpty)
        {
            var (hole, text) = template.StartsWith(BodyHole, StringComparison.Ordinal) ? (BodyHole, null)
                : template.StartsWith(TimestampHole, StringComparison.Ordinal) ? (TimestampHole, timestamp)
                : template.StartsWith(IdHole, StringComparison.Ordinal) ? (IdHole, id)
                : ((string?)null, template[..1].ToString());
            if (hole == BodyHole)
            {
                hash.AppendData(body);
            }
            else
            {
                hash.AppendData(Encoding.UTF8.GetBytes(text ?? ""));
            }

            template = template[(hole?.Length ?? 1)..];
        }

        var digest = hash.GetHashAndReset();
        Span<byte> expected = stackalloc byte[64];
        int length;
        if (scheme.Encoding == "hex")
        {
            Convert.TryToHexStringLower(digest, expected, out length);
        }
        else
        {
            Base64.EncodeToUtf8(digest, expected, out _, out length);
        }

        var matches = false;
        Span<byte> given = stackalloc byte[64];
        foreach (var signature in signatures)
        {
            if (signature.Length != length || !Ascii.IsValid(signature))
            {
                continue;
            }

            // Some senders write hex in capitals; it is the same number. Base64 is compared as it is spelled.
            Encoding.ASCII.GetBytes(scheme.Encoding == "hex" ? signature.ToLowerInvariant() : signature, given);
            matches |= CryptographicOperations.FixedTimeEquals(expected[..length], given[..length]);
        }

        return matches;
    }

    private static string Pattern(FormAuthentication scheme) =>
        string.IsNullOrEmpty(scheme.HeaderFormat) ? scheme.Prefix + SignatureHole : scheme.HeaderFormat;

    private static bool Needs(FormAuthentication scheme, string hole) =>
        scheme.Signed.Contains(hole, StringComparison.Ordinal);

    private static bool HasTime(FormAuthentication scheme) =>
        !string.IsNullOrEmpty(scheme.TimestampHeader) || HeaderPattern.HasTimestamp(Pattern(scheme));

    private static byte[]? Key(string secret, string encoding)
    {
        if (encoding == "text")
        {
            return Encoding.UTF8.GetBytes(secret);
        }

        var key = new byte[secret.Length];
        return Convert.TryFromBase64String(secret, key, out var length) && length > 0 ? key[..length] : null;
    }
}
