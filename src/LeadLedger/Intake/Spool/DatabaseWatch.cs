using LeadLedger.Sending;

namespace LeadLedger.Intake.Spool;

/// <summary>
/// What this process knows of its database, shared by all requests, so that one of them finds out that it is away and the others do not wait for it.
/// </summary>
public sealed class DatabaseWatch(TextGate gate)
{
    private volatile string? _reason;

    /// <summary>Since somebody failed and until a probe succeeds.</summary>
    public bool IsAway => _reason is not null;

    public string? Reason => _reason;

    public void ReportAway(string reason)
    {
        _reason ??= reason;
        gate.Close();
    }

    /// <summary>A webhook is kept on the disk: it may be an opt-out, so no text leaves until it is in the ledger.</summary>
    public void ReportKept() => gate.Close();

    public void ReportBack() => _reason = null;
}
