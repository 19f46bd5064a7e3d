namespace LeadLedger.Intake.Spool;

/// <summary>A segment that is no longer written, in the order of arrival.</summary>
/// <param name="Path">The file.</param>
/// <param name="Records">What the records say; null where one cannot be unsealed.</param>
public sealed record SpoolSegment(string Path, IReadOnlyList<byte[]?> Records);
