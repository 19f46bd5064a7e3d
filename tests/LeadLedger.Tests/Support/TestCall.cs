using System.Globalization;

namespace LeadLedger.Tests.Support;

/// <summary>A call from a person to a line of ours; every callback of it repeats these fields.</summary>
public sealed record TestCall(string From, string To = TestBusiness.MainLine)
{
    private static int _count;

    public string Sid { get; init; } = "CA" + Interlocked.Increment(ref _count).ToString("x32", CultureInfo.InvariantCulture);

    /// <summary>The leg that rings the phone of the business.</summary>
    public string LegSid => "CB" + Sid[2..];

    public string? CallerName { get; init; }

    /// <summary>Further fields, such as a spam score.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Extra { get; init; } = [];
}
