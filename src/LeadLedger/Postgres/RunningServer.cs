namespace LeadLedger.Postgres;

/// <summary>The private server of a data folder whose service is running, for the verbs that work beside it.</summary>
internal static class RunningServer
{
    // A verb reads with one connection for each core and a few more; the service has the rest.
    private const int PoolSize = 16;

    /// <summary>Whether this folder has a private database at all.</summary>
    public static bool HasCluster(string dataFolder) => File.Exists(Path.Combine(dataFolder, "postgres", "cluster", "PG_VERSION"));

    /// <summary>How to reach it; null when no service holds the folder, so that the caller may start the server itself.</summary>
    public static string? ConnectionString(string dataFolder)
    {
        if (!HasCluster(dataFolder) || !DataFolderLock.IsHeld(dataFolder))
        {
            return null;
        }

        var folder = new ClusterFolder(dataFolder);
        var server = PostmasterFile.Read(folder.PostmasterFile);
        return server is { IsReady: true } && PostmasterProcess.IsAlive(server)
            ? new ServerAccess(folder).ConnectionString(server.Port, ServerAccess.ServiceName, PoolSize)
            : null;
    }

    /// <summary>The same server, as the account that may copy it; both have the folder's password.</summary>
    public static string ForBackups(string connectionString) =>
        new Npgsql.NpgsqlConnectionStringBuilder(connectionString) { Username = ServerAccess.Superuser, Database = "postgres" }.ConnectionString;

    /// <summary>The service's database on a server that was reached for a backup.</summary>
    public static string ServiceOn(string connectionString) =>
        new Npgsql.NpgsqlConnectionStringBuilder(connectionString) { Username = ServerAccess.ServiceName, Database = ServerAccess.ServiceName }.ConnectionString;
}
