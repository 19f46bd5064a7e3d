using System.Globalization;

namespace LeadLedger.Backup;

/// <summary>Names of the log's files: timeline, then position, 24 hexadecimal digits (PostgreSQL's manual, "WAL Internals").</summary>
public static class WalName
{
    public const string Partial = ".partial";
    private const int Length = 24;

    /// <summary>The file that holds a position such as 0/3000028.</summary>
    public static string Of(int timeline, string position, int segmentBytes)
    {
        var parts = position.Split('/');
        var at = (ulong.Parse(parts[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture) << 32)
            | ulong.Parse(parts[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        var number = at / (ulong)segmentBytes;
        var perLog = 0x1_0000_0000UL / (ulong)segmentBytes;
        return string.Create(CultureInfo.InvariantCulture, $"{timeline:X8}{number / perLog:X8}{number % perLog:X8}");
    }

    /// <summary>A whole or partial file of the log, as opposed to a timeline's history.</summary>
    public static bool IsSegment(string name) =>
        name.Length >= Length && name[..Length].All(char.IsAsciiHexDigitUpper) && name[Length..] is "" or Partial;

    /// <summary>A timeline's history, such as 00000002.history.</summary>
    public static bool IsHistory(string name) => name.EndsWith(".history", StringComparison.Ordinal);

    /// <summary>Whether no recovery that begins at <paramref name="needed"/> can ask for it.</summary>
    public static bool IsBefore(string name, string needed) =>
        IsSegment(name) && string.CompareOrdinal(name[8..Length], needed[8..]) < 0;

    /// <summary>Without <c>.partial</c>.</summary>
    public static string Whole(string name) => name[..Math.Min(Length, name.Length)];
}
