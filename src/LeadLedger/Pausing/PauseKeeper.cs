using LeadLedger.Businesses;
using LeadLedger.EventStore.Faults;
using LeadLedger.EventStore.Writing;
using LeadLedger.Sending;
using NodaTime;

namespace LeadLedger.Pausing;

/// <summary>
/// The breaker: hears how every call to a provider ended, and pauses what leaves through it when that is of no use any more. Several
/// processes may find the same at once; the stream is locked, so it is one fact.
/// </summary>
public sealed partial class PauseKeeper(LedgerWriter writer, FailureCounts counts, IClock clock, ILogger<PauseKeeper> log)
{
    /// <summary>How handing something over ended.</summary>
    /// <param name="business">Whose it was.</param>
    /// <param name="scope">What it left through.</param>
    /// <param name="result">How it ended. What was only recorded says nothing of the provider.</param>
    public Task HeardAsync(Business business, string scope, SendResult result)
    {
        switch (result)
        {
            case SendResult.Accepted { RecordedOnly: false }:
                counts.Clear(business.Id, scope);
                return Task.CompletedTask;
            case SendResult.Refused { Code: { } code } refused when ProviderCodes.Of(code).StopsSending:
                return StoppedAsync(business, scope, code, refused.Error);
            case SendResult.Refused:
                // One recipient was refused: the provider itself works.
                counts.Clear(business.Id, scope);
                return Task.CompletedTask;
            case SendResult.NotSent failed:
                return FailedAsync(business, scope, failed.Error);
            case SendResult.Unknown failed:
                return FailedAsync(business, scope, failed.Error);
            default:
                return Task.CompletedTask;
        }
    }

    /// <summary>The provider said that nothing more will leave until a person has put something right.</summary>
    public Task StoppedAsync(Business business, string scope, string code, string error) =>
        TripAsync(business, new Trouble(scope, $"the provider stopped sending ({code}: {error})", code, NeedsPerson: true));

    private Task FailedAsync(Business business, string scope, string error)
    {
        var rules = BreakerRules.Of(scope);
        return counts.Add(business.Id, scope, rules, clock.GetCurrentInstant())
            ? TripAsync(business, new Trouble(scope, $"{error}, {rules.Failures} times in a row", null, NeedsPerson: false))
            : Task.CompletedTask;
    }

    private async Task TripAsync(Business business, Trouble trouble)
    {
        FailPoint.Hit(FailPoints.PauseTripped);
        try
        {
            var paused = await writer.WriteAsync(new WriteRequest<bool>(unit =>
            {
                var session = new OperationsSession(unit, business);
                var facts = PauseDecisions.Trip(session.State, business, trouble, unit.Now);
                session.RecordAll(facts);
                return facts.Count > 0;
            })
            {
                Now = clock.GetCurrentInstant(),
                Actor = "system",
                CausationId = $"breaker:{trouble.Scope}",
                Streams = [OperationsStream.Of(business.Id)],
            });
            counts.Clear(business.Id, trouble.Scope);
            if (paused)
            {
                FailPoint.Hit(FailPoints.PauseOpened);
                LogPaused(log, business.Id, trouble.Scope, trouble.Reason);
            }
        }
        catch (Exception exception) when (exception is LedgerUnavailableException or LedgerBusyException)
        {
            // The outcome of the call matters more than the pause; the next failure finds the count still full.
            LogNotPaused(log, business.Id, trouble.Scope, exception.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Automation of {Business} paused itself for {Scope}: {Reason}")]
    private static partial void LogPaused(ILogger logger, string business, string scope, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A pause of {Business} for {Scope} could not be recorded: {Reason}")]
    private static partial void LogNotPaused(ILogger logger, string business, string scope, string reason);
}
