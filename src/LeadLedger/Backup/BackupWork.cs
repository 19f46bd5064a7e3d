using NodaTime;

namespace LeadLedger.Backup;

/// <summary>Backups of the ledger that the settings name: which server, which files.</summary>
/// <param name="Configured">ConnectionStrings__Ledger; null for the private server.</param>
/// <param name="DataFolder">LEADLEDGER_DATA.</param>
/// <param name="ConfigPath">LEADLEDGER_CONFIG; null for the shipped example.</param>
/// <param name="Clock">For the times in the record.</param>
/// <param name="Environment">Where the tools are looked for.</param>
public sealed record BackupWork(string? Configured, string DataFolder, string? ConfigPath, IClock Clock, Func<string, string?> Environment)
{
    /// <summary>The ledger that the environment names, as the service finds it.</summary>
    public static BackupWork Of(IConfiguration configuration, IClock clock) => new(
        configuration.GetConnectionString("Ledger"), Path.GetFullPath(configuration["LEADLEDGER_DATA"] ?? "data"), configuration["LEADLEDGER_CONFIG"],
        clock, System.Environment.GetEnvironmentVariable);

    /// <summary>Takes a base backup and keeps the newest ones.</summary>
    public async Task<(string Path, BackupRecord Record, int Removed)> TakeAsync(
        ServerIdentity server, string ledger, string to, int? keep, Action<string> progress, CancellationToken cancellation)
    {
        RefuseInside(to);
        var tools = await BackupTools.FindAsync(server.Major, Environment, cancellation);
        var folder = BackupFolder.Claim(to, server);
        var (path, record) = await new BaseBackup(tools, Clock, progress).TakeAsync(server, folder, ledger, DataFolder, ConfigPath, cancellation);
        return (path, record, keep is { } newest ? folder.Keep(newest) : 0);
    }

    /// <summary>Follows the log until it is cancelled.</summary>
    public Task FollowAsync(string to, Action<string> progress, CancellationToken cancellation)
    {
        RefuseInside(to);
        return new WalFollower(
            stop => ServerIdentity.TryFindAsync(Configured, DataFolder, stop),
            async (server, _, stop) =>
            {
                var (path, _, _) = await TakeAsync(server, LedgerOf(server), to, null, progress, stop);
                progress($"Base backup {Path.GetFileName(path)} is complete and verified.");
            },
            to, Environment, progress).RunAsync(cancellation);
    }

    /// <summary>The ledger's own database on that server.</summary>
    public string LedgerOf(ServerIdentity server) => Configured ?? Postgres.RunningServer.ServiceOn(server.ConnectionString);

    private void RefuseInside(string to)
    {
        var below = Path.GetRelativePath(DataFolder, Path.GetFullPath(to));
        if (below == "." || (!below.StartsWith("..", StringComparison.Ordinal) && !Path.IsPathRooted(below)))
        {
            throw new BackupException($"{Path.GetFullPath(to)} lies in the data folder {DataFolder} and would be lost with it; name a folder on another disk.");
        }
    }
}

/// <summary>Starts following with the service.</summary>
public static class BackupServices
{
    public static void AddWalFollowing(this IServiceCollection services, Hosting.ServiceSettings settings)
    {
        if (settings.WalTo is { } folder)
        {
            services.AddHostedService(provider => new WalFollowing(
                new BackupWork(
                    settings.ConnectionString, settings.DataFolder, settings.ConfigPath, provider.GetRequiredService<IClock>(),
                    Environment.GetEnvironmentVariable),
                folder, provider.GetRequiredService<ILogger<WalFollowing>>()));
        }
    }
}
