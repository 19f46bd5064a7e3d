namespace LeadLedger.Intake;

public enum GhlKind
{
    /// <summary>Neither a call nor a form can be recognised: kept and shown, nothing is sent.</summary>
    Unknown,
    MissedCall,

    /// <summary>A call that somebody answered.</summary>
    AnsweredCall,

    /// <summary>A GoHighLevel form or survey; qualified like any other form (ING-17).</summary>
    Form,
}

/// <summary>
/// A GoHighLevel webhook in our words: the agreed two-field form, a workflow's webhook, an app event or a call log.
/// </summary>
public sealed record GhlDelivery
{
    public required GhlKind Kind { get; init; }

    /// <summary>
    /// Key against duplicates: the event's own id where there is one, otherwise a hash of what identifies it.
    /// </summary>
    public required string IdempotencyKey { get; init; }

    /// <summary>
    /// The key is a hash with the minute of the event, or of its arrival where the event names no time; a retry in a
    /// later minute then comes through as new, which is better than losing a second call.
    /// </summary>
    public required bool KeyIsDerived { get; init; }

    /// <summary>The caller's or visitor's number as written.</summary>
    public string? PhoneRaw { get; init; }

    public string? Name { get; init; }

    public string? FirstName { get; init; }

    public string? LastName { get; init; }

    public string? EmailRaw { get; init; }

    public string? Message { get; init; }

    /// <summary>The line called, where the payload names it.</summary>
    public string? To { get; init; }

    public string? StatusText { get; init; }

    public CallStatus Status { get; init; }

    /// <summary>The caller left a voicemail, as far as the payload says.</summary>
    public bool Voicemail { get; init; }

    /// <summary>Seconds; null where not given.</summary>
    public int? Duration { get; init; }

    public string? CallSid { get; init; }

    public string? ContactId { get; init; }

    public string? LocationId { get; init; }

    public string? WorkflowId { get; init; }

    public string? WorkflowName { get; init; }

    public string? FormName { get; init; }

    /// <summary>When it happened, by the payload; never the contact's creation date.</summary>
    public SubmissionTime? OccurredAt { get; init; }

    /// <summary>
    /// Fields that must be put right before this is a call or a form (ING-15); empty when all is there.
    /// </summary>
    public IReadOnlyList<FieldProblem> Problems { get; init; } = [];
}
