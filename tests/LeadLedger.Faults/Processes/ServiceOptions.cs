namespace LeadLedger.Faults.Processes;

/// <summary>How one process of the service is started.</summary>
public sealed record ServiceOptions
{
    /// <summary>LeadLedger.dll of the build under test.</summary>
    public required string Program { get; init; }

    /// <summary>The ledger; through a proxy where its connections are to be cut.</summary>
    public required string ConnectionString { get; init; }

    /// <summary>Folder of the business files.</summary>
    public required string Config { get; init; }

    /// <summary>This process's own data folder: keys and spool.</summary>
    public required string Data { get; init; }

    /// <summary>The same after every restart, so that callers find it again.</summary>
    public required int Port { get; init; }

    /// <summary>Where the stand-ins for providers listen.</summary>
    public required string TwinUrl { get; init; }

    public required string SmtpUrl { get; init; }

    /// <summary>More environment: fail points, planted defects, shorter leases.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Words before <c>dotnet</c>, such as <c>taskset -c 0</c>.</summary>
    public IReadOnlyList<string> Prefix { get; init; } = [];

    public TimeSpan StartLimit { get; init; } = TimeSpan.FromSeconds(40);

    /// <summary>Whether to wait for readiness (database and writer) or only until the process listens.</summary>
    public bool WaitUntilReady { get; init; } = true;

    /// <summary>The Faults build when it was made, else the Debug build.</summary>
    public static string FindProgram() => BuildOutput.Find("LeadLedger", "faults", "debug")
        ?? throw new InvalidOperationException("LeadLedger is not built. Run: dotnet build -c Faults src/LeadLedger");
}
