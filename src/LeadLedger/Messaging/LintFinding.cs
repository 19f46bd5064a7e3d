namespace LeadLedger.Messaging;

public enum LintSeverity
{
    Warning,

    /// <summary>The template cannot be published or enabled.</summary>
    Error,
}

/// <summary>What is wrong with a template.</summary>
/// <param name="Rule">Stable name of the rule, such as time_promise.</param>
/// <param name="Severity">An error blocks publishing.</param>
/// <param name="Message">What is wrong and how to put it right.</param>
/// <param name="Excerpt">The words it is about.</param>
public sealed record LintFinding(string Rule, LintSeverity Severity, string Message, string? Excerpt = null);
