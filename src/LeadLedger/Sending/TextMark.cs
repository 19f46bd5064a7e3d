using LeadLedger.Businesses;
using LeadLedger.Calendars;
using LeadLedger.Contacting;
using LeadLedger.EventStore.Faults;
using LeadLedger.Leads;
using LeadLedger.PhoneNumbers;
using NodaTime;

namespace LeadLedger.Sending;

/// <summary>What is known at the last moment before a text leaves, with every row that it depends on locked.</summary>
public sealed record TextMarkCase
{
    public required Business Business { get; init; }

    public required Lead Lead { get; init; }

    public required SendSms Text { get; init; }

    /// <summary>The gate row of its number.</summary>
    public required ContactPoint Point { get; init; }

    /// <summary>Another number's row that forbids texts, while leads are merged; null when none does.</summary>
    public ContactPoint? MergedWith { get; init; }

    /// <summary>The other counters by name; none when an earlier attempt of the text was counted.</summary>
    public IReadOnlyList<KeyValuePair<string, SendTally?>> Counters { get; init; } = [];

    /// <summary>An earlier attempt of the text was counted against the limits.</summary>
    public bool Counted { get; init; }

    /// <summary>After this the text is no longer true.</summary>
    public Instant? NotAfter { get; init; }

    public required Instant Now { get; init; }
}

/// <summary>
/// RULE: may this text leave now? Permission is asked again at every attempt (CON-18): what was true when the text was requested may not be
/// true now. The answer also says how long the provider may hold it: never past the end of the window, never past its truth (I17, C-22).
/// </summary>
public abstract record TextMark
{
    /// <summary>The provider's longest validity period, seconds.</summary>
    private const int LongestValidity = 36_000;

    /// <summary>With less of the window left than this a text might be delivered after it; it waits for the next opening instead.</summary>
    private static readonly Duration ShortestWindow = Duration.FromSeconds(60);

    /// <summary>With less truth left than this no carrier could deliver it in time.</summary>
    private static readonly Duration ShortestTruth = Duration.FromSeconds(5);

    private TextMark()
    {
    }

    /// <summary>It may leave.</summary>
    public sealed record Go(int ValiditySeconds) : TextMark;

    /// <summary>The window is closed, or nearly, and the text is still true when it opens.</summary>
    public sealed record Wait(Instant Until) : TextMark;

    /// <summary>It may not leave.</summary>
    public sealed record Withhold(IReadOnlyList<string> Codes, string Counterfactual) : TextMark
    {
        /// <summary>It is out of date: nobody forbade it.</summary>
        public bool Expired => Codes is [ReasonCodes.StaleInquiry];

        /// <summary>A limit stopped it: a person should look why so many texts were asked for.</summary>
        public bool Capped => Codes.Any(code => code.StartsWith("sms_cap_", StringComparison.Ordinal));
    }

    public static TextMark Decide(TextMarkCase c)
    {
        var truth = c.NotAfter is { } limit ? limit - c.Now : Duration.FromSeconds(LongestValidity);
        if (c.Text.Purpose == Purposes.OptOutConfirmation)
        {
            // The one answer to the opt-out itself: neither its own suppression nor a limit forbids it, its age does.
            return truth < ShortestTruth ? Withheld([(ReasonCodes.StaleInquiry, Late)]) : new Go(Seconds(truth));
        }

        var refusals = Refusals(c);
        if (truth < ShortestTruth)
        {
            refusals.Add((ReasonCodes.StaleInquiry, Late));
        }

        if (refusals.Count > 0)
        {
            return Withheld(refusals);
        }

        var number = PhoneNumber.FromE164(c.Text.To);
        var zones = CandidateZones.Of(number.TimeZones, null, c.Business.Zone, number.Region ?? c.Business.Region);
        var window = c.Business.Sending.Acknowledgement;
        var closes = window.ClosesAt(c.Now, zones);
        if (PlantedDefect.Is(Defects.ValidityPastWindow) && closes > c.Now)
        {
            return new Go(LongestValidity);
        }

        if (closes - c.Now >= ShortestWindow)
        {
            return new Go(Seconds(Duration.Min(closes - c.Now, truth)));
        }

        return window.NextOpen(closes, zones) is { } opens && opens + ShortestTruth <= (c.NotAfter ?? Instant.MaxValue)
            ? new Wait(opens)
            : Withheld([(ReasonCodes.QuietHoursDeferred, "the recipient's sending window were open long enough")]);
    }

    private const string Late = "it could have left in time";

    private static List<(string Code, string Change)> Refusals(TextMarkCase c)
    {
        var refusals = new List<(string, string)>();
        if (!PlantedDefect.Is(Defects.NoConsentRecheckAtMark))
        {
            AddPermission(refusals, c.Point);
            if (refusals.Count == 0 && c.MergedWith is { } merged)
            {
                AddPermission(refusals, merged);
            }
        }

        if (c.Point.NotTextable is { } code)
        {
            refusals.Add((ReasonCodes.NumberNotTextable, $"the number could receive texts ({ProviderCodes.Of(code).Sentence})"));
        }

        if (!c.Business.Sending.BillingActive)
        {
            refusals.Add((ReasonCodes.BillingInactive, "billing were active"));
        }

        if (!c.Business.Sending.FollowUpEnabled)
        {
            refusals.Add((ReasonCodes.FollowupDisabled, "follow-up were switched on"));
        }

        if (c.Lead is { Task: { ClosedAt: { } closed, ClosedBy: not "system" } } && closed >= c.Lead.LastInquiryAt)
        {
            refusals.Add((ReasonCodes.TaskClosed, "nobody had dealt with the inquiry yet"));
        }

        if (!c.Counted && !PlantedDefect.Is(Defects.CapsIgnored))
        {
            refusals.AddRange(TextCaps.Reached(c.Business.TextLimits, c.Point.Sends, c.Counters, c.Now).Select(cap => (cap.Code, cap.Change)));
        }

        return refusals;
    }

    private static void AddPermission(List<(string, string)> refusals, ContactPoint point)
    {
        if (point.SuppressedSince is not null)
        {
            refusals.Add((point.IsProvidersBlock ? ReasonCodes.SuppressedByProvider : ReasonCodes.SuppressedNumber, "the person texted START"));
        }

        if (point.Held)
        {
            refusals.Add((ReasonCodes.OptOutPhraseHeld, "a person found that the text was no opt-out"));
        }

        if (point.Consents.GetValueOrDefault(AcknowledgementGates.Purpose) is { State: "withdrawn" })
        {
            refusals.Add((ReasonCodes.ConsentWithdrawn, "the person had consented again"));
        }
    }

    private static Withhold Withheld(IReadOnlyList<(string Code, string Change)> refusals) =>
        new([.. refusals.Select(each => each.Code).Distinct()], $"It would be sent if {string.Join(", and ", refusals.Select(each => each.Change))}.");

    private static int Seconds(Duration length) => (int)Math.Min(length.TotalSeconds, LongestValidity);
}
