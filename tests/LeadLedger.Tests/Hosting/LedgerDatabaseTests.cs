using System.Diagnostics;
using System.Globalization;
using LeadLedger.Hosting;
using LeadLedger.Intake.Spool;
using LeadLedger.Postgres;
using LeadLedger.Tests.Support;
using Microsoft.Extensions.Hosting.Internal;

namespace LeadLedger.Tests.Hosting;

public sealed class LedgerDatabaseTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Requirement", "I25")]
    public async Task A_private_server_that_was_killed_is_started_again_and_the_same_connections_work()
    {
        using var folder = new ScratchFolder();
        await using var database = await LedgerDatabase.OpenAsync(Settings(folder.Path, null), new HostingEnvironment { EnvironmentName = "Testing" }, SystemTime.Clock, _ => { }, Ct);
        Assert.True(database.IsOpen);
        Assert.True(await database.ReachAsync(Ct));

        var pidFile = Assert.Single(Directory.EnumerateFiles(folder.Path, "postmaster.pid", SearchOption.AllDirectories));
        using (var server = Process.GetProcessById(int.Parse(File.ReadLines(pidFile).First(), CultureInfo.InvariantCulture)))
        {
            server.Kill();
            await server.WaitForExitAsync(Ct);
        }

        // The first looks may come while the server's other processes still leave the folder.
        Assert.True(await Poll.UntilAsync(async () => await database.ReachAsync(Ct), TimeSpan.FromMinutes(1), Ct));
        await using var command = database.DataSource.CreateCommand("select count(*) from inbox");
        Assert.Equal(0L, await command.ExecuteScalarAsync(Ct));
    }

    [Fact]
    public async Task A_server_of_ones_own_that_is_away_is_no_reason_not_to_start()
    {
        using var folder = new ScratchFolder();
        var said = new List<string>();
        await using var database = await LedgerDatabase.OpenAsync(
            Settings(folder.Path, "Host=127.0.0.1;Port=1;Username=nobody;Database=none"), new HostingEnvironment { EnvironmentName = "Testing" }, SystemTime.Clock, said.Add, Ct);
        Assert.False(database.IsOpen);
        Assert.False(await database.ReachAsync(Ct));
        Assert.Contains("keeps webhooks", Assert.Single(said), StringComparison.Ordinal);
    }

    private static ServiceSettings Settings(string folder, string? connectionString) => new()
    {
        DataFolder = folder,
        ConnectionString = connectionString,
        PublicBase = TestApp.PublicBase,
        Businesses = [],
        TwilioApiBase = "http://127.0.0.1:1",
        Spool = new SpoolOptions(folder, Path.Combine(folder, "spool.key"), 1024 * 1024),
    };
}
