using LeadLedger.Businesses;

namespace LeadLedger.Intake;

/// <summary>Reveals the secrets of forms. For trying out, a secret that is not set yet may be stood in for by this installation's own.</summary>
/// <param name="trial">Stands in for the variables in <see cref="TrialVariables"/> that are not set; null when nothing may stand in.</param>
public sealed class FormSecrets(string? trial)
{
    /// <summary>The variables of the shipped example that can be tried out without being set.</summary>
    public static IReadOnlyList<string> TrialVariables { get; } = ["LEADLEDGER_FORM_SECRET", "LEADLEDGER_GHL_SECRET"];

    public IReadOnlyList<string> Of(FormAuthentication authentication) =>
        [.. new[] { Reveal(authentication.Secret), authentication.PreviousSecret?.Reveal() }.OfType<string>()];

    /// <summary>A secret's value, or the trial one where that may stand in.</summary>
    public string? Reveal(Secret? secret) =>
        secret?.Reveal() ?? (secret?.Env is { } variable && TrialVariables.Contains(variable) ? trial : null);
}
