namespace LeadLedger.Messaging;

/// <summary>How private a value is (CON-15).</summary>
public enum VariableClass
{
    /// <summary>Known to anybody: the business's name, hours, numbers and links.</summary>
    Public,

    /// <summary>Says who the lead is.</summary>
    Identity,

    /// <summary>Says what the lead wants or has: only for staff, or where the lead asked to be texted.</summary>
    ServiceDetail,
}

/// <summary>What the renderer does when a value is missing (NRM-15).</summary>
public enum WhenMissing
{
    /// <summary>The text makes no sense without it: the sentence is left out and the text is not sendable.</summary>
    Refuse,

    /// <summary>The nameless text is taken, or else the sentence or line is left out.</summary>
    OmitSentence,

    /// <summary>The words and the space before them are left out.</summary>
    OmitWords,

    /// <summary>The fallback words stand in.</summary>
    Fallback,
}

/// <summary>What happens to a value longer than its limit.</summary>
public enum WhenTooLong
{
    /// <summary>It is cut and ends in three dots.</summary>
    Cut,

    /// <summary>Half of it would be wrong, as of a link or a name: it counts as missing.</summary>
    Omit,
}

/// <summary>One variable that templates may use.</summary>
/// <param name="Name">Between the double braces.</param>
/// <param name="Meaning">For the person who writes templates.</param>
/// <param name="MaxLength">Most characters ever printed, so also the worst case for counting segments (C-15).</param>
/// <param name="Class">How private it is.</param>
/// <param name="WhenMissing">What is printed without it.</param>
/// <param name="WhenTooLong">What is printed when it is longer than <paramref name="MaxLength"/>.</param>
/// <param name="StaffOnly">Never shown to a lead.</param>
/// <param name="IsLink">A web address, so not allowed in a transactional text (CON-16).</param>
/// <param name="Fallback">English words for <see cref="WhenMissing.Fallback"/>.</param>
/// <param name="SpanishFallback">The same in Spanish.</param>
public sealed record TemplateVariable(
    string Name,
    string Meaning,
    int MaxLength,
    VariableClass Class = VariableClass.Public,
    WhenMissing WhenMissing = WhenMissing.Refuse,
    WhenTooLong WhenTooLong = WhenTooLong.Cut,
    bool StaffOnly = false,
    bool IsLink = false,
    string? Fallback = null,
    string? SpanishFallback = null)
{
    public bool MayBeMissing => WhenMissing != WhenMissing.Refuse;

    public string? FallbackIn(string locale) =>
        locale.StartsWith("es", StringComparison.Ordinal) ? SpanishFallback ?? Fallback : Fallback;
}
