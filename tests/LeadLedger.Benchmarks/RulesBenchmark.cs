using System.Diagnostics;
using System.Globalization;
using LeadLedger.Businesses;
using LeadLedger.Contacting;
using LeadLedger.Leads;
using LeadLedger.Matching;
using NodaTime;

namespace LeadLedger.Benchmarks;

/// <summary>The pure rules alone: what one decision costs in time and memory.</summary>
public static class RulesBenchmark
{
    private const int Rounds = 200_000;

    public static void Run()
    {
        var business = BusinessFile.Parse("example business", BusinessFile.Example, ".");
        var now = Instant.FromUtc(2026, 11, 20, 18, 30);
        var call = new CallMissed
        {
            Inquiry = Guid.Empty,
            Call = Guid.Empty,
            Provider = "twilio",
            CallSid = "CA0001",
            Caller = "+12145550123",
            Line = "+12145550100",
            Reason = "no_answer",
            RingSeconds = 22,
            OccurredAt = now,
            Match = new Match(MatchOutcomes.New, [], "nothing_agrees", "1", []),
        };
        var gates = new AcknowledgementCase
        {
            Business = business,
            Lead = Lead.Empty,
            Inquiry = call,
            ContactPoint = ContactPoint.Empty,
            Template = business.Templates["ack-default"],
            Now = now,
        };
        Measure("acknowledgement gates", () => AcknowledgementGates.Decide(gates));
        Measure("match with no lead", () => MatchLead.Decide(
            new Identity("+12145550123", null, false, null, false), [], [], business.Matching, now));
        Measure("words of an acknowledgement", () => AcknowledgementText.Render(
            gates.Template, business, Lead.Empty, call, business.Lines[0], now));
    }

    private static void Measure(string name, Func<object> rule)
    {
        for (var i = 0; i < Rounds / 4; i++)
        {
            rule();
        }

        var bytes = GC.GetAllocatedBytesForCurrentThread();
        var watch = Stopwatch.StartNew();
        for (var i = 0; i < Rounds; i++)
        {
            rule();
        }

        watch.Stop();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{name,-44} {watch.Elapsed.TotalMicroseconds / Rounds,10:F2} us   {(GC.GetAllocatedBytesForCurrentThread() - bytes) / Rounds} bytes"));
    }
}
