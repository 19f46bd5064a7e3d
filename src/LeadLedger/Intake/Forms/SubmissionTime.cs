using System.Globalization;
using NodaTime;
using NodaTime.Text;

namespace LeadLedger.Intake;

/// <summary>
/// When a form says it was sent (NRM-07): the words received, and the instant they name if they name one.
/// </summary>
/// <param name="Text">As received.</param>
/// <param name="Instant">UTC; null where the offset is unknown or the text is no plausible time.</param>
/// <param name="OffsetKnown">The text itself says how far it lies from UTC.</param>
/// <param name="Local">The local time as written where the offset is missing.</param>
public sealed record SubmissionTime(string Text, Instant? Instant, bool OffsetKnown, LocalDateTime? Local)
{
    // A form's clock outside these years is a fault of the sender and must not order a lead's history.
    private static readonly Instant Earliest = NodaTime.Instant.FromUtc(2000, 1, 1, 0, 0);
    private static readonly Instant Latest = NodaTime.Instant.FromUtc(2100, 1, 1, 0, 0);

    private static readonly LocalDateTimePattern[] LocalPatterns =
    [
        LocalDateTimePattern.ExtendedIso,
        LocalDateTimePattern.CreateWithInvariantCulture("uuuu'-'MM'-'dd' 'HH':'mm':'ss"),
        LocalDateTimePattern.CreateWithInvariantCulture("uuuu'-'MM'-'dd'T'HH':'mm"),
        LocalDateTimePattern.CreateWithInvariantCulture("uuuu'-'MM'-'dd' 'HH':'mm"),
    ];

    private static readonly OffsetDateTimePattern[] OffsetPatterns =
    [
        OffsetDateTimePattern.ExtendedIso,
        OffsetDateTimePattern.CreateWithInvariantCulture("uuuu'-'MM'-'dd'T'HH':'mm':'ss;FFFFFFFFFo<Z+HHmm>"),
        OffsetDateTimePattern.CreateWithInvariantCulture("uuuu'-'MM'-'dd' 'HH':'mm':'ss;FFFFFFFFFo<Z+HH:mm>"),
        OffsetDateTimePattern.CreateWithInvariantCulture("uuuu'-'MM'-'dd' 'HH':'mm':'ss;FFFFFFFFFo<Z+HHmm>"),
        OffsetDateTimePattern.CreateWithInvariantCulture("uuuu'-'MM'-'dd' 'HH':'mm':'ss;FFFFFFFFF' 'o<Z+HH:mm>"),
        OffsetDateTimePattern.CreateWithInvariantCulture("uuuu'-'MM'-'dd' 'HH':'mm':'ss;FFFFFFFFF' 'o<Z+HHmm>"),
    ];

    public static SubmissionTime Read(string text)
    {
        text = SafeText.Line(text, 100);
        if (ReadOffset(text) is { } known)
        {
            return Plausible(text, known);
        }

        // Ten digits count seconds, thirteen milliseconds, both from 1970 in UTC.
        if (text.Length is 10 or 13
            && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return Plausible(
                text,
                text.Length == 10
                    ? NodaTime.Instant.FromUnixTimeSeconds(number)
                    : NodaTime.Instant.FromUnixTimeMilliseconds(number));
        }

        foreach (var pattern in LocalPatterns)
        {
            if (pattern.Parse(text) is { Success: true, Value: var local })
            {
                return new(text, null, false, local);
            }
        }

        return new(text, null, false, null);
    }

    private static Instant? ReadOffset(string text)
    {
        foreach (var pattern in OffsetPatterns)
        {
            if (pattern.Parse(text) is { Success: true, Value: var time })
            {
                return time.ToInstant();
            }
        }

        return Rfc2822.Read(text)?.ToInstant();
    }

    private static SubmissionTime Plausible(string text, Instant instant) =>
        new(text, instant >= Earliest && instant < Latest ? instant : null, true, null);
}
