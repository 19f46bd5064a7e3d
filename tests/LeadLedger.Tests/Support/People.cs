using System.Globalization;

namespace LeadLedger.Tests.Support;

/// <summary>Numbers of people nobody has used in this run: mobiles in Dallas, so in one time zone.</summary>
public static class People
{
    private static int _count;

    public static string Next() => "+1214556" + Interlocked.Increment(ref _count).ToString("0000", CultureInfo.InvariantCulture);
}
