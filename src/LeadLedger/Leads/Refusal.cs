namespace LeadLedger.Leads;

/// <summary>Why a command changes nothing.</summary>
/// <param name="Status">400, 404, 409, 410 or 412.</param>
/// <param name="Slug">Stable name that a client can switch on.</param>
/// <param name="Detail">What is in the way and what would change it.</param>
/// <param name="Field">The field it is about, where it is one.</param>
public sealed record Refusal(int Status, string Slug, string Detail, string? Field = null)
{
    /// <summary>A field's value cannot be used.</summary>
    public static Refusal Field400(string field, string fix) => new(400, "bad-field", fix, field);
}

/// <summary>What a command comes to: facts to record (none when all is as asked already), or a refusal.</summary>
public sealed record CommandDecision
{
    public IReadOnlyList<ILeadEvent> Facts { get; private init; } = [];

    public Refusal? Refusal { get; private init; }

    /// <summary>Everything already is as the command asks.</summary>
    public static CommandDecision Nothing { get; } = new();

    public static CommandDecision Of(params IReadOnlyList<ILeadEvent> facts) => new() { Facts = facts };

    public static CommandDecision Refuse(int status, string slug, string detail) => new() { Refusal = new Refusal(status, slug, detail) };

    public static CommandDecision Wrong(string field, string fix) => new() { Refusal = Leads.Refusal.Field400(field, fix) };
}
