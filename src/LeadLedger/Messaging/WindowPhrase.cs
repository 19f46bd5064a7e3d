using NodaTime;

namespace LeadLedger.Messaging;

/// <summary>
/// The honest <c>{{window}}</c>: when a person will look at an inquiry, said in opening hours and never as a duration
/// (C-01). All times are local to the business. Compute it when the text is sent, since "today" is part of it.
/// </summary>
public static class WindowPhrase
{
    /// <summary>With less than this until closing, today alone would be a promise that nobody may keep.</summary>
    private static readonly Period LastHour = Period.FromHours(1);

    /// <param name="now">Local time of the business when the text is sent.</param>
    /// <param name="openNow">The calendar says open at <paramref name="now"/>.</param>
    /// <param name="closesAt">Closing time of today's hours; null when the business never closes.</param>
    /// <param name="nextOpening">The next opening after <paramref name="now"/>; null when none is known.</param>
    /// <param name="locale">es for Spanish, anything else is English.</param>
    public static string For(
        LocalDateTime now,
        bool openNow,
        LocalTime? closesAt,
        LocalDateTime? nextOpening,
        string locale = "en")
    {
        var spanish = ClockWords.IsSpanish(locale);
        if (openNow && !ClosesSoon(now, closesAt))
        {
            return spanish ? "hoy en horario de oficina" : "during business hours today";
        }

        if (nextOpening is not { } opening || opening <= now)
        {
            return spanish ? "en horario de oficina" : "during business hours";
        }

        var next = spanish ? SpanishOpening(now.Date, opening) : EnglishOpening(now.Date, opening);
        return openNow ? (spanish ? "hoy o " : "today or ") + next : next;
    }

    private static bool ClosesSoon(LocalDateTime now, LocalTime? closesAt)
    {
        if (closesAt is not { } closing)
        {
            return false;
        }

        // Hours past midnight close on the next day.
        var closes = now.Date.At(closing);
        closes = closes <= now ? closes.PlusDays(1) : closes;
        return now + LastHour > closes;
    }

    private static string EnglishOpening(LocalDate today, LocalDateTime opening)
    {
        var time = ClockWords.Time(opening.TimeOfDay);
        return Period.DaysBetween(today, opening.Date) switch
        {
            0 => $"when we open today at {time}",
            1 => $"when we open tomorrow at {time}",
            < 7 => $"on {ClockWords.Day(opening.Date, false)} after {time}",
            _ => $"on {ClockWords.Date(opening.Date, false)} after {time}",
        };
    }

    private static string SpanishOpening(LocalDate today, LocalDateTime opening)
    {
        var time = ClockWords.SpanishTime(opening.TimeOfDay);
        return Period.DaysBetween(today, opening.Date) switch
        {
            0 => $"cuando abramos hoy a {time}",
            1 => $"cuando abramos mañana a {time}",
            < 7 => $"el {ClockWords.Day(opening.Date, true)} después de {time}",
            _ => $"el {ClockWords.Date(opening.Date, true)} después de {time}",
        };
    }
}
