namespace LeadLedger.Intake.Spool;

/// <summary>What a process on the same database last said of itself, in the database's time.</summary>
/// <param name="Id">Made at its start.</param>
/// <param name="LastSeen">When it said so.</param>
/// <param name="Depth">Webhooks it kept then.</param>
public sealed record NodeRow(Guid Id, DateTime LastSeen, long Depth);

/// <summary>What one look at the other nodes showed.</summary>
/// <param name="Others">The other nodes.</param>
/// <param name="Now">The database's time.</param>
/// <param name="ServerStarted">When the database server started.</param>
/// <param name="Holding">Texts are held on account of a spool.</param>
public sealed record NodeLook(IReadOnlyList<NodeRow> Others, DateTime Now, DateTime ServerStarted, bool Holding);
