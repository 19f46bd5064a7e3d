using LeadLedger.EventStore;
using LeadLedger.EventStore.Verification;
using NodaTime;
using Npgsql;

namespace LeadLedger.Staff.Verification;

/// <summary>
/// Verifies the ledger while the service runs, when somebody asks for it: one run at a time, with its progress and its result kept in memory.
/// It is the same verification as <c>leadledger verify</c>; it writes nothing.
/// </summary>
public sealed partial class LedgerCheck(
    NpgsqlDataSource database, LedgerModel model, IClock clock, IHostApplicationLifetime lifetime, ILogger<LedgerCheck> log)
{
    private const string Everything = "*";

    private readonly Lock _lock = new();
    private readonly Dictionary<string, LedgerCheckRun> _latest = new(StringComparer.Ordinal);
    private string? _running;

    /// <summary>Ends when the run that was begun last has ended.</summary>
    public Task Finished { get; private set; } = Task.CompletedTask;

    /// <summary>The latest run of this scope; null before the first one since the start of the process.</summary>
    /// <param name="business">The one business; null for the whole ledger.</param>
    public LedgerCheckRun? Latest(string? business)
    {
        lock (_lock)
        {
            return _latest.GetValueOrDefault(business ?? Everything);
        }
    }

    /// <summary>Begins a run.</summary>
    /// <returns>False while another one is under way.</returns>
    public bool TryBegin(string? business, string by)
    {
        var key = business ?? Everything;
        lock (_lock)
        {
            if (_running is not null)
            {
                return false;
            }

            _running = key;
            _latest[key] = new LedgerCheckRun { Business = business, By = by, BeganAt = clock.GetCurrentInstant() };
        }

        Finished = Task.Run(() => RunAsync(key, business));
        return true;
    }

    private async Task RunAsync(string key, string? business)
    {
        VerificationReport? report = null;
        string? trouble = null;
        try
        {
            report = await new LedgerVerifier(database, model).VerifyAsync(
                new VerificationScope { Tenant = business }, new Steps(this, key), lifetime.ApplicationStopping);
        }
        catch (OperationCanceledException)
        {
            trouble = "The service was stopped before it was done.";
        }
        catch (Exception problem) when (problem is not OperationCanceledException)
        {
            LogTrouble(log, problem);
            trouble = "It could not be read to its end; the log has the reason. Nothing is known about the ledger from this run.";
        }
        finally
        {
            Change(key, run => run with { Report = report, Trouble = trouble, EndedAt = clock.GetCurrentInstant() });
            lock (_lock)
            {
                _running = null;
            }
        }

        if (report is { IsSound: false, Problems: [var first, ..] } && log.IsEnabled(LogLevel.Error))
        {
            LogUnsound(log, first);
        }
    }

    private void Change(string key, Func<LedgerCheckRun, LedgerCheckRun> change)
    {
        lock (_lock)
        {
            _latest[key] = change(_latest[key]);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The ledger could not be verified")]
    private static partial void LogTrouble(ILogger logger, Exception problem);

    [LoggerMessage(Level = LogLevel.Critical, Message = "The ledger is NOT sound: {Problem}")]
    private static partial void LogUnsound(ILogger logger, object problem);

    // Several workers report; a late report of an earlier count never takes the bar back.
    private sealed class Steps(LedgerCheck check, string key) : IProgress<LedgerProgress>
    {
        public void Report(LedgerProgress value) => check.Change(
            key, run => run.Progress is { } known && known.Step == value.Step && known.Done > value.Done ? run : run with { Progress = value });
    }
}

/// <summary>One run of the verification.</summary>
public sealed record LedgerCheckRun
{
    /// <summary>The one business; null for the whole ledger.</summary>
    public string? Business { get; init; }

    /// <summary>Who asked for it.</summary>
    public required string By { get; init; }

    public required Instant BeganAt { get; init; }

    /// <summary>Null while it is under way.</summary>
    public Instant? EndedAt { get; init; }

    public LedgerProgress? Progress { get; init; }

    /// <summary>What was found; null while it is under way, and when it could not be finished.</summary>
    public VerificationReport? Report { get; init; }

    /// <summary>Why it could not be finished.</summary>
    public string? Trouble { get; init; }
}
