namespace LeadLedger.Messaging;

/// <summary>The class fixes the basis a text needs (C-08).</summary>
public enum TemplateClass
{
    Transactional,
    Service,
    Marketing,
    ReviewRequest,
}

/// <summary>Who reads the text. Staff alerts need no consent, carry no opt-out line and may show what a lead wrote.</summary>
public enum TemplateAudience
{
    Lead,
    Staff,
}

/// <summary>What the text is for; the first value is the strictest, so a business's own template starts there.</summary>
public enum TemplateUse
{
    /// <summary>The first text after a call or form: must name the business (ACK-04).</summary>
    Acknowledgement,

    /// <summary>The first text to somebody the business already knows; refused in healthcare (C-24).</summary>
    PriorCustomer,

    /// <summary>Any later text of a conversation.</summary>
    FollowUp,

    /// <summary>The one text that confirms an opt-out.</summary>
    OptOutConfirmation,

    /// <summary>The answer to HELP.</summary>
    Help,

    /// <summary>An alert to the people of the business.</summary>
    Alert,
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

    public TemplateAudience Audience { get; init; } = TemplateAudience.Lead;

    public TemplateUse Use { get; init; } = TemplateUse.Acknowledgement;

    /// <summary>The renderer adds the opt-out line of the locale, unless the text says STOP itself.</summary>
    public bool OptOutLine { get; init; } = true;

    /// <summary>Typographic characters and accents that GSM-7 lacks are written in their plain form (C-15).</summary>
    public bool Transliterate { get; init; } = true;

    /// <summary>Sent only to people who asked to be texted, so that service details are allowed outside healthcare (CON-15).</summary>
    public bool OnlyWhenTextingRequested { get; init; }

    /// <summary>Who wrote it and when it took effect (GEN-04).</summary>
    public string Author { get; init; } = "LeadLedger";

    public string EffectiveFrom { get; init; } = "2026-11-20";
}
