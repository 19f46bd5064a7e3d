using System.Text.Json.Serialization;
using NodaTime;

namespace LeadLedger.Pausing;

/// <summary>A pause in force, as folded from its facts.</summary>
public sealed record Pause
{
    public required Guid Id { get; init; }

    public required string Scope { get; init; }

    /// <summary>One of <see cref="PauseCauses"/>, or the scope whose pause brought this one about.</summary>
    public required string Cause { get; init; }

    public required string Reason { get; init; }

    public string? Code { get; init; }

    public required Instant Since { get; init; }

    public required string By { get; init; }

    public bool NeedsPerson { get; init; }

    /// <summary>How long it waits between probes now, seconds.</summary>
    public int CoolingSeconds { get; init; }

    /// <summary>When a probe may be made; null while none will be.</summary>
    public Instant? TryAgainAt { get; init; }

    /// <summary>The work item that may pass; null while nothing may.</summary>
    public Guid? Probe { get; init; }

    public Instant? ProbeAt { get; init; }

    public int FailedProbes { get; init; }

    /// <summary>What the last probe came to.</summary>
    public string? LastError { get; init; }

    /// <summary>It finds out by itself whether the way is clear.</summary>
    [JsonIgnore]
    public bool Probes => Cause == PauseCauses.Breaker && !NeedsPerson;

    /// <summary>Whether what leaves through a scope waits for this pause.</summary>
    public bool Covers(string scope) => scope == Scope || scope.StartsWith($"{Scope}:", StringComparison.Ordinal);
}

/// <summary>What brings a pause about, where it is not another pause.</summary>
public static class PauseCauses
{
    public const string Breaker = "breaker";
    public const string Staff = "staff";
}
