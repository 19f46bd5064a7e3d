namespace LeadLedger.Faults.Twin;

/// <summary>How the stand-in for the text provider answers one request.</summary>
public enum TwinMode
{
    /// <summary>201.</summary>
    Ok,

    /// <summary>Takes the text, then drops the connection.</summary>
    AcceptedThenDropped,

    /// <summary>Takes the text and never answers.</summary>
    AcceptedThenHangs,

    /// <summary>Reads the request, takes nothing, and never answers.</summary>
    Hangs,

    /// <summary>Reads the request, takes nothing, and drops the connection.</summary>
    Dropped,

    /// <summary>Takes the text and answers 500.</summary>
    AcceptedThen500,

    /// <summary>Takes nothing and answers 500.</summary>
    Refused500,

    /// <summary>429 with Retry-After.</summary>
    TooMany,

    /// <summary>Takes the text and answers 201 after <see cref="TwinPlan.SlowMs"/>.</summary>
    Slow,

    /// <summary>Takes the text; the answer is a success that is no JSON.</summary>
    Malformed,

    /// <summary>400 with <see cref="TwinPlan.RejectCode"/>.</summary>
    Rejected,
}

/// <summary>How the stand-in reports what became of a text it took.</summary>
public enum TwinCallback
{
    /// <summary>sent, then delivered.</summary>
    InOrder,
    Duplicated,

    /// <summary>delivered, then sent.</summary>
    Reordered,

    /// <summary>After <see cref="TwinPlan.LateMs"/>.</summary>
    Late,
    Never,
}

/// <summary>What the stand-in does from now on, drawn by seed for each request. The default is a healthy provider.</summary>
public sealed record TwinPlan
{
    public int Seed { get; init; } = 1;

    /// <summary>Weights of the modes; empty means <see cref="TwinMode.Ok"/>.</summary>
    public IReadOnlyDictionary<TwinMode, int> Modes { get; init; } = new Dictionary<TwinMode, int>();

    /// <summary>Weights of the callbacks; empty means <see cref="TwinCallback.InOrder"/>.</summary>
    public IReadOnlyDictionary<TwinCallback, int> Callbacks { get; init; } = new Dictionary<TwinCallback, int>();

    /// <summary>Only texts to this number get faults; null means all.</summary>
    public string? OnlyTo { get; init; }

    /// <summary>Services that status callbacks are sent to, in turn.</summary>
    public IReadOnlyList<string> Services { get; init; } = [];

    public int SlowMs { get; init; } = 500;

    /// <summary>How long a hanging answer hangs at most.</summary>
    public int HangMs { get; init; } = 30_000;

    public int CallbackMs { get; init; } = 200;

    public int LateMs { get; init; } = 5_000;

    /// <summary>A text appears in the list this long after it was taken.</summary>
    public int ListLagMs { get; init; }

    public int RejectCode { get; init; } = 21211;

    /// <summary>Of a hundred posts to the CRM, how many fail: half before, half after they were applied.</summary>
    public int CrmFailPercent { get; init; }
}
