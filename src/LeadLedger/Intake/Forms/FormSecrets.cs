using LeadLedger.Businesses;

namespace LeadLedger.Intake;

/// <summary>Reveals the secrets of forms. For trying out, a secret that is not set yet may be stood in for by this installation's own.</summary>
/// <param name="trial">Stands in for <c>LEADLEDGER_FORM_SECRET</c> when that is not set; null when nothing may stand in.</param>
public sealed class FormSecrets(string? trial)
{
    public const string TrialVariable = "LEADLEDGER_FORM_SECRET";

    public IReadOnlyList<string> Of(FormAuthentication authentication) =>
        [.. new[] { Reveal(authentication.Secret), authentication.PreviousSecret?.Reveal() }.OfType<string>()];

    /// <summary>A secret's value, or the trial one where that may stand in.</summary>
    public string? Reveal(Secret? secret) =>
        secret?.Reveal() ?? (secret?.Env == TrialVariable ? trial : null);
}
