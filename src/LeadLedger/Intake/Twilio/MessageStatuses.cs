using System.Collections.Frozen;

namespace LeadLedger.Intake;

/// <summary>
/// Delivery states by rank. Callbacks arrive in any order, so a state is applied only over one of lower rank:
/// <c>sent</c> after <c>delivered</c> changes nothing. A failure outranks everything, so that even reports that contradict each other
/// end the same in every order, and on the side where a person calls.
/// </summary>
public static class MessageStatuses
{
    /// <summary>Rank of a spelling the table does not hold; it is stored and never applied.</summary>
    public const int UnknownRank = -1;

    private const int FinalRank = 4;
    private const int FailedRank = 6;

    private static readonly FrozenDictionary<string, int> Ranks = new Dictionary<string, int>
    {
        ["accepted"] = 0,
        ["scheduled"] = 0,
        ["queued"] = 1,
        ["sending"] = 2,
        ["sent"] = 3,
        ["delivered"] = FinalRank,
        ["partially_delivered"] = FinalRank,
        ["read"] = 5,
        ["undelivered"] = FailedRank,
        ["failed"] = FailedRank,
        ["canceled"] = FailedRank,
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    public static int Rank(string? status) =>
        status is not null && Ranks.TryGetValue(status, out var rank) ? rank : UnknownRank;

    /// <summary>Whether the text's fate is known; some routes never get past sent.</summary>
    public static bool IsFinal(string? status) => Rank(status) >= FinalRank;

    /// <summary>The text did not reach the phone.</summary>
    public static bool IsFailure(string? status) => Rank(status) == FailedRank;

    /// <summary>Whether a reported state replaces the known one; null stands for nothing known yet.</summary>
    public static bool Replaces(string? known, string? reported) =>
        Rank(reported) != UnknownRank && Rank(reported) > Rank(known);
}
