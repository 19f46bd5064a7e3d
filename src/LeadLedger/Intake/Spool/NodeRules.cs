namespace LeadLedger.Intake.Spool;

/// <summary>Whom texts wait for: any node that may keep an opt-out which is not in the ledger yet.</summary>
public static class NodeRules
{
    /// <param name="look">The other nodes as the database shows them.</param>
    /// <param name="backSince">When this process got its database back, in the database's time; null when it never lost it.</param>
    /// <param name="lastBefore">The last report of this process before it lost its database; null when there was none.</param>
    /// <param name="timing">How long nodes are waited for.</param>
    /// <returns>The nodes to wait for, and those that are dead and need not be remembered.</returns>
    public static (IReadOnlyList<NodeRow> Awaited, IReadOnlyList<NodeRow> Dead) Judge(
        NodeLook look, DateTime? backSince, DateTime? lastBefore, SpoolTiming timing)
    {
        // A report from before the outage, or from before the server started, says nothing of what was kept meanwhile.
        var mustBeSince = backSince is { } back && back > look.ServerStarted ? back : look.ServerStarted;
        var awaited = new List<NodeRow>();
        var dead = new List<NodeRow>();
        foreach (var node in look.Others)
        {
            var age = look.Now - node.LastSeen;
            var isOld = node.LastSeen < mustBeSince;
            if (isOld && look.Now - mustBeSince <= timing.Dead && (lastBefore is null || node.LastSeen >= lastBefore - timing.Dead))
            {
                awaited.Add(node);
            }
            else if (age > timing.Dead)
            {
                dead.Add(node);
            }
            else if (node.Depth > 0 || age > timing.Stale)
            {
                awaited.Add(node);
            }
        }

        return (awaited, dead);
    }
}
