using System.Globalization;
using LeadLedger.PhoneNumbers.Plans;
using LeadLedger.PhoneNumbers.Reading;

namespace LeadLedger.PhoneNumbers;

/// <summary>Writes numbers the way their plan groups them.</summary>
internal static class NumberWriter
{
    /// <summary>17 digits, the longest grouping around them, and an extension of 20 digits with its label fit easily.</summary>
    private const int Room = 128;

    public static string Write(PhoneNumber number, PhoneNumberFormat format)
    {
        if (format == PhoneNumberFormat.E164)
        {
            return number.E164;
        }

        Span<char> text = stackalloc char[Room];
        var length = 0;
        if (format != PhoneNumberFormat.National)
        {
            var uri = format == PhoneNumberFormat.Rfc3966;
            text.TryWrite(
                CultureInfo.InvariantCulture,
                $"{(uri ? "tel:" : "")}+{number.CountryCode}{(uri ? '-' : ' ')}",
                out length);
        }

        // The grouping of a shared calling code is its main region's, wherever the number itself belongs.
        var plan = NumberingPlans.Main(number.CountryCode)!;
        var digits = number.NationalDigits;
        var national = text[length..];
        var written = digits.Length;
        if (plan.ChooseFormat(digits, format == PhoneNumberFormat.National) is { } chosen)
        {
            written = chosen.Write(digits, format == PhoneNumberFormat.National, national);
        }
        else
        {
            digits.CopyTo(national);
        }

        length += format == PhoneNumberFormat.Rfc3966 ? DashSeparators(national[..written]) : written;
        if (number.Extension is not { } extension)
        {
            return text[..length].ToString();
        }

        var label = format == PhoneNumberFormat.Rfc3966 ? ";ext=" : plan.ExtensionPrefix;
        return string.Concat(text[..length], label, extension);
    }

    /// <summary>Makes each run of separators one dash and drops those in front; answers the new length.</summary>
    private static int DashSeparators(Span<char> text)
    {
        var length = 0;
        foreach (var c in text)
        {
            if (!Signs.IsSeparator(c))
            {
                text[length++] = c;
            }
            else if (length > 0 && text[length - 1] != '-')
            {
                text[length++] = '-';
            }
        }

        return length;
    }
}
