namespace LeadLedger.Staff.Frame;

/// <summary>One field of comma-separated values, whatever a customer wrote: nothing is calculated, and nothing reaches over into the next cell.</summary>
public static class CsvField
{
    // Marks that turn the direction of writing around, of this cell and of those beside it.
    private static readonly System.Buffers.SearchValues<char> Turning = System.Buffers.SearchValues.Create("\u061C\u200E\u200F\u202A\u202B\u202C\u202D\u202E\u2066\u2067\u2068\u2069");

    /// <summary>Quoted where it must be, and inert where a spreadsheet would calculate.</summary>
    public static string Of(string? value)
    {
        var text = value ?? "";
        if (text.AsSpan().ContainsAny(Turning))
        {
            text = string.Concat(text.Where(letter => !Turning.Contains(letter)));
        }

        if (text is ['=' or '+' or '-' or '@' or '\t' or '\r' or '\n', ..])
        {
            text = "'" + text;
        }

        return text.AsSpan().IndexOfAny(",\"\r\n") >= 0 || text.StartsWith('\'')
            ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\""
            : text;
    }
}
