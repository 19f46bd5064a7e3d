namespace LeadLedger.Intake.Spool;

/// <summary>
/// Whom texts wait for: any node that may keep an opt-out which is not in the ledger yet. A node lives when its row changes while we look, by a
/// clock that only counts; the database's says nothing reliable of two moments, because somebody may have set it between them.
/// </summary>
public sealed class NodeSight(SpoolTiming timing)
{
    private readonly Dictionary<Guid, Seen> _seen = [];
    private TimeSpan? _lookedAt;
    private DateTime _serverStarted;

    /// <summary>Judges one look.</summary>
    /// <param name="look">The other nodes as the database shows them.</param>
    /// <param name="at">When it was taken, by a clock that only counts.</param>
    /// <param name="isBack">The first look after this process was without its database.</param>
    /// <returns>The nodes to wait for, and those that are dead and need not be remembered.</returns>
    public (IReadOnlyList<NodeRow> Awaited, IReadOnlyList<NodeRow> Dead) Judge(NodeLook look, TimeSpan at, bool isBack)
    {
        var sinceLast = at - _lookedAt;

        // What was reported before an outage, or to the server before it was started again, says nothing of what was kept meanwhile.
        var isAnew = isBack || (_lookedAt is null ? look.Now - look.ServerStarted <= timing.Dead : look.ServerStarted != _serverStarted);
        var awaited = new List<NodeRow>();
        var dead = new List<NodeRow>();
        var seen = new Dictionary<Guid, Seen>();
        foreach (var node in look.Others)
        {
            var known = _seen.GetValueOrDefault(node.Id);
            var now = known is not null && known.Row == node ? known : new Seen(node, at - Age(look, node, sinceLast), MustReport: false);
            if (isAnew && !(_lookedAt is null && !isBack && node.LastSeen >= look.ServerStarted))
            {
                now = now with { Since = at, MustReport = true };
            }

            var silent = at - now.Since;
            if (silent > timing.Dead)
            {
                dead.Add(node);
                continue;
            }

            seen[node.Id] = now;
            if (now.MustReport || node.Depth > 0 || silent > timing.Stale)
            {
                awaited.Add(node);
            }
        }

        _seen.Clear();
        foreach (var (id, node) in seen)
        {
            _seen[id] = node;
        }

        (_lookedAt, _serverStarted) = (at, look.ServerStarted);
        return (awaited, dead);
    }

    /// <summary>
    /// How long ago a row that is new to us was written: as the database's clock tells, but no longer than since we last looked. Where that clock
    /// was set back it tells nothing, and we take the longest; before our first look, long enough to wait for the node's next report.
    /// </summary>
    private TimeSpan Age(NodeLook look, NodeRow node, TimeSpan? sinceLast)
    {
        var told = look.Now - node.LastSeen;
        return told < TimeSpan.Zero ? sinceLast ?? timing.Stale + TimeSpan.FromSeconds(1)
            : sinceLast is { } most && told > most ? most
            : told;
    }

    /// <summary>What was seen of one node.</summary>
    /// <param name="Row">As it was when it last changed.</param>
    /// <param name="Since">From when on it has been silent.</param>
    /// <param name="MustReport">Its row must change before it counts.</param>
    private sealed record Seen(NodeRow Row, TimeSpan Since, bool MustReport);
}
