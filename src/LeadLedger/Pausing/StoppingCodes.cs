using System.Collections.Frozen;

namespace LeadLedger.Pausing;

/// <summary>
/// The phone provider's codes that concern the sender and not one recipient (contracts 2.5): nothing more leaves until a person has put
/// something right, and this is what.
/// </summary>
public static class StoppingCodes
{
    private static readonly FrozenDictionary<string, string> Remedies = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["20003"] = "Check the account SID and the auth token in the phone provider's console and in the settings.",
        ["20005"] = "The account is closed: ask the phone provider.",
        ["21603"] = "Check the numbers of the lines in the business file.",
        ["21606"] = "The number cannot send texts: check it in the phone provider's console.",
        ["30002"] = "The account is suspended: ask the phone provider.",
        ["30007"] = "Carriers filter these texts as unwanted: read them, and ask the phone provider why.",
        ["30034"] = "Register the number for texting (A2P 10DLC) in the phone provider's console.",
        ["30450"] = "The phone provider suspects abuse: look at who was texted, and clear it in the provider's console.",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Whether sending stops until a person resumes it.</summary>
    public static bool Contains(string? code) => code is not null && Remedies.ContainsKey(code);

    /// <summary>What a person has to put right.</summary>
    public static string Remedy(string? code) =>
        code is not null && Remedies.TryGetValue(code, out var remedy) ? remedy : "Put right what the provider names.";
}
