using System.Diagnostics;

namespace LeadLedger.Postgres;

/// <summary>Waits for something another process does and gives no signal for: a server's end, its being ready.</summary>
internal static class Poll
{
    /// <summary>True as soon as the question is answered with yes, false when the limit has passed.</summary>
    public static async Task<bool> UntilAsync(Func<ValueTask<bool>> question, TimeSpan limit, CancellationToken ct)
    {
        if (await question())
        {
            return true;
        }

        var began = Stopwatch.GetTimestamp();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (await timer.WaitForNextTickAsync(ct))
        {
            if (await question())
            {
                return true;
            }

            if (Stopwatch.GetElapsedTime(began) > limit)
            {
                return false;
            }
        }

        return false;
    }

    public static Task<bool> UntilAsync(Func<bool> question, TimeSpan limit, CancellationToken ct) =>
        UntilAsync(() => ValueTask.FromResult(question()), limit, ct);
}
