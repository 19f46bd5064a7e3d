using System.Text;

namespace LeadLedger.Intake;

/// <summary>
/// A Content-Type header as senders really write it: any case, quotes, stray parameters, or nothing at all.
/// </summary>
internal readonly record struct MediaType(string Type, string? Charset, string? Boundary)
{
    public bool IsForm => Type == "application/x-www-form-urlencoded";

    public bool IsMultipart => Type == "multipart/form-data";

    public bool IsJson => Type is "application/json" or "text/json" || Type.EndsWith("+json", StringComparison.Ordinal);

    public static MediaType Read(string? header)
    {
        if (string.IsNullOrWhiteSpace(header))
        {
            return new("", null, null);
        }

        string? charset = null;
        string? boundary = null;
        var parts = header.Split(';');
        foreach (var part in parts.AsSpan(1))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            if (equals < 0)
            {
                continue;
            }

            var name = part.AsSpan(0, equals).Trim();
            var value = part.AsSpan(equals + 1).Trim().Trim('"').ToString();
            if (name.Equals("charset", StringComparison.OrdinalIgnoreCase))
            {
                charset ??= value.ToLowerInvariant();
            }
            else if (name.Equals("boundary", StringComparison.OrdinalIgnoreCase))
            {
                boundary ??= value;
            }
        }

        return new(parts[0].Trim().ToLowerInvariant(), charset, boundary);
    }

    /// <summary>The text encoding of a form body; UTF-8 unless an old page says it is Western European.</summary>
    public Encoding FormEncoding() =>
        Charset is "iso-8859-1" or "latin1" or "windows-1252" or "cp1252" ? Encoding.Latin1 : Encoding.UTF8;
}
