using System.Globalization;
using LeadLedger.Businesses;
using LeadLedger.EventStore;
using LeadLedger.Leads;
using NodaTime;

namespace LeadLedger.Contacting;

/// <summary>A limit that has no room for another text.</summary>
/// <param name="Code">Its reason code.</param>
/// <param name="Change">What would have to be different, as the end of "It would be sent if ...".</param>
public sealed record CapReached(string Code, string Change);

/// <summary>
/// RULE: how many texts may go out (I19). Whoever makes us text numbers for money posts forms with many numbers of one block of a carrier;
/// so there are limits for a number, for its block of ten thousand neighbours, for a form and for the business. The number's own count
/// stands in its gate row, the others in gate rows of their own, which are locked only for the mark and never while an inquiry is taken in.
/// </summary>
public static class TextCaps
{
    /// <summary>Kind of the gate rows that count.</summary>
    public const string Counter = "counter";

    private const string OfBusiness = "business";
    private const int BlockDigits = 4;

    /// <summary>The counters of a text, beside that of its number.</summary>
    /// <param name="to">E.164.</param>
    /// <param name="form">The form whose inquiry it answers; null for a call or a text.</param>
    public static IReadOnlyList<string> CountersOf(string to, string? form) =>
        form is null ? [OfBusiness, BlockOf(to)] : [OfBusiness, BlockOf(to), $"form:{form}"];

    /// <summary>The block of numbers that differ in the last four digits only.</summary>
    public static string BlockOf(string to) => $"block:{to[..Math.Max(1, to.Length - BlockDigits)]}";

    public static GateKey KeyOf(string tenant, string counter) => new(tenant, Counter, counter);

    /// <summary>The limits that have no room left.</summary>
    /// <param name="limits">Of the business file.</param>
    /// <param name="number">Texts to the number.</param>
    /// <param name="counters">The other counters by name.</param>
    /// <param name="now">The instant of the text.</param>
    public static IReadOnlyList<CapReached> Reached(
        TextLimits limits, SendTally? number, IEnumerable<KeyValuePair<string, SendTally?>> counters, Instant now)
    {
        var reached = new List<CapReached>();
        Check(reached, number, now, limits.NumberPerHour, limits.NumberPerDay, ReasonCodes.SmsCapNumber, "to this number");
        foreach (var (name, tally) in counters)
        {
            var (hour, day, code, where) = name switch
            {
                OfBusiness => (limits.BusinessPerHour, limits.BusinessPerDay, ReasonCodes.SmsCapBusiness, "from this business"),
                _ when name.StartsWith("block:", StringComparison.Ordinal) =>
                    (limits.PrefixPerHour, limits.PrefixPerDay, ReasonCodes.SmsCapPrefix, $"to numbers that begin with {name["block:".Length..]}"),
                _ => (limits.FormPerHour, limits.FormPerDay, ReasonCodes.SmsCapForm, "because of this form"),
            };
            Check(reached, tally, now, hour, day, code, where);
        }

        return reached;
    }

    private static void Check(List<CapReached> reached, SendTally? tally, Instant now, int perHour, int perDay, string code, string where)
    {
        if (tally is null)
        {
            return;
        }

        if (tally.InHour(now) >= perHour)
        {
            reached.Add(new CapReached(code, string.Create(CultureInfo.InvariantCulture, $"fewer than {perHour} texts had gone {where} within the hour")));
        }
        else if (tally.InDay(now) >= perDay)
        {
            reached.Add(new CapReached(code, string.Create(CultureInfo.InvariantCulture, $"fewer than {perDay} texts had gone {where} within 24 hours")));
        }
    }
}
