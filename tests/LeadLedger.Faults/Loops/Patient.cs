using System.Diagnostics;

namespace LeadLedger.Faults.Loops;

/// <summary>Waiting for what must happen by itself.</summary>
public static class Patient
{
    /// <summary>Longer than leases, restarts and outages of a history take together on a busy machine.</summary>
    public static readonly TimeSpan Usually = TimeSpan.FromSeconds(40);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(25);

    /// <summary>Asks again and again until it holds.</summary>
    /// <param name="holds">What must come to hold.</param>
    /// <param name="problem">What to say when it does not.</param>
    /// <param name="limit">The longest wait; null is the usual one.</param>
    /// <exception cref="LoopViolationException">It does not hold in time.</exception>
    public static async Task UntilAsync(Func<Task<bool>> holds, string problem, TimeSpan? limit = null)
    {
        var watch = Stopwatch.StartNew();
        while (!await holds())
        {
            if (watch.Elapsed > (limit ?? Usually))
            {
                throw new LoopViolationException($"{problem} after {(limit ?? Usually).TotalSeconds} s");
            }

            await Task.Delay(Pause);
        }
    }
}
