namespace LeadLedger.Benchmarks.Pages;

/// <summary>What to measure, on how many leads, and where the filled ledger is kept.</summary>
public sealed record PagesPlan
{
    /// <summary>Leads that are there before anything is measured; each is about eleven events.</summary>
    public int Leads { get; init; } = 100_000;

    /// <summary>Requests to each page on one connection.</summary>
    public int Requests { get; init; } = 100;

    /// <summary>Searches of each sort.</summary>
    public int Searches { get; init; } = 60;

    /// <summary>Calls whose way to an open page is timed.</summary>
    public int Changes { get; init; } = 100;

    /// <summary>Seconds of each stretch of ingestion.</summary>
    public int IngestionSeconds { get; init; } = 12;

    /// <summary>Pages that are open at once.</summary>
    public int OpenPages { get; init; } = 200;

    /// <summary>A folder in which the filled ledger stays for the next run; null throws it away.</summary>
    public string? Keep { get; init; }

    public IReadOnlySet<string> Parts { get; init; } = new HashSet<string>(StringComparer.Ordinal) { "pages", "search", "live", "ingestion" };

    public static PagesPlan Of(IReadOnlyList<string> args)
    {
        var plan = args.Contains("quick")
            ? new PagesPlan { Leads = 5_000, Requests = 20, Searches = 20, Changes = 15, IngestionSeconds = 4 }
            : new PagesPlan();
        var parts = Value(args, "parts=");
        return plan with
        {
            Keep = Value(args, "keep="),
            Parts = parts is null ? plan.Parts : parts.Split(',').ToHashSet(StringComparer.Ordinal),
        };
    }

    private static string? Value(IEnumerable<string> args, string name) =>
        args.FirstOrDefault(arg => arg.StartsWith(name, StringComparison.Ordinal))?[name.Length..];
}
