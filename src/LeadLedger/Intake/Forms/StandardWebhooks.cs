using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using NodaTime;

namespace LeadLedger.Intake;

/// <summary>
/// Standard Webhooks 1.0, the symmetric scheme <c>v1</c>: verifies what forms and phone systems send us and signs what
/// we send to a CRM. The asymmetric <c>v1a</c> needs Ed25519, which the platform does not offer: such a signature
/// counts as an unknown version and is skipped.
/// https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
/// </summary>
public static class StandardWebhooks
{
    public const string IdHeader = "webhook-id";
    public const string TimestampHeader = "webhook-timestamp";
    public const string SignatureHeader = "webhook-signature";

    /// <summary>
    /// How far a signed time may lie from now in both directions, as the published libraries have it.
    /// </summary>
    public static readonly Duration Tolerance = Duration.FromMinutes(5);

    private const string SecretPrefix = "whsec_";
    private const string Version = "v1,";
    private const int SignatureChars = 44;
    private const int MaxIdLength = 256;

    /// <summary>Judges a request on its raw body.</summary>
    /// <param name="secrets">Written as <c>whsec_...</c> or bare base64; several while one is being replaced.</param>
    /// <param name="tolerance">Null for <see cref="Tolerance"/>.</param>
    public static SignatureVerdict Verify(
        ReadOnlySpan<byte> body,
        string? id,
        string? timestamp,
        string? signatures,
        IReadOnlyList<string> secrets,
        Instant now,
        Duration? tolerance = null)
    {
        var keys = new List<byte[]>(secrets.Count);
        foreach (var secret in secrets)
        {
            if (Key(secret) is { } key)
            {
                keys.Add(key);
            }
        }

        if (keys.Count == 0)
        {
            return SignatureVerdict.NotConfigured;
        }

        if (string.IsNullOrEmpty(id) || string.IsNullOrEmpty(timestamp) || string.IsNullOrEmpty(signatures))
        {
            return SignatureVerdict.Missing;
        }

        // A dot in the id or the time would let one signed text be read as two different messages.
        if (!IsId(id) || SignedTime.Read(timestamp, milliseconds: false) is not { } signedAt)
        {
            return SignatureVerdict.Invalid;
        }

        Span<byte> expected = stackalloc byte[SignatureChars];
        Span<byte> given = stackalloc byte[SignatureChars];
        var matches = false;
        foreach (var key in keys)
        {
            Compute(key, id, timestamp, body, expected);
            foreach (var range in signatures.AsSpan().Split(' '))
            {
                var signature = signatures.AsSpan()[range];
                if (!signature.StartsWith(Version, StringComparison.Ordinal)
                    || signature.Length != Version.Length + SignatureChars || !Ascii.IsValid(signature))
                {
                    continue;
                }

                Encoding.ASCII.GetBytes(signature[Version.Length..], given);
                matches |= CryptographicOperations.FixedTimeEquals(expected, given);
            }
        }

        return !matches ? SignatureVerdict.Invalid
            : SignedTime.IsNear(signedAt, now, tolerance ?? Tolerance) ? SignatureVerdict.Valid
            : SignatureVerdict.Stale;
    }

    /// <summary>Signs one attempt; the time is the attempt's, so each retry is signed anew.</summary>
    /// <param name="secrets">Every secret the receiver may know; each adds a signature.</param>
    /// <returns>The value of <see cref="SignatureHeader"/>; the time's header is its Unix seconds.</returns>
    public static string Sign(IReadOnlyList<string> secrets, string id, Instant at, ReadOnlySpan<byte> body)
    {
        if (!IsId(id))
        {
            throw new ArgumentException("A webhook id has 1 to 256 visible ASCII characters and no dot.", nameof(id));
        }

        var header = new StringBuilder();
        var timestamp = Timestamp(at);
        Span<byte> signature = stackalloc byte[SignatureChars];
        foreach (var secret in secrets)
        {
            var key = Key(secret) ?? throw new ArgumentException("A signing secret is unusable.", nameof(secrets));
            Compute(key, id, timestamp, body, signature);
            header.Append(header.Length > 0 ? " " : "").Append(Version).Append(Encoding.ASCII.GetString(signature));
        }

        return header.Length > 0
            ? header.ToString()
            : throw new ArgumentException("At least one signing secret is needed.", nameof(secrets));
    }

    /// <summary>The value of <see cref="TimestampHeader"/>.</summary>
    public static string Timestamp(Instant at) => at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);

    /// <summary>Why a secret should not be configured, as a sentence; null when it is good.</summary>
    public static string? SecretProblem(string? secret) => Key(secret) switch
    {
        null => "The secret is empty or not base64 text, with or without whsec_ before it.",
        { Length: < 24 or > 64 } => "The secret's key must have 24 to 64 bytes.",
        _ => null,
    };

    private static void Compute(byte[] key, string id, string timestamp, ReadOnlySpan<byte> body, Span<byte> signature)
    {
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        hash.AppendData(Encoding.UTF8.GetBytes($"{id}.{timestamp}."));
        hash.AppendData(body);
        Span<byte> digest = stackalloc byte[HMACSHA256.HashSizeInBytes];
        hash.GetHashAndReset(digest);
        Base64.EncodeToUtf8(digest, signature, out _, out _);
    }

    private static byte[]? Key(string? secret)
    {
        var text = secret.AsSpan().Trim();
        text = text.StartsWith(SecretPrefix, StringComparison.Ordinal) ? text[SecretPrefix.Length..] : text;
        if (text.IsEmpty)
        {
            return null;
        }

        var key = new byte[(text.Length * 3 / 4) + 3];
        return Convert.TryFromBase64Chars(text, key, out var length) && length > 0 ? key[..length] : null;
    }

    private static bool IsId(string id) =>
        id.Length is > 0 and <= MaxIdLength && !id.AsSpan().ContainsAnyExceptInRange('!', '~')
        && !id.Contains('.', StringComparison.Ordinal);
}
