using NodaTime;

namespace LeadLedger.Messaging;

/// <summary>
/// The <c>{{called_at}}</c> of a greeting: when the call was missed (ACK-14), in the business's local time. Follows
/// words such as "your call", so it starts with a preposition or a day.
/// </summary>
public static class CalledAtPhrase
{
    /// <param name="calledAt">When the call was missed.</param>
    /// <param name="today">The date on which the text is sent.</param>
    /// <param name="locale">es for Spanish, anything else is English.</param>
    public static string For(LocalDateTime calledAt, LocalDate today, string locale = "en")
    {
        var spanish = ClockWords.IsSpanish(locale);
        var time = spanish ? ClockWords.SpanishTime(calledAt.TimeOfDay) : ClockWords.Time(calledAt.TimeOfDay);
        return (Period.DaysBetween(calledAt.Date, today), spanish) switch
        {
            ( <= 0, false) => $"at {time}",
            ( <= 0, true) => $"de {time}",
            (1, false) => $"yesterday at {time}",
            (1, true) => $"de ayer a {time}",
            ( < 7, false) => $"on {ClockWords.Day(calledAt.Date, false)} at {time}",
            ( < 7, true) => $"del {ClockWords.Day(calledAt.Date, true)} a {time}",
            (_, false) => $"on {ClockWords.Date(calledAt.Date, false)} at {time}",
            (_, true) => $"del {ClockWords.Date(calledAt.Date, true)} a {time}",
        };
    }
}
