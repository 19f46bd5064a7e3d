namespace LeadLedger.PhoneNumbers;

/// <summary>
/// Reads the caller id of a call or a text. Withheld ids are recognised before any parsing: their keypad spellings
/// would otherwise be numbers in China, Lesotho or Texas, and a stranger would be texted.
/// </summary>
public static class CallerId
{
    /// <summary>The words carriers send, from Twilio's changelog on withheld caller ids of 2022-11-16.</summary>
    private static readonly string[] Words =
    [
        "anonymous", "restricted", "unavailable", "unknown", "private", "blocked", "withheld", "asserted",
        "no caller id",
    ];

    /// <summary>The same words as digits of a telephone keypad, sent before 2022-11-16 and still met.</summary>
    private static readonly (string Digits, string Word)[] KeypadSpellings =
    [
        ("266696687", "anonymous"),
        ("7378742833", "restricted"),
        ("86282452253", "unavailable"),
        ("8656696", "unknown"),
        ("2562533", "blocked"),
        ("7748283", "private"),
    ];

    /// <param name="raw">The field as the provider sent it.</param>
    /// <param name="region">Region of the number that was called, for ids in national form.</param>
    public static CallerIdReading Read(string? raw, string region)
    {
        var text = (raw ?? "").Trim();
        if (text.Trim('+').Length == 0)
        {
            return new CallerIdReading.Withheld("");
        }

        if (WithheldWord(text) is { } word)
        {
            return new CallerIdReading.Withheld(word);
        }

        if (text.StartsWith("client:", StringComparison.OrdinalIgnoreCase))
        {
            return new CallerIdReading.NotANumber(NotANumberReason.Client);
        }

        if (text.StartsWith("sip:", StringComparison.OrdinalIgnoreCase)
            || text.StartsWith("sips:", StringComparison.OrdinalIgnoreCase))
        {
            return new CallerIdReading.NotANumber(NotANumberReason.Sip);
        }

        // Trimming took the space that a lost plus leaves, so the parser gets the text as it came.
        if (!PhoneNumber.TryParse(raw, region, out var number, out var error))
        {
            var tooShort = error is ParseError.TooShort or ParseError.TooShortAfterIdd;
            return new CallerIdReading.NotANumber(tooShort ? NotANumberReason.Short : NotANumberReason.Unreadable);
        }

        if (number.IsValid)
        {
            return new CallerIdReading.Number(number);
        }

        return new CallerIdReading.NotANumber(number.Possibility switch
        {
            Possibility.TooShort or Possibility.IsPossibleLocalOnly => NotANumberReason.Short,
            Possibility.IsPossible => NotANumberReason.NotInPlan,
            _ => NotANumberReason.Unreadable,
        });
    }

    private static string? WithheldWord(string text)
    {
        var bare = text.TrimStart('+').TrimStart();
        foreach (var word in Words)
        {
            if (string.Equals(bare, word, StringComparison.OrdinalIgnoreCase))
            {
                return word;
            }
        }

        var spelled = DigitsOnly(bare);
        foreach (var (digits, word) in KeypadSpellings)
        {
            if (spelled == digits || (spelled is ['1', .. var rest] && rest == digits))
            {
                return word;
            }
        }

        return null;
    }

    /// <summary>The digits of a text that holds nothing but digits and punctuation; empty for any other.</summary>
    private static string DigitsOnly(string text)
    {
        foreach (var c in text)
        {
            if (!char.IsAsciiDigit(c) && c is not (' ' or '-' or '.' or '(' or ')'))
            {
                return "";
            }
        }

        return string.Concat(text.Where(char.IsAsciiDigit));
    }
}
