namespace LeadLedger.Messaging;

/// <summary>The class fixes the basis a text needs (C-08).</summary>
public enum TemplateClass
{
    Transactional,
    Service,
    Marketing,
    ReviewRequest,
}

/// <summary>A message text with variables in double braces, such as <c>{{business_name}}</c>; logic-less on purpose.</summary>
public sealed record Template
{
    public required string Id { get; init; }

    public required int Version { get; init; }

    public required TemplateClass Class { get; init; }

    public string Locale { get; init; } = "en";

    public required string Text { get; init; }

    /// <summary>Used when a variable of <see cref="Text"/> that may be missing is missing (NRM-15).</summary>
    public string? NamelessText { get; init; }

    public bool Enabled { get; init; } = true;

    /// <summary>Most segments at worst-case variables (C-15).</summary>
    public int MaxSegments { get; init; } = 1;

    /// <summary>Who wrote it and when it took effect (GEN-04).</summary>
    public string Author { get; init; } = "LeadLedger";

    public string EffectiveFrom { get; init; } = "2026-11-20";
}
