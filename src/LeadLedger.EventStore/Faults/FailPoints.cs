namespace LeadLedger.EventStore.Faults;

/// <summary>The places where a fault test can stop the process, by name; each stands right after the step it is named for.</summary>
public static class FailPoints
{
    public const string OutboxClaimed = "outbox.claimed";
    public const string OutboxRecovering = "outbox.recovering";
    public const string TextBeforeMark = "text.before_mark";
    public const string TextMarked = "text.marked";
    public const string TextCalled = "text.called";
    public const string TextConcluded = "text.concluded";
    public const string SettleListed = "settle.listed";
    public const string SettleConcluded = "settle.concluded";
    public const string SweepClaimed = "sweep.claimed";
    public const string SweepListed = "sweep.listed";
    public const string SweepIngested = "sweep.ingested";
    public const string WriteLocked = "write.locked";
    public const string WriteDecided = "write.decided";
    public const string WriteCommitted = "write.committed";
    public const string PauseTripped = "pause.tripped";
    public const string PauseOpened = "pause.opened";
    public const string PauseProbeAllowed = "pause.probe_allowed";
    public const string PauseEnded = "pause.ended";

    public const string SpoolBeforeWrite = "spool.before_write";
    public const string SpoolWritten = "spool.written";
    public const string SpoolFlushed = "spool.flushed";
    public const string SpoolBeforeReplay = "spool.before_replay";
    public const string SpoolReplayed = "spool.replayed";
}
