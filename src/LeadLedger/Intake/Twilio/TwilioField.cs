using System.Globalization;
using NodaTime;

namespace LeadLedger.Intake;

/// <summary>Reads single values of Twilio's form fields; an empty or unreadable one is null, never invented.</summary>
internal static class TwilioField
{
    public static string? Text(string value) => value.Length == 0 ? null : SafeText.Clean(value);

    /// <summary>A phone number whose plus sign was sent unencoded and so arrived as a space.</summary>
    public static string? Number(string value) =>
        value.Length > 1 && value[0] == ' ' && char.IsAsciiDigit(value[1]) ? "+" + Text(value[1..]) : Text(value);

    public static int? Count(string value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    public static bool? Flag(string value) => value.ToUpperInvariant() switch
    {
        "TRUE" or "1" => true,
        "FALSE" or "0" => false,
        _ => null,
    };

    public static Instant? Time(string value) => Rfc2822.Read(value)?.ToInstant();
}
