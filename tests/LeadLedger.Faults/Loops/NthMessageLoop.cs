using System.Diagnostics;
using System.Globalization;

namespace LeadLedger.Faults.Loops;

/// <summary>
/// Cuts the connection to PostgreSQL at message 1, 2, 3 … of a use case, before the server sees the message and after it has acted on it, until a run
/// completes with no cut. The sender tries again as providers do, and what is left must be what an undisturbed run leaves. Every ambiguous commit
/// there can be is met by construction instead of by chance.
/// </summary>
/// <param name="rig">What it runs on.</param>
/// <param name="limit">Longest time for one use case and side.</param>
public sealed class NthMessageLoop(LoopRig rig, TimeSpan limit)
{
    /// <summary>A message count that no use case reaches; the loop ends by itself long before.</summary>
    private const int MostMessages = 1500;

    private const int MostSpoiled = 40;
    private const int MostViolations = 10;

    private static readonly TimeSpan SettleLimit = TimeSpan.FromSeconds(30);

    // The spool is empty by then: what is still missing is a commit that was answered before it was visible here.
    private static readonly TimeSpan Arrival = TimeSpan.FromSeconds(2);

    private readonly Dictionary<string, Footprint> _prepared = new(StringComparer.Ordinal);

    private bool _wasKept;

    /// <summary>Runs one use case with one side of the message.</summary>
    /// <param name="useCase">What is done.</param>
    /// <param name="position">Which side of the message.</param>
    /// <param name="cold">True breaks every idle connection before each run, so that each begins with the handshake and unprepared statements;
    /// false keeps them, so that statements are prepared.</param>
    /// <param name="stride">1 covers every message; n only every n-th, for a quick look.</param>
    /// <param name="expected">What an undisturbed run leaves; null finds out first.</param>
    public async Task<LoopResult> RunAsync(UseCase useCase, CutPosition position, bool cold, int stride = 1, Footprint? expected = null)
    {
        var result = new LoopResult(
            "nth message", useCase.Name, $"{(position == CutPosition.BeforeForwarding ? "before" : "after")}, {(cold ? "fresh" : "warm")} connection");
        var watch = Stopwatch.StartNew();
        expected ??= await UndisturbedAsync(useCase, result);
        var places = new HashSet<string>(StringComparer.Ordinal);
        var (uncut, spoiled) = (0, 0);
        for (var number = 1; number <= MostMessages && expected is not null; number += stride)
        {
            if (watch.Elapsed > limit || result.Violations.Count >= MostViolations)
            {
                break;
            }

            var cut = await OnceAsync(useCase, number, position, cold, expected, result);
            if (cut is null && _wasKept && spoiled < MostSpoiled)
            {
                // The database still counted as away, so the webhook was kept and never sent the messages: the same number again.
                spoiled++;
                number -= stride;
                continue;
            }

            if (cut is not null)
            {
                spoiled = 0;
                result.Covered++;
                places.Add(cut.Message);
                uncut = 0;
            }
            else if (++uncut >= (cold ? 1 : 3))
            {
                result.Complete = true;
                break;
            }
        }

        result.Places = places.Count;
        result.Took = watch.Elapsed;
        return result;
    }

    /// <summary>What undisturbed runs leave; null when they differ.</summary>
    // Twice, on different people: what differs between two undisturbed runs cannot be compared at all.
    public async Task<Footprint?> UndisturbedAsync(UseCase useCase, LoopResult result)
    {
        Footprint? first = null;
        await rig.PlanAsync(useCase.Plan);
        for (var round = 0; round < 3; round++)
        {
            var person = rig.NextPerson();
            await useCase.Prepare(rig, person);
            await TakenInAsync(useCase, person, "call: ", useCase.People(person).Count);
            _prepared[useCase.Name] = await rig.Footprints.OfAsync(useCase.People(person));
            await useCase.Act(rig, person);

            // One is enough: a merge leaves one lead of two people.
            await TakenInAsync(useCase, person, "lead: ", 1);
            await rig.TakenInAsync(SettleLimit);
            var footprint = await SettledAsync(useCase, person);
            if (round == 0)
            {
                // The first run of a process may find caches cold; it warms up.
                continue;
            }

            result.Violations.AddRange(footprint.Problems.Select(problem => $"undisturbed: {problem}"));
            if (first is not null && useCase.Judge(first, footprint).ToArray() is { Length: > 0 } differences)
            {
                result.Violations.Add($"two undisturbed runs differ: {string.Join("; ", differences)}");
                return null;
            }

            first = footprint;
        }

        return first;
    }

    private async Task<Cut?> OnceAsync(
        UseCase useCase, int number, CutPosition position, bool cold, Footprint expected, LoopResult result)
    {
        var person = rig.NextPerson();
        Cut? cut;
        try
        {
            await useCase.Prepare(rig, person);
            await rig.TakenInAsync(SettleLimit);
            await ArrivedAsync(useCase, person, _prepared[useCase.Name]);
            var keptBefore = rig.Kept();
            if (cold)
            {
                rig.Proxy.CutAll();
            }

            rig.Proxy.Arm(number, position, cold ? null : useCase.CountFrom);
            await useCase.Act(rig, person);
            await rig.TakenInAsync(SettleLimit);
            _wasKept = rig.Kept() > keptBefore;
            await ArrivedAsync(useCase, person, expected);
            var found = await SettledAsync(useCase, person);
            cut = rig.Proxy.Disarm();
            var creates = useCase.Dispatches ? await Creates.ProblemsAsync(rig, useCase.People(person)) : [];
            Report(result, cut, person, [.. found.Problems, .. creates, .. useCase.Judge(expected, found)]);
        }
        catch (LoopViolationException violation)
        {
            cut = rig.Proxy.Disarm();
            Report(result, cut, person, [violation.Message]);
        }

        return cut;
    }

    private Task<Footprint> SettledAsync(UseCase useCase, Person person) => useCase.Dispatches
        ? rig.SettledAsync(useCase.People(person), SettleLimit)
        : rig.Footprints.OfAsync(useCase.People(person));

    // Until the spool of earlier cuts is drained a webhook is acknowledged before its effects are there; an empty history must never become the measure.
    private Task TakenInAsync(UseCase useCase, Person person, string line, int least) => Patient.UntilAsync(
        async () => (await rig.Footprints.OfAsync(useCase.People(person))).Lines.Count(found => found.StartsWith(line, StringComparison.Ordinal)) >= least,
        $"{useCase}: undisturbed, and not taken in", SettleLimit);

    // What was taken into the spool while a connection was broken arrives a little later; what does not arrive at all is seen by the judge.
    private async Task ArrivedAsync(UseCase useCase, Person person, Footprint expected)
    {
        var watch = Stopwatch.StartNew();
        while (!useCase.Dispatches && watch.Elapsed < Arrival
            && useCase.Judge(expected, await rig.Footprints.OfAsync(useCase.People(person))).Any())
        {
            await Task.Delay(20);
        }
    }

    private static void Report(LoopResult result, Cut? cut, Person person, IReadOnlyList<string> problems)
    {
        if (problems.Count > 0)
        {
            var where = cut is null ? "with no cut" : string.Create(CultureInfo.InvariantCulture, $"message {cut.Number} ({cut.Message}, answered {cut.Answered})");
            result.Violations.Add($"{where}, {person.Phone}: {string.Join("; ", problems)}");
        }
    }
}
