using LeadLedger.EventStore.Faults;

namespace LeadLedger.Sending;

/// <summary>
/// Whether this process may mark texts to leads. It is shut whenever an opt-out may be somewhere else than in the ledger: webhooks are kept on
/// the disk, the database was away, or a connection broke. It is in memory because it must shut while the database cannot be asked.
/// </summary>
public sealed class TextGate
{
    private readonly Lock _lock = new();
    private bool _open;
    private long _shuts;

    /// <summary>Raised when it shuts, so that somebody looks whether it may open again.</summary>
    public event Action? Shut;

    public bool IsOpen
    {
        get
        {
            lock (_lock)
            {
                return _open || PlantedDefect.Is(Defects.SpoolDrainSkipped);
            }
        }
    }

    /// <summary>How often it was shut: taken before looking, and given to <see cref="TryOpen"/>.</summary>
    public long Shuts
    {
        get
        {
            lock (_lock)
            {
                return _shuts;
            }
        }
    }

    public void Close()
    {
        lock (_lock)
        {
            _open = false;
            _shuts++;
        }

        Shut?.Invoke();
    }

    /// <summary>Opens it, unless it was shut again since somebody began to look.</summary>
    public bool TryOpen(long shuts)
    {
        lock (_lock)
        {
            return _open = _open || _shuts == shuts;
        }
    }
}
