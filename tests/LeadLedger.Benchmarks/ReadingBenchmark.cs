using System.Diagnostics;
using System.Globalization;
using LeadLedger.Benchmarks.Load;
using LeadLedger.Benchmarks.Processes;
using LeadLedger.EventStore.Verification;
using LeadLedger.Leads;
using LeadLedger.Postgres;
using Npgsql;

namespace LeadLedger.Benchmarks;

/// <summary>
/// Queries against a ledger that the service has just written: lead by id, list of 50, the history of a lead with 1,000 events; then rebuild and
/// verify of the whole ledger, start-up time and memory.
/// </summary>
public static class ReadingBenchmark
{
    private const int HotCalls = 260;

    public static async Task RunAsync(int seconds)
    {
        var folder = Directory.CreateTempSubdirectory("leadledger-bench-").FullName;
        await using var server = await EmbeddedPostgres.StartAsync(new EmbeddedPostgresOptions { DataFolder = folder, MaxConnections = 100 }, default);
        try
        {
            await RunAsync(server, folder, seconds);
        }
        finally
        {
            await server.DisposeAsync();
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task RunAsync(EmbeddedPostgres server, string folder, int seconds)
    {
        var connectionString = server.ConnectionString;
        await using var database = NpgsqlDataSource.Create(connectionString);
        using var service = await ServiceProcess.StartAsync(connectionString, Path.Combine(folder, "service"), dispatch: false);
        Line("start to ready (warm database)", service.Ready.TotalMilliseconds, "ms");
        Line("service memory, idle", Usage.Megabytes(service.Id), "MB");
        var calls = new SignedCalls(service.PublicBase, ServiceProcess.AccountSid, ServiceProcess.AuthToken, "cccccccccccc");
        await LoadClient.RunAsync(service.Port, 32, seconds * 2, n => calls.Request(n, 39_000_000));
        var sent = 0L;
        await LoadClient.RunAsync(service.Port, 1, seconds, _ => calls.Request(900_000_000 + (Math.Min(Interlocked.Increment(ref sent), HotCalls) * 39_000_000), 39_000_000));
        var ids = await IdsAsync(database);
        var (busiest, events) = await BusiestAsync(database);
        byte[] Get(string path) => LoadClient.Http("GET", path, $"Authorization: Bearer {ServiceProcess.AdminKey}\r\n", "");
        foreach (var connections in new[] { 1, 16 })
        {
            await MeasureAsync($"lead by id, {connections} connections", service, connections, seconds, n => Get($"/api/leads/{ids[(int)(n % ids.Count)]}"));
            await MeasureAsync($"list of 50, {connections} connections", service, connections, seconds, _ => Get("/api/leads?limit=50"));
            await MeasureAsync($"200 of {events} events of history, {connections} connections", service, connections, seconds, _ => Get($"/api/leads/{busiest}/history?limit=200"));
        }

        Line("service memory, after the run", Usage.Megabytes(service.Id), "MB");
        await RecomputeAsync(database);
    }

    private static async Task MeasureAsync(string name, ServiceProcess service, int connections, int seconds, Func<long, byte[]> request)
    {
        await LoadClient.RunAsync(service.Port, connections, 1, request);
        var result = await LoadClient.RunAsync(service.Port, connections, seconds, request);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{name,-44} {result.PerSecond,10:F0} /s   p50 {result.Milliseconds(0.5):F2} ms   p99 {result.Milliseconds(0.99):F2} ms   failed {result.Failures}"));
    }

    private static async Task RecomputeAsync(NpgsqlDataSource database)
    {
        await using var count = database.CreateCommand("select count(*) from mt_events");
        var events = (long)(await count.ExecuteScalarAsync())!;
        foreach (var run in new[] { "cold", "warm" })
        {
            var watch = Stopwatch.StartNew();
            var report = await new LedgerVerifier(database, LeadStreams.Model).VerifyAsync(VerificationScope.Everything, null, default);
            Line($"verify, {events} events, {report.Problems.Count} problems, {run}", events / watch.Elapsed.TotalSeconds, "events/s");
            watch.Restart();
            await new Rebuilder(database, LeadStreams.Model).RebuildAsync(null, default);
            Line($"rebuild, {events} events, {run}", events / watch.Elapsed.TotalSeconds, "events/s");
        }
    }

    private static async Task<List<Guid>> IdsAsync(NpgsqlDataSource database)
    {
        await using var command = database.CreateCommand("select id from mt_doc_leadview limit 5000");
        await using var reader = await command.ExecuteReaderAsync();
        var ids = new List<Guid>();
        while (await reader.ReadAsync())
        {
            ids.Add(reader.GetGuid(0));
        }

        return ids;
    }

    private static async Task<(Guid Id, long Events)> BusiestAsync(NpgsqlDataSource database)
    {
        await using var command = database.CreateCommand("select id, mt_version from mt_doc_leadview order by mt_version desc limit 1");
        await using var reader = await command.ExecuteReaderAsync();
        await reader.ReadAsync();
        return (reader.GetGuid(0), reader.GetInt64(1));
    }

    private static void Line(string name, double value, string unit) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-44} {value,10:F0} {unit}"));
}
