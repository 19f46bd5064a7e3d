using System.Globalization;
using Npgsql;

namespace LeadLedger.Backup;

/// <summary>
/// Notices a database that was put back to an earlier state without a new timeline, such as a restored dump or a disk snapshot: it has
/// counted fewer starts than this data folder remembers.
/// </summary>
public static class StartCount
{
    private const string FileName = "ledger-starts";

    /// <summary>Counts this start, and closes sending when the database must be older than it was.</summary>
    public static async Task CountAsync(NpgsqlDataSource database, SendingLock sending, string dataFolder, CancellationToken cancellation)
    {
        var (ledger, starts) = await AddAsync(database, 1, cancellation);
        var path = Path.Combine(dataFolder, FileName);
        var known = Read(path);
        if (known.Ledger == ledger && known.Starts >= starts)
        {
            await sending.CloseAfterRestoreAsync(
                string.Create(CultureInfo.InvariantCulture,
                    $"The database went back to an earlier state (it has counted {starts} starts, this data folder has seen {known.Starts})."),
                "system", cancellation);
            (ledger, starts) = await AddAsync(database, known.Starts + 1 - starts, cancellation);
        }

        await WriteAsync(path, ledger, starts, cancellation);
    }

    private static async Task<(Guid Ledger, long Starts)> AddAsync(NpgsqlDataSource database, long starts, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("update server_seen set starts = starts + $1 returning ledger_id, starts");
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = starts });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        await reader.ReadAsync(cancellation);
        return (reader.GetGuid(0), reader.GetInt64(1));
    }

    private static (Guid Ledger, long Starts) Read(string path) =>
        File.Exists(path) && File.ReadAllText(path).Trim().Split(' ') is [var id, var count]
        && Guid.TryParse(id, out var ledger) && long.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var starts)
            ? (ledger, starts)
            : default;

    private static Task WriteAsync(string path, Guid ledger, long starts, CancellationToken cancellation)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        return File.WriteAllTextAsync(path, string.Create(CultureInfo.InvariantCulture, $"{ledger} {starts}\n"), cancellation);
    }
}
