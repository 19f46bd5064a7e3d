using System.Globalization;

namespace LeadLedger.Faults.Checking;

/// <summary>Whether a text could reach its recipient only inside the window, from the system's own time zones.</summary>
/// <param name="Zone">The recipient's zone.</param>
/// <param name="From">Local time the window opens.</param>
/// <param name="To">Local time it closes.</param>
public sealed record QuietHours(string Zone, TimeOnly From, TimeOnly To)
{
    /// <summary>Seconds by which the provider's clock and ours may differ, and a request may be on its way.</summary>
    private const int Leeway = 2;

    /// <summary>What is wrong with a text taken at that moment with that validity; null when nothing is.</summary>
    public string? Problem(DateTimeOffset taken, int validitySeconds)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(Zone);
        var local = TimeZoneInfo.ConvertTime(taken, zone);
        var time = TimeOnly.FromTimeSpan(local.TimeOfDay);
        if (time < From || time >= To.Add(TimeSpan.FromSeconds(Leeway)))
        {
            return string.Create(CultureInfo.InvariantCulture, $"taken at {local:HH:mm:ss} in {Zone}, outside {From}-{To}");
        }

        var left = (To.ToTimeSpan() - local.TimeOfDay).TotalSeconds;
        return validitySeconds > left + Leeway
            ? string.Create(CultureInfo.InvariantCulture, $"taken at {local:HH:mm:ss} in {Zone} with a validity of {validitySeconds} s, {left:0} s before the window closes")
            : null;
    }
}
