using System.Buffers;

namespace LeadLedger.Intake;

/// <summary>
/// Whether a text could be a mailbox at all. Deliberately shallow: it only decides if a form's visitor can be reached,
/// the proper reading happens when the contact point is made.
/// </summary>
internal static class EmailShape
{
    private static readonly SearchValues<char> Forbidden = SearchValues.Create(" <>,;\"()\t");

    public static bool IsPlausible(string? text)
    {
        if (text is not { Length: >= 6 and <= 254 })
        {
            return false;
        }

        var at = text.LastIndexOf('@');
        var domain = text.AsSpan(at + 1);
        return at is > 0 and <= 64
            && !text.AsSpan().ContainsAny(Forbidden)
            && text.IndexOf('@', StringComparison.Ordinal) == at
            && domain.IndexOf('.') > 0 && !domain.EndsWith('.') && !domain.Contains("..", StringComparison.Ordinal);
    }
}
