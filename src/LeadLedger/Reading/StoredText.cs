using System.Globalization;
using NodaTime;

namespace LeadLedger.Reading;

/// <summary>Instants as documents hold them: text of one width, so that text order is time order.</summary>
public static class StoredText
{
    public static string Of(Instant instant) =>
        instant.ToString("uuuu'-'MM'-'dd'T'HH':'mm':'ss'.'ffffff'Z'", CultureInfo.InvariantCulture);
}
