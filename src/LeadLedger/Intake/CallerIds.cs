using System.Collections.Frozen;

namespace LeadLedger.Intake;

/// <summary>
/// Recognises callers who withhold their number (TST-04). Carriers write a word, or that word on a keypad: the
/// keypad form of ANONYMOUS parses as a number in Lesotho and that of UNAVAILABLE as one in China, so this is asked
/// before any number is parsed.
/// </summary>
public static class CallerIds
{
    private static readonly FrozenSet<string> Words = new[]
    {
        "anonymous", "restricted", "unavailable", "unknown", "private", "blocked", "withheld", "asserted",
        "no caller id",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenSet<string> KeypadSpellings = new[]
    {
        "266696687", // ANONYMOUS
        "7378742833", // RESTRICTED
        "86282452253", // UNAVAILABLE
        "8656696", // UNKNOWN
        "2562533", // BLOCKED
        "7748283", // PRIVATE
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>True for an empty caller id, a withholding word, or its keypad form with or without + and 1.</summary>
    public static bool IsWithheld(string? callerId)
    {
        var text = callerId.AsSpan().Trim();
        if (text.IsEmpty || Words.GetAlternateLookup<ReadOnlySpan<char>>().Contains(text))
        {
            return true;
        }

        var digits = text[0] == '+' ? text[1..] : text;
        var spellings = KeypadSpellings.GetAlternateLookup<ReadOnlySpan<char>>();
        return spellings.Contains(digits) || (digits.Length > 1 && digits[0] == '1' && spellings.Contains(digits[1..]));
    }

    /// <summary>An address of another network, such as <c>client:</c>, <c>sip:</c> or <c>whatsapp:</c>.</summary>
    public static bool IsAddress(string? callerId) =>
        callerId is not null && callerId.Contains(':', StringComparison.Ordinal)
        && !callerId.StartsWith("tel:", StringComparison.OrdinalIgnoreCase);
}
