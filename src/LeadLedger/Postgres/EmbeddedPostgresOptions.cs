namespace LeadLedger.Postgres;

/// <summary>What a private PostgreSQL needs to know before it starts; every default is the safe one.</summary>
public sealed record EmbeddedPostgresOptions
{
    /// <summary>The service's data folder; the cluster lives in <c>postgres</c> below it.</summary>
    public required string DataFolder { get; init; }

    /// <summary>False turns fsync off, for tests that throw the cluster away; a power cut then costs all data.</summary>
    public bool Durable { get; init; } = true;

    /// <summary>Stops the server when this process is killed (Unix only; elsewhere the next start takes it over).</summary>
    public bool Watchdog { get; init; } = true;

    /// <summary>A folder with <c>initdb</c>, <c>pg_ctl</c> and <c>postgres</c>; goes before LEADLEDGER_POSTGRES_BIN.</summary>
    public string? BinariesFolder { get; init; }

    /// <summary>Receives one plain sentence for each step that takes a noticeable time.</summary>
    public Action<string>? Progress { get; init; }

    /// <summary>PostgreSQL's own cache, in megabytes; the operating system's cache comes on top.</summary>
    public int SharedBuffersMegabytes { get; init; } = 128;

    /// <summary>Connections the server accepts; the connection string's pool stays ten below it.</summary>
    public int MaxConnections { get; init; } = 50;

    /// <summary>Where binaries are looked for; null means the usual places of this machine.</summary>
    internal BinaryPlaces? Places { get; init; }
}
