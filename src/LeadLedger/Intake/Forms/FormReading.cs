namespace LeadLedger.Intake;

/// <summary>What became of a form post at the edge.</summary>
public abstract record FormReading
{
    private FormReading()
    {
    }

    public sealed record Accepted(FormSubmission Submission) : FormReading;

    /// <summary>The visitor can put it right: answered 422 with every problem at once (ING-31).</summary>
    public sealed record Rejected(IReadOnlyList<FieldProblem> Problems) : FormReading;

    /// <summary>The trap field was filled: answered as if accepted, quarantined, no lead (SEC-02).</summary>
    public sealed record Honeypot(FormSubmission Submission) : FormReading;

    /// <summary>Authentic but not understandable: kept raw and quarantined (reliability I5).</summary>
    public sealed record Unreadable(string Reason) : FormReading;
}

/// <summary>One thing wrong with a submission.</summary>
/// <param name="Field">Our name of the field, see <see cref="FieldNames"/>.</param>
/// <param name="Problem">What is wrong, as a sentence.</param>
/// <param name="Fix">What to do, as a sentence.</param>
public sealed record FieldProblem(string Field, string Problem, string Fix);
