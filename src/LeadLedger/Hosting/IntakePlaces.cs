namespace LeadLedger.Hosting;

/// <summary>
/// How many deliveries are taken in at once. Two lanes commit 64 each, and as many may wait for them: at the measured 1,250 to 1,750 a
/// second that is a fifth of a second of waiting, and at most 64 MB of bodies. More places would only make every sender wait longer.
/// </summary>
public sealed class IntakePlaces
{
    public const int Most = 256;

    /// <summary>What a sender is asked to wait.</summary>
    public const string RetryAfterSeconds = "2";

    private int _taken;
    private long _refused;

    public int Taken => Volatile.Read(ref _taken);

    /// <summary>Deliveries that were told to come back, since the start.</summary>
    public long Refused => Interlocked.Read(ref _refused);

    /// <summary>The most that were ever taken in at once, since the start.</summary>
    public int Peak { get; private set; }

    public bool TryTake()
    {
        var taken = Interlocked.Increment(ref _taken);
        if (taken <= Most)
        {
            Peak = Math.Max(Peak, taken);
            return true;
        }

        Interlocked.Decrement(ref _taken);
        Interlocked.Increment(ref _refused);
        return false;
    }

    public void Leave() => Interlocked.Decrement(ref _taken);
}
