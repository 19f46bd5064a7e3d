using LeadLedger.Businesses;
using LeadLedger.Calls;
using LeadLedger.EventStore.Faults;
using LeadLedger.Intake;
using LeadLedger.Sending;
using NodaTime;

namespace LeadLedger.Reconciling;

/// <summary>
/// Asks the provider what it has seen, and takes in the calls and texts whose webhooks never came. Any number of processes may run it:
/// each interval of an account is claimed by one. It has no loop, so that a test decides when it runs.
/// </summary>
public sealed class Sweep(
    SweepStore store, SweepIntake intake, TwilioLists lists, TwilioAccounts accounts, BusinessDirectory businesses, IClock clock)
{
    /// <summary>How often each account is swept.</summary>
    public static readonly Duration Interval = Duration.FromMinutes(5);

    /// <summary>How long a webhook may be on its way before it counts as missing.</summary>
    public static readonly Duration Grace = Duration.FromMinutes(2);

    /// <summary>How far each sweep goes back into what was swept before, for lists that lag.</summary>
    public static readonly Duration Overlap = Duration.FromMinutes(30);

    // Lists are filtered by the start of a call, intervals are of its end.
    private static readonly Duration LongestCall = Duration.FromHours(4);

    private const int MostPages = 20;

    /// <summary>Sweeps every account that is due.</summary>
    /// <returns>How many were swept.</returns>
    public async Task<int> RunDueAsync(CancellationToken cancellation = default)
    {
        var swept = 0;
        foreach (var (account, users) in accounts.Live(businesses))
        {
            var now = clock.GetCurrentInstant();
            if (await store.ClaimAsync(account.Sid, now, Interval, cancellation) is { } claim)
            {
                FailPoint.Hit(FailPoints.SweepClaimed);
                await SweepAsync(account, users, claim, now, cancellation);
                swept++;
            }
        }

        return swept;
    }

    private async Task SweepAsync(
        TwilioCredentials account, IReadOnlyList<Business> users, SweepClaim claim, Instant now, CancellationToken cancellation)
    {
        var until = now - Grace;
        if (until <= claim.From)
        {
            return;
        }

        var calls = await lists.CallsAsync(account, claim.From - Overlap - LongestCall, MostPages, cancellation);
        var messages = await lists.MessagesAsync(
            account, new MessageFilter { SentFrom = claim.From - Overlap }, MostPages, cancellation);
        FailPoint.Hit(FailPoints.SweepListed);
        var counts = users.ToDictionary(business => business.Id, business => new SweepCount(business.Id), StringComparer.Ordinal);
        var problem = calls.Problem ?? messages.Problem
            ?? (calls.Cut || messages.Cut ? "the provider lists more than one sweep reads; the interval is swept again" : null);
        problem = await TakeCallsAsync(account.Sid, users, calls.Items, claim.From, until, counts, cancellation) ?? problem;
        problem = await TakeMessagesAsync(account.Sid, users, messages.Items, claim.From, until, counts, cancellation) ?? problem;
        FailPoint.Hit(FailPoints.SweepIngested);

        // An interval that was not swept whole is swept again, and counted then: what was found is still known as found.
        await store.EndAsync(
            account.Sid, claim, now, until, problem,
            problem is null ? [.. counts.Values] : [.. users.Select(business => new SweepCount(business.Id))], cancellation);
    }

    private async Task<string?> TakeCallsAsync(
        string accountSid,
        IReadOnlyList<Business> users,
        IReadOnlyList<ListedCall> listed,
        Instant from,
        Instant until,
        Dictionary<string, SweepCount> counts,
        CancellationToken cancellation)
    {
        var legs = listed.Where(call => call is { ParentSid: not null, Direction: "outbound-dial" }).ToLookup(call => call.ParentSid!, StringComparer.Ordinal);
        foreach (var call in listed.DistinctBy(call => call.Sid))
        {
            if (call is not { Direction: "inbound", ParentSid: null, EndedAt: { } ended } || ended <= from - Overlap || ended > until
                || !CallStatuses.IsFinal(CallStatuses.Read(call.Status)) || OfLine(users, call.To) is not { } business)
            {
                continue;
            }

            switch (await intake.CallAsync(business, accountSid, call, [.. legs[call.Sid]], cancellation))
            {
                case SweepFinding.NotStored:
                    return "the ledger could not store what was found";
                case SweepFinding.Found:
                case SweepFinding.FoundBefore when ended > from:
                    counts[business.Id].CallsFound++;
                    break;
                case SweepFinding.Arrived when ended > from:
                    counts[business.Id].CallsArrived++;
                    break;
                default:
                    break;
            }
        }

        return null;
    }

    private async Task<string?> TakeMessagesAsync(
        string accountSid,
        IReadOnlyList<Business> users,
        IReadOnlyList<ListedMessage> listed,
        Instant from,
        Instant until,
        Dictionary<string, SweepCount> counts,
        CancellationToken cancellation)
    {
        // Oldest first, so that an opt-out and what came after it are read in their order.
        foreach (var message in listed.DistinctBy(message => message.Sid).OrderBy(message => message.SentAt ?? message.CreatedAt))
        {
            var at = message.SentAt ?? message.CreatedAt;
            if (message is not { Direction: "inbound", Status: "received" } || at <= from - Overlap || at > until
                || OfLine(users, message.To) is not { } business)
            {
                continue;
            }

            switch (await intake.MessageAsync(business, accountSid, message, cancellation))
            {
                case SweepFinding.NotStored:
                    return "the ledger could not store what was found";
                case SweepFinding.Found:
                case SweepFinding.FoundBefore when at > from:
                    counts[business.Id].MessagesFound++;
                    break;
                case SweepFinding.Arrived when at > from:
                    counts[business.Id].MessagesArrived++;
                    break;
                default:
                    break;
            }
        }

        return null;
    }

    // An account may have numbers that are nobody's line here; a webhook would have been set up for ours only.
    private static Business? OfLine(IReadOnlyList<Business> users, string? called) =>
        users.FirstOrDefault(business => RecordCall.LineOf(business, called).Line is not null);
}
