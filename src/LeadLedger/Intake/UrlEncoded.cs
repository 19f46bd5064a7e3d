using System.Buffers;
using System.Text;

namespace LeadLedger.Intake;

/// <summary>
/// Decodes name=value pairs of a query or a form body without ever refusing: a bad percent escape stands for itself
/// and invalid UTF-8 becomes U+FFFD. The signature of a request covers these decoded values, so nothing is dropped.
/// </summary>
public static class UrlEncoded
{
    /// <summary>Beyond this many pairs a body is a form bomb; the largest real ones carry about a hundred.</summary>
    public const int MaxPairs = 4096;

    /// <summary>The pairs of a query string, with or without its leading question mark.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> ReadQuery(string? query)
    {
        if (query is null or "" or "?")
        {
            return [];
        }

        var pairs = new List<KeyValuePair<string, string>>();
        TryRead(Encoding.UTF8.GetBytes(query[0] == '?' ? query[1..] : query), Encoding.UTF8, pairs);
        return pairs;
    }

    /// <summary>Reads pairs in their order; false where there are more than <see cref="MaxPairs"/>.</summary>
    public static bool TryRead(
        ReadOnlySpan<byte> text,
        Encoding encoding,
        List<KeyValuePair<string, string>> pairs)
    {
        while (!text.IsEmpty)
        {
            var end = text.IndexOf((byte)'&');
            var segment = end < 0 ? text : text[..end];
            text = end < 0 ? default : text[(end + 1)..];
            if (segment.IsEmpty)
            {
                continue;
            }

            if (pairs.Count == MaxPairs)
            {
                return false;
            }

            var equals = segment.IndexOf((byte)'=');
            var name = equals < 0 ? segment : segment[..equals];
            var value = equals < 0 ? default : segment[(equals + 1)..];
            pairs.Add(new(Decode(name, encoding), Decode(value, encoding)));
        }

        return true;
    }

    private static string Decode(ReadOnlySpan<byte> text, Encoding encoding)
    {
        if (text.IsEmpty)
        {
            return "";
        }

        if (text.IndexOfAny((byte)'%', (byte)'+') < 0)
        {
            return encoding.GetString(text);
        }

        byte[]? rented = null;
        var decoded = text.Length <= 256
            ? stackalloc byte[256]
            : (rented = ArrayPool<byte>.Shared.Rent(text.Length));
        var length = 0;
        for (var index = 0; index < text.Length; index++)
        {
            var octet = text[index];
            if (octet == '+')
            {
                octet = (byte)' ';
            }
            else if (octet == '%' && index + 2 < text.Length
                && Nibble(text[index + 1]) is >= 0 and var high && Nibble(text[index + 2]) is >= 0 and var low)
            {
                octet = (byte)((high << 4) | low);
                index += 2;
            }

            decoded[length++] = octet;
        }

        var result = encoding.GetString(decoded[..length]);
        if (rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }

        return result;
    }

    private static int Nibble(byte digit) => digit switch
    {
        >= (byte)'0' and <= (byte)'9' => digit - '0',
        >= (byte)'a' and <= (byte)'f' => digit - 'a' + 10,
        >= (byte)'A' and <= (byte)'F' => digit - 'A' + 10,
        _ => -1,
    };
}
