using System.Globalization;
using LeadLedger.EventStore.Outbox;
using NodaTime;

namespace LeadLedger.Reading;

/// <summary>One thing that a person should look at.</summary>
/// <param name="Name">Stable, for monitors.</param>
/// <param name="Since">Since when.</param>
/// <param name="Sentence">What is wrong.</param>
/// <param name="Remedy">What to do about it.</param>
public sealed record Alarm(string Name, Instant Since, string Sentence, string Remedy);

/// <summary>
/// Judges the figures by age, not by number: a count can be small while the one row in it has been stuck for a day.
/// </summary>
public static class Alarms
{
    /// <summary>Due work that nobody has begun for this long.</summary>
    public static readonly Duration LateBound = Duration.FromSeconds(60);

    /// <summary>How long after the end of a lease somebody must have looked after its row.</summary>
    public static readonly Duration AbandonedBound = Duration.FromSeconds(30);

    /// <summary>How long an outcome may stay unknown before evidence will hardly come.</summary>
    public static readonly Duration UnknownBound = Duration.FromMinutes(20);

    /// <summary>A transaction older than this keeps the tables of the outbox from being cleaned up.</summary>
    public static readonly Duration SnapshotBound = Duration.FromSeconds(60);

    public static IReadOnlyList<Alarm> Of(StatusFigures figures)
    {
        var alarms = new List<Alarm>();
        foreach (var work in figures.Work)
        {
            if (OfWork(work, figures.Now) is { } alarm)
            {
                alarms.Add(alarm);
            }
        }

        alarms.AddRange(figures.Holds.Select(hold => new Alarm(
            "sending_held", hold.Since, $"Nothing leaves through {Scope(hold.Scope)} of {Business(hold.Business)}: {hold.Reason}.",
            "Find out whether the reason still holds; then lift the hold. What waits is sent as far as it is still worth sending.")));
        if (figures is { Quarantined: > 0, QuarantinedSince: { } quarantined })
        {
            alarms.Add(new Alarm("quarantine", quarantined,
                $"{Many(figures.Quarantined, "authentic delivery", "authentic deliveries")} could not be understood and {Are(figures.Quarantined)} kept aside.",
                "Look at GET /api/quarantine: each may be a customer. Replay it when the cause is mended, or call."));
        }

        if (figures is { StuckLeads: > 0, StuckSince: { } stuck })
        {
            alarms.Add(new Alarm("leads_stuck", stuck,
                $"{Many(figures.StuckLeads, "lead has", "leads have")} no open task and nothing scheduled.",
                "Look at GET /api/leads/stuck and call them."));
        }

        if (figures.OldestSnapshot is { } snapshot && figures.Now - snapshot > SnapshotBound)
        {
            alarms.Add(new Alarm("old_snapshot", snapshot,
                $"A transaction in the database has been open for {Seconds(figures.Now - snapshot)}; while it is, the work tables cannot be cleaned up and grow slow.",
                "Find it in pg_stat_activity by xact_start and end it; run long reports on a copy."));
        }

        if (figures.ClockAhead is { } ahead && NodeClock.IsTooFar(ahead))
        {
            alarms.Add(new Alarm("clock_wrong", figures.Now,
                $"This machine's clock is {ahead.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture)} seconds ahead of the database's; it claims no work.",
                "Set the clock of this machine or of the database's with NTP. They are compared every second until they agree."));
        }

        return alarms;
    }

    private static Alarm? OfWork(WorkFigure work, Instant now) => work.State switch
    {
        OutboxStates.Parked => new Alarm("work_parked", work.Since,
            $"{Many(work.Count, "work item", "work items")} of kind {work.Kind} {Were(work.Count)} given up after the last attempt.",
            "Look at GET /api/dead-letters for the reason; do by hand what is still worth doing."),
        OutboxStates.Ambiguous when now - work.Since > UnknownBound => new Alarm("outcome_unknown", work.Since,
            $"Whether {Many(work.Count, "work item", "work items")} of kind {work.Kind} reached the other side is unknown.",
            "It is not sent again by itself. Look at GET /api/dead-letters, and call the customer."),
        OutboxStates.Unconfirmed => new Alarm("texts_unconfirmed", work.Since,
            $"{Many(work.Count, "text", "texts")} may not have arrived; the callback task of each says so.",
            "Call these customers, then discard the items in GET /api/dead-letters. A late report of the provider still settles them."),
        OutboxStates.Pending when !work.Held && now - work.Since > LateBound => new Alarm("work_late", work.Since,
            $"{Many(work.Count, "work item", "work items")} of kind {work.Kind} should have begun {Seconds(now - work.Since)} ago or later.",
            "See whether a process runs with dispatch on, and whether its log says why it claims nothing."),
        OutboxStates.Claimed or OutboxStates.Calling when now - work.Since > AbandonedBound => new Alarm("work_abandoned", work.Since,
            $"{Many(work.Count, "work item", "work items")} of kind {work.Kind} {Were(work.Count)} taken by a worker that did not come back, and nobody looks after {(work.Count == 1 ? "it" : "them")}.",
            "See whether a process runs with dispatch on, and whether its log says why it cannot."),
        _ => null,
    };

    private static string Many(long count, string one, string several) =>
        count == 1 ? $"1 {one}" : $"{(count >= OutboxFigures.Most ? "at least " : "")}{count.ToString(CultureInfo.InvariantCulture)} {several}";

    private static string Are(long count) => count == 1 ? "is" : "are";

    private static string Were(long count) => count == 1 ? "was" : "were";

    private static string Seconds(Duration duration) => duration < Duration.FromMinutes(2)
        ? $"{(long)duration.TotalSeconds} seconds"
        : $"{(long)duration.TotalMinutes} minutes";

    private static string Scope(string scope) => scope == "*" ? "any channel" : scope;

    private static string Business(string business) => business == "*" ? "every business" : business;
}
