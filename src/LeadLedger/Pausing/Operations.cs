using System.Collections.Immutable;
using System.Diagnostics;
using LeadLedger.EventStore;
using LeadLedger.EventStore.Outbox;

namespace LeadLedger.Pausing;

/// <summary>What a business's automation is doing: the pauses in force. One scope may be paused for several causes, each of which must end.</summary>
public sealed record Operations : IStreamState
{
    public static Operations Empty { get; } = new();

    public Guid Id { get; init; }

    public string Business { get; init; } = "";

    public string? Head { get; init; }

    public long Version { get; init; }

    public ImmutableArray<Pause> Pauses { get; init; } = [];

    public Pause? Find(string scope, string cause) => Pauses.FirstOrDefault(pause => pause.Scope == scope && pause.Cause == cause);

    public Pause? Find(Guid id) => Pauses.FirstOrDefault(pause => pause.Id == id);

    /// <summary>The scopes held, one row each: the oldest cause speaks, and a probe passes only where nothing else holds it.</summary>
    public static IReadOnlyList<SendingHold> HoldsOf(Operations operations) =>
    [
        .. operations.Pauses.GroupBy(pause => pause.Scope, StringComparer.Ordinal).OrderBy(scope => scope.Key, StringComparer.Ordinal).Select(scope =>
        {
            var oldest = scope.OrderBy(pause => pause.Since).ThenBy(pause => pause.Cause, StringComparer.Ordinal).First();
            return new SendingHold(scope.Key, oldest.Reason, oldest.Since, oldest.By, scope.Count() == 1 ? oldest.Probe : null);
        }),
    ];

    public static Operations Apply(Operations operations, RecordedEvent recorded)
    {
        var next = (IOperationsEvent)recorded.Data switch
        {
            SendingPaused e => With(operations, e, recorded),
            SendingProbeAllowed e => Change(operations, e.Pause, pause => pause with { Probe = e.Work, ProbeAt = recorded.Timestamp, TryAgainAt = null }),
            SendingProbeFailed e => Change(operations, e.Pause, pause => pause with
            {
                Probe = null,
                ProbeAt = null,
                CoolingSeconds = e.CoolingSeconds,
                TryAgainAt = e.TryAgainAt,
                FailedProbes = pause.FailedProbes + 1,
                LastError = e.Error,
            }),
            SendingResumed e => operations with { Pauses = operations.Pauses.RemoveAll(pause => pause.Id == e.Pause) },
            OperationsAlertRequested or OperationsAlertSent or OperationsAlertFailed => operations,
            _ => throw new UnreachableException($"{recorded.Type} is no fact of a business's operations"),
        };
        return next with
        {
            Id = recorded.Stream.Id,
            Business = recorded.Stream.Tenant,
            Head = recorded.Hash,
            Version = recorded.Version,
        };
    }

    private static Operations With(Operations operations, SendingPaused e, RecordedEvent recorded) => operations with
    {
        Pauses = operations.Pauses.RemoveAll(pause => pause.Id == e.Pause).Add(new Pause
        {
            Id = e.Pause,
            Scope = e.Scope,
            Cause = e.Cause,
            Reason = e.Reason,
            Code = e.Code,
            Since = operations.Find(e.Pause)?.Since ?? recorded.Timestamp,
            By = e.By,
            NeedsPerson = e.NeedsPerson,
            CoolingSeconds = e.CoolingSeconds,
            TryAgainAt = e.TryAgainAt,
        }),
    };

    private static Operations Change(Operations operations, Guid id, Func<Pause, Pause> change) =>
        operations with { Pauses = [.. operations.Pauses.Select(pause => pause.Id == id ? change(pause) : pause)] };
}
