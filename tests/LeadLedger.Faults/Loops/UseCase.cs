using LeadLedger.Faults.Twin;

namespace LeadLedger.Faults.Loops;

/// <summary>One thing the service does for a person, from the outside.</summary>
/// <param name="Name">As the tables of results show it.</param>
/// <param name="Act">What is cut: a webhook or a command, delivered until it is taken.</param>
public sealed record UseCase(string Name, Func<LoopRig, Person, Task> Act)
{
    /// <summary>What happened before, undisturbed.</summary>
    public Func<LoopRig, Person, Task> Prepare { get; init; } = static (_, _) => Task.CompletedTask;

    /// <summary>Everybody whose records it touches.</summary>
    public Func<Person, IReadOnlyList<Person>> People { get; init; } = static person => [person];

    /// <summary>Whether work falls due that must be finished before the result is looked at.</summary>
    public bool Dispatches { get; init; }

    /// <summary>
    /// On a warm connection counting starts with the first message that holds these words; null starts at once. On a fresh one it always starts at
    /// once, so that the handshake is met.
    /// </summary>
    public string? CountFrom { get; init; }

    /// <summary>How the provider behaves meanwhile.</summary>
    public TwinPlan Plan { get; init; } = LoopRig.Healthy;

    /// <summary>
    /// Compares what is there with what an undisturbed run left. Where a text was on its way its outcome may honestly be unknown; everything else is
    /// the same to the letter.
    /// </summary>
    public Func<Footprint, Footprint, IEnumerable<string>> Judge { get; init; } = Footprint.Differences;

    public override string ToString() => Name;
}
