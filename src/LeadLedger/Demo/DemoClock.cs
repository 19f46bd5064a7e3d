using NodaTime;

namespace LeadLedger.Demo;

/// <summary>
/// The clock of the demo. It follows the machine's until <see cref="Begin"/>, is then moved through the history by the script, and follows the
/// machine's again from <see cref="FollowMachine"/> on. Within the history it only goes forward.
/// </summary>
internal sealed class DemoClock(IClock machine) : IClock
{
    private readonly Lock _lock = new();
    private Instant? _played;
    private Instant _last = Instant.MinValue;

    /// <summary>Goes back to where the history starts; possible once, while the ledger is still empty.</summary>
    public void Begin(Instant start)
    {
        lock (_lock)
        {
            if (_last != Instant.MinValue)
            {
                throw new InvalidOperationException("the history has begun already");
            }

            _played = _last = start;
        }
    }

    public void MoveTo(Instant at)
    {
        lock (_lock)
        {
            if (_played is not { } now || at < now)
            {
                throw new InvalidOperationException($"the history is at {_played} and cannot go on at {at}");
            }

            _played = _last = at;
        }
    }

    /// <summary>The history has arrived at the present.</summary>
    public void FollowMachine()
    {
        lock (_lock)
        {
            _played = null;
        }
    }

    /// <summary>The present, also while the history is played.</summary>
    public Instant MachineNow => machine.GetCurrentInstant();

    public Instant GetCurrentInstant()
    {
        lock (_lock)
        {
            // Never before the last instant of the history, should the machine's clock be set back.
            return _played ?? Instant.Max(_last, machine.GetCurrentInstant());
        }
    }
}
