namespace LeadLedger.Messaging;

/// <summary>
/// Counts the segments of a text as carriers bill them (ACK-09): 160 septets or 70 UTF-16 units alone,
/// 153 or 67 in each part of a longer text.
/// </summary>
public static class SmsSegments
{
    private const int GsmSingle = 160;
    private const int GsmPart = 153;
    private const int UcsSingle = 70;
    private const int UcsPart = 67;

    public static SmsLength Measure(string body) => Measure(body.AsSpan());

    public static SmsLength Measure(ReadOnlySpan<char> body)
    {
        // Both part counts of GSM-7 grow in one pass; the first foreign character sends us to UCS-2.
        int units = 0, parts = 1, room = GsmPart;
        foreach (var character in body)
        {
            var width = Gsm7.Width(character);
            if (width == 0)
            {
                return MeasureUcs2(body);
            }

            units += width;
            if (width > room)
            {
                // An escape and its character stay together, so the last septet of a part may stay empty.
                parts++;
                room = GsmPart;
            }

            room -= width;
        }

        return new(SmsEncoding.Gsm7, units, units == 0 ? 0 : units <= GsmSingle ? 1 : parts);
    }

    private static SmsLength MeasureUcs2(ReadOnlySpan<char> body)
    {
        if (body.Length <= UcsSingle)
        {
            return new(SmsEncoding.Ucs2, body.Length, 1);
        }

        int parts = 1, room = UcsPart;
        for (var i = 0; i < body.Length;)
        {
            var width = i + 1 < body.Length && char.IsSurrogatePair(body[i], body[i + 1]) ? 2 : 1;
            if (width > room)
            {
                parts++;
                room = UcsPart;
            }

            room -= width;
            i += width;
        }

        return new(SmsEncoding.Ucs2, body.Length, parts);
    }
}
