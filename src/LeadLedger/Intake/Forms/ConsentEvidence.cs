using System.Security.Cryptography;
using System.Text;
using LeadLedger.Businesses;

namespace LeadLedger.Intake;

/// <summary>
/// What proves that a visitor agreed (ING-32): the words beside the box, the box's value as sent, and what the words
/// cover. A box that the form draws already ticked never counts.
/// </summary>
public sealed record ConsentEvidence
{
    /// <summary>The box as received; null where nothing was sent for it, as browsers do for an empty box.</summary>
    public string? Raw { get; init; }

    /// <summary>The visitor ticked it; only a known positive value counts, anything doubtful does not.</summary>
    public required bool Ticked { get; init; }

    public required bool PreChecked { get; init; }

    /// <summary>The label word for word.</summary>
    public required string Text { get; init; }

    /// <summary>SHA-256 of the label's UTF-8, lower-case hex.</summary>
    public required string TextHash { get; init; }

    public required IReadOnlyList<string> Purposes { get; init; }

    /// <summary>SHA-256 of the privacy policy's version or address; null where the form names none.</summary>
    public string? PrivacyPolicyHash { get; init; }

    private static readonly string[] Positive =
        [
            "true", "on", "1", "yes", "y", "checked", "selected", "agree", "agreed", "accept", "accepted", "consent",
            "optin",
        ];

    private static readonly string[] PositiveOpenings = ["i agree", "i accept", "i consent", "yes,", "yes "];

    internal static ConsentEvidence Of(FormConsent consent, string? raw)
    {
        raw = raw is null ? null : SafeText.Line(raw, 1000);
        return new()
        {
            Raw = raw,
            Ticked = !consent.PreChecked && IsPositive(raw, consent.Text),
            PreChecked = consent.PreChecked,
            Text = consent.Text,
            TextHash = Hash(consent.Text),
            Purposes = consent.Purposes,
            PrivacyPolicyHash = consent.PrivacyPolicy is null ? null : Hash(consent.PrivacyPolicy),
        };
    }

    private static bool IsPositive(string? raw, string label)
    {
        if (string.IsNullOrEmpty(raw))
        {
            return false;
        }

        var text = raw.ToLowerInvariant();
        return Positive.Contains(text, StringComparer.Ordinal)
            || PositiveOpenings.Any(opening => text.StartsWith(opening, StringComparison.Ordinal))
            || string.Equals(raw, SafeText.Line(label, 1000), StringComparison.OrdinalIgnoreCase);
    }

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
