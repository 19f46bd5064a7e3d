using System.Buffers.Text;
using System.Text;

namespace LeadLedger.Hosting;

/// <summary>Where a page ended, as an opaque text: clients pass it on and need not know what is in it.</summary>
public static class PageCursor
{
    private const char Separator = '\n';

    public static string Of(params ReadOnlySpan<string> parts) =>
        Base64Url.EncodeToString(Encoding.UTF8.GetBytes(string.Join(Separator, parts.ToArray())));

    /// <summary>The parts; null for a text that is no cursor.</summary>
    public static string[]? Read(string cursor)
    {
        if (!Base64Url.IsValid(cursor))
        {
            return null;
        }

        var text = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(cursor));
        return text.Contains('\0', StringComparison.Ordinal) || text.Contains('\uFFFD', StringComparison.Ordinal) ? null : text.Split(Separator);
    }
}
