using System.Globalization;
using LeadLedger.Benchmarks.Floor;
using LeadLedger.Benchmarks.Load;
using LeadLedger.Benchmarks.Processes;
using LeadLedger.Postgres;
using Npgsql;

namespace LeadLedger.Benchmarks;

/// <summary>
/// Signed missed-call webhooks against the service and a durable private PostgreSQL (fsync on), and in the same run the floor: the same rows written by
/// pgbench, in separate statements and as one server-side function.
/// </summary>
public static class IntakeBenchmark
{
    private static readonly int[] Connections = [1, 8, 32, 64];
    private const int HotLeads = 1000;

    public static async Task RunAsync(int seconds)
    {
        Console.WriteLine($"Intake: signed missed-call webhooks, {seconds} s a row, {Environment.ProcessorCount} cores shared by client, service and PostgreSQL (fsync on)");
        var folder = Directory.CreateTempSubdirectory("leadledger-bench-").FullName;
        await using var server = await EmbeddedPostgres.StartAsync(new EmbeddedPostgresOptions { DataFolder = folder, MaxConnections = 100 }, default);
        try
        {
            Console.WriteLine("dispatch  leads  connections  requests/s   p50 ms   p99 ms  failed  service CPU  database CPU  service MB   separate/s  ratio  function/s  ratio");
            foreach (var dispatch in new[] { false, true })
            {
                foreach (var hot in new[] { false, true })
                {
                    await RunAsync(server, folder, dispatch, hot, seconds);
                }
            }
        }
        finally
        {
            await server.DisposeAsync();
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task RunAsync(EmbeddedPostgres server, string folder, bool dispatch, bool hot, int seconds)
    {
        var name = $"bench_{(dispatch ? "dispatch" : "intake")}_{(hot ? "hot" : "new")}";
        await CreateAsync(server, name);
        var connectionString = server.ConnectionStringFor(name);
        await using var database = NpgsqlDataSource.Create(connectionString);
        using var service = await ServiceProcess.StartAsync(connectionString, Path.Combine(folder, name), dispatch);
        var calls = new SignedCalls(service.PublicBase, ServiceProcess.AccountSid, ServiceProcess.AuthToken, "aaaaaaaaaaaa");
        await LoadClient.RunAsync(service.Port, 8, 2, n => calls.Request(n, HotLeads));
        if (hot)
        {
            await LoadClient.RunAsync(service.Port, 8, 1, n => calls.Request(n + 5_000_000, HotLeads));
        }

        var causation = await LastDeliveryAsync(database);
        var floor = await FloorScript.OfAsync(database, causation, hot);
        await PrepareFloorAsync(database, floor, hot);
        long offset = 10_000_000;
        foreach (var connections in Connections)
        {
            var at = offset;
            var before = Usage.CpuByProcess("postgres");
            var serviceBefore = Usage.CpuSeconds(service.Id);
            var result = await LoadClient.RunAsync(
                service.Port, connections, seconds, n => calls.Request(n + at, hot ? HotLeads : 39_000_000));
            var serviceCpu = Usage.CpuSeconds(service.Id) - serviceBefore;
            var databaseCpu = Usage.CpuByProcess("postgres").Sum(p => p.Value - before.GetValueOrDefault(p.Key));
            offset += 10_000_000;
            var (separate, function) = dispatch || Pgbench.Path is null
                ? (0, 0)
                : (await Pgbench.RunAsync(connectionString, floor.Separate, connections, Math.Max(3, seconds / 2)),
                    await Pgbench.RunAsync(connectionString, FloorScript.CallFunction, connections, Math.Max(3, seconds / 2)));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{(dispatch ? "on" : "off"),-8}  {(hot ? "hot" : "new"),-5}  {connections,11}  {result.PerSecond,10:F0}  {result.Milliseconds(0.5),7:F1}  {result.Milliseconds(0.99),7:F1}  {result.Failures,6}  {serviceCpu / result.Seconds * 100,10:F0} %  {databaseCpu / result.Seconds * 100,11:F0} %  {Usage.Megabytes(service.Id),10:F0}  {separate,11:F0}  {(separate > 0 ? result.PerSecond / separate : 0),5:F2}  {function,10:F0}  {(function > 0 ? result.PerSecond / function : 0),5:F2}"));
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"          start to ready {service.Ready.TotalMilliseconds:F0} ms"));
    }

    private static async Task CreateAsync(EmbeddedPostgres server, string name)
    {
        await using var admin = NpgsqlDataSource.Create(server.ConnectionString);
        await using var command = admin.CreateCommand($"create database {name}");
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<string> LastDeliveryAsync(NpgsqlDataSource database)
    {
        await using var command = database.CreateCommand(
            "select causation_id from mt_events where type = 'call_missed' order by seq_id desc limit 1");
        return (string)(await command.ExecuteScalarAsync())!;
    }

    private static async Task PrepareFloorAsync(NpgsqlDataSource database, FloorScript floor, bool hot)
    {
        await using (var command = database.CreateCommand(floor.Function))
        {
            await command.ExecuteNonQueryAsync();
        }

        if (hot)
        {
            await FloorScript.PrepareHotAsync(database);
        }
    }
}
