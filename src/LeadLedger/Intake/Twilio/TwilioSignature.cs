using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace LeadLedger.Intake;

/// <summary>
/// Verifies X-Twilio-Signature: base64 of HMAC-SHA1 over the public address and the sorted form fields, or over the
/// address alone with the body's SHA-256 in its query. The scheme carries no time, so a captured request stays valid
/// for ever; replays are stopped by the permanent receipt of each call or message id, not here.
/// </summary>
/// <remarks>
/// Twilio signs an address with or without its port, so both are tried. An apostrophe in the query is also tried as
/// %27, because older Twilio senders sign it so. The host's case is never changed: two addresses are two messages.
/// </remarks>
public static class TwilioSignature
{
    private const int DigestBytes = HMACSHA1.HashSizeInBytes;
    private const int HeaderChars = 28;
    private const string BodyHashParameter = "bodySHA256";

    /// <inheritdoc cref="IsValid(ReadOnlySpan{string}, string, IReadOnlyList{KeyValuePair{string, string}}?, ReadOnlySpan{byte}, string?)"/>
    public static bool IsValid(
        string authToken,
        string publicUrl,
        IReadOnlyList<KeyValuePair<string, string>>? form,
        ReadOnlySpan<byte> body,
        string? header) => IsValid(new ReadOnlySpan<string>(in authToken), publicUrl, form, body, header);

    /// <summary>True where one of the tokens signed this request.</summary>
    /// <param name="authTokens">Tokens of the account that owns the number; two while one is being replaced.</param>
    /// <param name="publicUrl">Scheme, host, path and query as Twilio called them, see <see cref="PublicUrl"/>.</param>
    /// <param name="form">Decoded fields of a form post, empty for GET; null for any other body, such as JSON.</param>
    /// <param name="body">The bytes as received; read only when <paramref name="form"/> is null.</param>
    /// <param name="header">Value of X-Twilio-Signature.</param>
    public static bool IsValid(
        ReadOnlySpan<string> authTokens,
        string publicUrl,
        IReadOnlyList<KeyValuePair<string, string>>? form,
        ReadOnlySpan<byte> body,
        string? header)
    {
        Span<byte> expected = stackalloc byte[HeaderChars];
        if (header is not { Length: HeaderChars } || !Ascii.IsValid(header) || !HasToken(authTokens))
        {
            return false;
        }

        Encoding.ASCII.GetBytes(header, expected);
        var url = SignedUrl.Parse(publicUrl);
        return IsSigned(authTokens, url, form ?? [], expected) && (form is not null || HashMatches(url.Query, body));
    }

    private static bool IsSigned(
        ReadOnlySpan<string> authTokens,
        in SignedUrl url,
        IReadOnlyList<KeyValuePair<string, string>> form,
        ReadOnlySpan<byte> expected)
    {
        var count = form.Count;
        var sorted = ArrayPool<KeyValuePair<string, string>>.Shared.Rent(Math.Max(count, 1));
        byte[]? buffer = null;
        try
        {
            var formBytes = 0;
            for (var index = 0; index < count; index++)
            {
                var pair = form[index];
                sorted[index] = pair;
                formBytes += Encoding.UTF8.GetByteCount(pair.Key) + Encoding.UTF8.GetByteCount(pair.Value);
            }

            var fields = sorted.AsSpan(0, count);
            fields.Sort(static (left, right) =>
                string.CompareOrdinal(left.Key, right.Key) is not 0 and var order
                    ? order
                    : string.CompareOrdinal(left.Value, right.Value));

            // Every variant of the address is written so that it ends where the fields begin: they are encoded once.
            var formStart = url.MaxBytes;
            buffer = ArrayPool<byte>.Shared.Rent(formStart + formBytes);
            var end = formStart;
            for (var index = 0; index < count; index++)
            {
                if (index > 0 && fields[index].Key == fields[index - 1].Key
                    && fields[index].Value == fields[index - 1].Value)
                {
                    continue;
                }

                end += Encoding.UTF8.GetBytes(fields[index].Key, buffer.AsSpan(end));
                end += Encoding.UTF8.GetBytes(fields[index].Value, buffer.AsSpan(end));
            }

            for (var variant = 0; variant < url.Variants; variant++)
            {
                var text = url.Variant(variant);
                var start = formStart - Encoding.UTF8.GetByteCount(text);
                Encoding.UTF8.GetBytes(text, buffer.AsSpan(start));
                if (MatchesAny(authTokens, buffer.AsSpan(start, end - start), expected))
                {
                    return true;
                }
            }

            return false;
        }
        finally
        {
            ArrayPool<KeyValuePair<string, string>>.Shared.Return(sorted, clearArray: true);
            if (buffer is not null)
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }
        }
    }

    private static bool MatchesAny(
        ReadOnlySpan<string> authTokens,
        ReadOnlySpan<byte> signed,
        ReadOnlySpan<byte> expected)
    {
        Span<byte> digest = stackalloc byte[DigestBytes];
        Span<byte> text = stackalloc byte[HeaderChars];
        Span<byte> key = stackalloc byte[128];
        foreach (var token in authTokens)
        {
            if (string.IsNullOrEmpty(token))
            {
                continue;
            }

#pragma warning disable CA5350 // Twilio defines the scheme with SHA-1; HMAC does not rest on collision resistance.
            if (Encoding.UTF8.TryGetBytes(token, key, out var length))
            {
                HMACSHA1.HashData(key[..length], signed, digest);
            }
            else
            {
                HMACSHA1.HashData(Encoding.UTF8.GetBytes(token), signed, digest);
            }
#pragma warning restore CA5350

            // The text is compared, not the decoded bytes: base64 has several spellings of one value and only the
            // canonical one is a signature Twilio sends.
            Base64.EncodeToUtf8(digest, text, out _, out _);
            if (CryptographicOperations.FixedTimeEquals(text, expected))
            {
                return true;
            }
        }

        return false;
    }

    private static bool HasToken(ReadOnlySpan<string> authTokens)
    {
        foreach (var token in authTokens)
        {
            if (!string.IsNullOrEmpty(token))
            {
                return true;
            }
        }

        return false;
    }

    private static bool HashMatches(ReadOnlySpan<char> query, ReadOnlySpan<byte> body)
    {
        while (!query.IsEmpty)
        {
            var end = query.IndexOf('&');
            var pair = end < 0 ? query : query[..end];
            query = end < 0 ? default : query[(end + 1)..];
            if (!pair.StartsWith(BodyHashParameter, StringComparison.Ordinal)
                || pair.Length == BodyHashParameter.Length || pair[BodyHashParameter.Length] != '=')
            {
                continue;
            }

            var given = pair[(BodyHashParameter.Length + 1)..];
            if (given.Length != SHA256.HashSizeInBytes * 2 || !Ascii.IsValid(given))
            {
                return false;
            }

            Span<byte> expected = stackalloc byte[SHA256.HashSizeInBytes * 2];
            Span<byte> actual = stackalloc byte[SHA256.HashSizeInBytes * 2];
            Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
            Encoding.ASCII.GetBytes(given, expected);
            SHA256.HashData(body, digest);
            Convert.TryToHexStringLower(digest, actual, out _);
            return CryptographicOperations.FixedTimeEquals(actual, expected);
        }

        return false;
    }

    /// <summary>An address split where Twilio's signing varies: around the port and in the query.</summary>
    private readonly ref struct SignedUrl
    {
        private readonly string _url;
        private readonly int _hostEnd;
        private readonly int _authorityEnd;
        private readonly string _defaultPort;

        private SignedUrl(string url, int hostEnd, int authorityEnd, string defaultPort)
        {
            _url = url;
            _hostEnd = hostEnd;
            _authorityEnd = authorityEnd;
            _defaultPort = defaultPort;
            var mark = url.IndexOf('?', authorityEnd);
            Query = mark < 0 ? default : url.AsSpan(mark + 1);
            Variants = Query.Contains('\'') ? 4 : 2;
        }

        public ReadOnlySpan<char> Query { get; }

        public int Variants { get; }

        public int MaxBytes =>
            Encoding.UTF8.GetByteCount(_url) + _defaultPort.Length + (Variants > 2 ? Query.Count('\'') * 2 : 0);

        public static SignedUrl Parse(string url)
        {
            var fragment = url.IndexOf('#', StringComparison.Ordinal);
            if (fragment >= 0)
            {
                url = url[..fragment];
            }

            var scheme = url.IndexOf("://", StringComparison.Ordinal);
            var authority = scheme < 0 ? 0 : scheme + 3;
            var length = url.AsSpan(authority).IndexOfAny('/', '?');
            var authorityEnd = length < 0 ? url.Length : authority + length;
            var host = url.AsSpan(authority, authorityEnd - authority);
            host = host[(host.LastIndexOf('@') + 1)..];
            var colon = host.LastIndexOf(':');
            var hasPort = colon >= 0 && colon > host.LastIndexOf(']') && colon < host.Length - 1
                && !host[(colon + 1)..].ContainsAnyExceptInRange('0', '9');
            var hostEnd = hasPort ? authorityEnd - (host.Length - colon) : authorityEnd;
            var secure = url.StartsWith("https:", StringComparison.OrdinalIgnoreCase);
            return new(url, hostEnd, authorityEnd, secure ? ":443" : ":80");
        }

        /// <summary>
        /// 0 as called, 1 with the port taken away or added; 2 and 3 the same with quoted apostrophes.
        /// </summary>
        public string Variant(int number)
        {
            if (number == 0)
            {
                return _url;
            }

            var hasPort = _hostEnd < _authorityEnd;
            var port = (number & 1) == 0
                ? _url.AsSpan(_hostEnd, _authorityEnd - _hostEnd)
                : hasPort ? default : _defaultPort;
            var rest = _url.AsSpan(_authorityEnd);
            var text = string.Concat(_url.AsSpan(0, _hostEnd), port, rest);
            if (number < 2)
            {
                return text;
            }

            var mark = text.IndexOf('?', _hostEnd);
            return string.Concat(
                text.AsSpan(0, mark),
                text[mark..].Replace("'", "%27", StringComparison.Ordinal));
        }
    }
}
