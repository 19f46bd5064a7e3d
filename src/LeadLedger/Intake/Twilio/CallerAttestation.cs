namespace LeadLedger.Intake;

/// <summary>
/// What the carrier vouches about a caller's number (STIR/SHAKEN, US only). A hint about spoofing, never the only
/// gate: https://www.twilio.com/docs/voice/trusted-calling-with-shakenstir.
/// </summary>
/// <param name="Letter">
/// A the caller may use the number, B the customer is known, C neither; null where not given.
/// </param>
/// <param name="Passed">Whether the validation passed; null where there was none.</param>
/// <param name="Diverted">The call was forwarded on its way.</param>
public sealed record CallerAttestation(char? Letter, bool? Passed, bool Diverted)
{
    private const string Validation = "TN-Validation-";
    private const string DivertedSuffix = "-Diverted";

    /// <summary>Reads StirVerstat; null where the parameter is absent or not in the documented form.</summary>
    public static CallerAttestation? Read(string? stirVerstat)
    {
        var text = stirVerstat.AsSpan().Trim();
        var diverted = text.EndsWith(DivertedSuffix, StringComparison.OrdinalIgnoreCase);
        text = diverted ? text[..^DivertedSuffix.Length] : text;
        if (text.Equals("No-TN-Validation", StringComparison.OrdinalIgnoreCase))
        {
            return new(null, null, diverted);
        }

        if (!text.StartsWith(Validation, StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        text = text[Validation.Length..];
        var passed = text.StartsWith("Passed", StringComparison.OrdinalIgnoreCase);
        if (!passed && !text.StartsWith("Failed", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        text = text["Passed".Length..];
        if (text.IsEmpty)
        {
            return new(null, passed, diverted);
        }

        var letter = text.Length == 2 && text[0] == '-' ? char.ToUpperInvariant(text[1]) : '\0';
        return letter is 'A' or 'B' or 'C' ? new(letter, passed, diverted) : null;
    }
}
