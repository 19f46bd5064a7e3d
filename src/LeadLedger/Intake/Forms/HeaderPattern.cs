namespace LeadLedger.Intake;

/// <summary>
/// Reads a signature header by the pattern of its business file, such as <c>t={timestamp},v1={signature}</c>: parts
/// between commas, in any order; a repeated part carries another signature.
/// </summary>
internal static class HeaderPattern
{
    private const string TimestampHole = "{timestamp}";
    private const string SignatureHole = "{signature}";

    /// <summary>More signatures than any rotation needs; the rest of a longer header is ignored.</summary>
    private const int MaxParts = 16;

    public static bool HasTimestamp(string pattern) => pattern.Contains(TimestampHole, StringComparison.Ordinal);

    public static bool HasSignature(string pattern) => pattern.Contains(SignatureHole, StringComparison.Ordinal);

    /// <summary>The signatures, and the one time they share; false where times contradict each other.</summary>
    public static bool TryRead(string pattern, string header, List<string> signatures, out string? timestamp)
    {
        timestamp = null;
        var shapes = pattern.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var parts = header.Split(',', MaxParts + 1, StringSplitOptions.TrimEntries);
        foreach (var part in parts.AsSpan(0, Math.Min(parts.Length, MaxParts)))
        {
            foreach (var shape in shapes)
            {
                if (!Matches(shape, part, out var time, out var signature))
                {
                    continue;
                }

                if (time is not null && timestamp is not null && time != timestamp)
                {
                    return false;
                }

                timestamp ??= time;
                if (signature is not null)
                {
                    signatures.Add(signature);
                }

                break;
            }
        }

        return true;
    }

    private static bool Matches(string shape, string part, out string? timestamp, out string? signature)
    {
        timestamp = null;
        signature = null;
        var pattern = shape.AsSpan();
        var text = part.AsSpan();
        while (!pattern.IsEmpty)
        {
            var isTime = pattern.StartsWith(TimestampHole, StringComparison.Ordinal);
            if (!isTime && !pattern.StartsWith(SignatureHole, StringComparison.Ordinal))
            {
                if (text.IsEmpty || text[0] != pattern[0])
                {
                    return false;
                }

                pattern = pattern[1..];
                text = text[1..];
                continue;
            }

            pattern = pattern[(isTime ? TimestampHole.Length : SignatureHole.Length)..];
            var end = pattern.IsEmpty ? text.Length : text.IndexOf(pattern[0]);
            if (end <= 0)
            {
                return false;
            }

            var value = text[..end].ToString();
            timestamp = isTime ? value : timestamp;
            signature = isTime ? signature : value;
            text = text[end..];
        }

        return text.IsEmpty;
    }
}
