using LeadLedger.Leads;

namespace LeadLedger.Merging;

/// <summary>A person looked at a suggestion and says that these are two people. Both leads record it, so that neither proposes the other again.</summary>
/// <param name="Other">The lead that is somebody else.</param>
/// <param name="By">Who says so.</param>
/// <param name="Reason">Why.</param>
public sealed record MergeSuggestionRejected(Guid Other, string By, string? Reason) : ILeadEvent;
