namespace LeadLedger.Consent;

/// <summary>What a person can agree to, each on its own (CON-05).</summary>
public static class ConsentPurposes
{
    public const string Email = "email";
    public const string Call = "call";

    public static IReadOnlyList<string> All { get; } =
        ["transactional_reply", "service_followup", "marketing", "review_request", Email, Call];

    public static IReadOnlyList<string> States { get; } = ["granted", "denied", "withdrawn"];

    /// <summary>Whether it is consent to texts, as opposed to mail or calls.</summary>
    public static bool IsForTexts(string purpose) => purpose is not (Email or Call);
}
