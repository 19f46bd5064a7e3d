namespace LeadLedger.Faults.Loops;

/// <summary>A small history that passes some of the fail points.</summary>
/// <param name="Name">As the tables of results show it.</param>
/// <param name="TellAsync">Tells it of one person, and answers what it left.</param>
/// <param name="Role">What the processes do meanwhile.</param>
public sealed record Scenario(string Name, Func<LoopRig, Person, Task<Footprint>> TellAsync, ServiceRole Role)
{
    private static readonly ServiceRole Plain = new() { Dispatches = true };
    private static readonly Scenario Whole = new("a whole history", Story.TellAsync, Plain);
    private static readonly Scenario Lost = new("a worker is lost", LostWorkerStory.TellAsync, Plain);
    private static readonly Scenario Swept = new("a call only the list tells of", SweptStory.TellAsync, Plain);
    private static readonly Scenario Unknown = new("a text only the list tells of", UnknownStory.TellAsync, Plain with { SettleScale = 0.02 });
    private static readonly Scenario Paused = new("texts are paused", PausedStory.TellAsync, Plain with { BreakerFailures = 3 });

    /// <summary>The one that passes a fail point.</summary>
    public static Scenario Of(string point) => point switch
    {
        "outbox.recovering" => Lost,
        _ when point.StartsWith("sweep.", StringComparison.Ordinal) => Swept,
        _ when point.StartsWith("settle.", StringComparison.Ordinal) => Unknown,
        _ when point.StartsWith("pause.", StringComparison.Ordinal) => Paused,
        _ => Whole,
    };
}
