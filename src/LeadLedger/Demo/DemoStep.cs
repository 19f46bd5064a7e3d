using NodaTime;

namespace LeadLedger.Demo;

/// <summary>One thing that happens in the demo's history.</summary>
/// <param name="At">When.</param>
/// <param name="Chapter">Which part of the history it belongs to, for the progress shown.</param>
/// <param name="What">In words, the same for the same seed.</param>
/// <param name="Act">Brings it about.</param>
internal sealed record DemoStep(Instant At, string Chapter, string What, Func<DemoStage, Task> Act);

/// <summary>Somebody who calls, writes or fills in the form.</summary>
/// <param name="Name">First and last name.</param>
/// <param name="Phone">E.164, of the numbers kept for fiction; "anonymous" where it is withheld.</param>
/// <param name="CallerName">As the carrier shows it; null where it shows none.</param>
internal sealed record DemoPerson(string Name, string Phone, string? CallerName)
{
    public string Email => Name.ToLowerInvariant().Replace(' ', '.').Replace("'", "", StringComparison.Ordinal) + "@mail.example";
}
