namespace LeadLedger.Intake;

/// <summary>
/// One form post in our words, whatever built the form. Texts are storable and cut to sane lengths; phone and mailbox
/// are still as the visitor wrote them. The raw body is kept beside it by the receiver.
/// </summary>
public sealed record FormSubmission
{
    public required string FormId { get; init; }

    public required string FormVersion { get; init; }

    /// <summary>
    /// The sender's id of this submission, or the content hash in its place; the key against duplicates.
    /// </summary>
    public required string SubmissionId { get; init; }

    /// <summary>No id was sent: equal content counts as a duplicate for a while only (ING-37).</summary>
    public required bool SubmissionIdIsHash { get; init; }

    /// <summary>
    /// SHA-256 over what the visitor said, lower-case hex; equal for two equal submissions of this form.
    /// </summary>
    public required string ContentHash { get; init; }

    public string? Name { get; init; }

    public string? FirstName { get; init; }

    public string? LastName { get; init; }

    public string? PhoneRaw { get; init; }

    public string? EmailRaw { get; init; }

    public string? Company { get; init; }

    public string? Role { get; init; }

    public string? Message { get; init; }

    public string? Service { get; init; }

    public string? Budget { get; init; }

    public string? Deadline { get; init; }

    public string? PreferredTime { get; init; }

    public string? WidgetId { get; init; }

    public string? SourceUrl { get; init; }

    public string? Referrer { get; init; }

    public string? LandingUrl { get; init; }

    public Campaign Campaign { get; init; } = new();

    /// <summary>Only where the form captures network evidence (NRM-09).</summary>
    public string? UserAgent { get; init; }

    /// <summary>Only where the form captures network evidence (NRM-09).</summary>
    public string? Device { get; init; }

    public string? Locale { get; init; }

    /// <summary>Null where the form has no consent box.</summary>
    public ConsentEvidence? Consent { get; init; }

    public SubmissionTime? SubmittedAt { get; init; }

    /// <summary>Fields we have no word for, in their order: at most 50 of at most 500 characters.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Extra { get; init; } = [];

    /// <summary>What reading changed, see <see cref="PayloadNotes"/>.</summary>
    public IReadOnlyCollection<string> Notes { get; init; } = [];
}
