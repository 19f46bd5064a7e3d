using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Npgsql;

namespace LeadLedger.Benchmarks.Floor;

/// <summary>Runs pgbench, PostgreSQL's own load tool, where it is installed.</summary>
public static partial class Pgbench
{
    public static string? Path { get; } = new[] { "pgbench" }
        .Concat(Directory.Exists("/usr/lib/postgresql") ? Directory.GetDirectories("/usr/lib/postgresql").Select(d => $"{d}/bin/pgbench") : [])
        .Select(Find).FirstOrDefault(found => found is not null);

    /// <summary>Transactions a second.</summary>
    public static async Task<double> RunAsync(string connectionString, string script, int clients, int seconds)
    {
        var connection = new NpgsqlConnectionStringBuilder(connectionString);
        var file = System.IO.Path.GetTempFileName();
        await File.WriteAllTextAsync(file, script);
        try
        {
            var start = new ProcessStartInfo(Path!)
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                ArgumentList =
                {
                    "-n", "-M", "prepared", "-c", clients.ToString(CultureInfo.InvariantCulture), "-j", "1", "-T",
                    seconds.ToString(CultureInfo.InvariantCulture), "-f", file, "-h", connection.Host!, "-p",
                    connection.Port.ToString(CultureInfo.InvariantCulture), "-U", connection.Username!, connection.Database!,
                },
            };
            start.Environment["PGPASSWORD"] = connection.Password;
            using var process = Process.Start(start)!;
            var error = process.StandardError.ReadToEndAsync();
            var output = await process.StandardOutput.ReadToEndAsync();
            await process.WaitForExitAsync();
            var tps = Tps().Match(output);
            return tps.Success
                ? double.Parse(tps.Groups[1].Value, CultureInfo.InvariantCulture)
                : throw new InvalidOperationException($"pgbench failed: {await error}");
        }
        finally
        {
            File.Delete(file);
        }
    }

    [GeneratedRegex(@"tps = ([0-9.]+)")]
    private static partial Regex Tps();

    private static string? Find(string name) =>
        System.IO.Path.IsPathRooted(name)
            ? File.Exists(name) ? name : null
            : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(System.IO.Path.PathSeparator)
                .Select(folder => System.IO.Path.Combine(folder, name)).FirstOrDefault(File.Exists);
}
