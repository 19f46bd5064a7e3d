using System.Globalization;
using NodaTime;

namespace LeadLedger.Intake;

/// <summary>The Unix time in a signature header.</summary>
internal static class SignedTime
{
    private const int MaxDigits = 13;

    /// <summary>Digits only: a sign, a dot or white space would make the signed text ambiguous.</summary>
    public static Instant? Read(ReadOnlySpan<char> text, bool milliseconds) =>
        text.Length is > 0 and <= MaxDigits
        && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? milliseconds
                ? Instant.FromUnixTimeMilliseconds(number)
                : number < 100_000_000_000 ? Instant.FromUnixTimeSeconds(number) : null
            : null;

    /// <summary>At most the tolerance before or after now, both ends included.</summary>
    public static bool IsNear(Instant signedAt, Instant now, Duration tolerance) =>
        signedAt >= now - tolerance && signedAt <= now + tolerance;
}
