using LeadLedger.EventStore.Verification;
using NodaTime;

namespace LeadLedger.Demo;

/// <summary>What the replay came to.</summary>
/// <param name="Webhooks">Webhooks sent; every one was accepted.</param>
/// <param name="Texts">Texts whose delivery the stand-in reported.</param>
internal sealed record DemoReport(int Webhooks, int Texts);

/// <summary>
/// Plays a history against a running service: moves the clock from one instant at which something happens to the next, does what is due there, and
/// sends what the provider, the website and the staff would send. At the end the clock has arrived at the present.
/// </summary>
internal sealed class DemoScript(DemoClock clock, DemoWork work, DemoProvider provider, DemoWebhooks webhooks, DemoStaff staff)
{
    private const string AlertNumbers = "+121455501";

    private readonly PriorityQueue<DemoText, Instant> _callbacks = new();
    private int _texts;

    public async Task<DemoReport> RunAsync(DemoStory story, IProgress<LedgerProgress>? progress, CancellationToken cancellation)
    {
        foreach (var (number, answers) in story.Answers)
        {
            provider.Plan(number, answers);
        }

        clock.Begin(story.Start);
        await staff.ComeInAsync();
        var stage = new DemoStage(webhooks, staff);
        var totals = story.Steps.CountBy(step => step.Chapter, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal);
        var done = totals.Keys.ToDictionary(chapter => chapter, _ => 0, StringComparer.Ordinal);
        foreach (var step in story.Steps)
        {
            cancellation.ThrowIfCancellationRequested();
            await AdvanceToAsync(step.At, cancellation);
            await step.Act(stage);
            progress?.Report(new LedgerProgress(step.Chapter, ++done[step.Chapter], totals[step.Chapter]));
        }

        await AdvanceToAsync(clock.MachineNow, cancellation);
        clock.FollowMachine();
        await staff.LeaveAsync();
        return new DemoReport(webhooks.Accepted, _texts);
    }

    private async Task AdvanceToAsync(Instant end, CancellationToken cancellation)
    {
        await RunDueAsync();
        while (await NextAsync(cancellation) is { } at && at <= end)
        {
            clock.MoveTo(at);
            while (_callbacks.TryPeek(out var text, out var due) && due <= at)
            {
                _callbacks.Dequeue();
                await webhooks.TextStatusAsync(text);
                _texts++;
            }

            await RunDueAsync();
        }

        clock.MoveTo(end);
    }

    private async Task RunDueAsync()
    {
        await work.RunDueAsync();
        while (provider.Taken.TryRead(out var text))
        {
            // Staff see that they were alerted; only a customer's text has a delivery worth telling.
            if (!text.To.StartsWith(AlertNumbers, StringComparison.Ordinal))
            {
                _callbacks.Enqueue(text, text.At + Duration.FromSeconds(4));
            }
        }
    }

    private async Task<Instant?> NextAsync(CancellationToken cancellation)
    {
        var due = await work.NextDueAsync(cancellation);
        return _callbacks.TryPeek(out _, out var callback) && (due is null || callback < due) ? callback : due;
    }
}
