using System.Reflection;
using Npgsql;

namespace LeadLedger.EventStore.Schema;

/// <summary>Runs each embedded script once, in the order of its number, under a lock; forward only.</summary>
public static class Migrator
{
    // Any number will do, as long as every process takes the same: "leadledg" in ASCII.
    private const long LockKey = 0x6c6561646c656467;

    /// <summary>Brings the database up to the scripts of these assemblies.</summary>
    /// <returns>The names of the scripts that ran now.</returns>
    public static async Task<IReadOnlyList<string>> MigrateAsync(
        NpgsqlDataSource database, IReadOnlyList<Assembly> assemblies, CancellationToken cancellation = default)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await ExecuteAsync(connection, $"select pg_advisory_xact_lock({LockKey})", cancellation);
        await ExecuteAsync(
            connection,
            "create table if not exists schema_script (name varchar primary key, ran_at timestamptz not null default now())",
            cancellation);
        var known = await NamesAsync(connection, cancellation);
        var ran = new List<string>();
        foreach (var (name, sql) in Scripts(assemblies).Where(script => !known.Contains(script.Name)))
        {
            await ExecuteAsync(connection, sql, cancellation);
            await using var record = new NpgsqlCommand("insert into schema_script (name) values ($1)", connection);
            record.Parameters.Add(new NpgsqlParameter<string> { TypedValue = name });
            await record.ExecuteNonQueryAsync(cancellation);
            ran.Add(name);
        }

        await transaction.CommitAsync(cancellation);
        return ran;
    }

    /// <summary>Scripts that ran on this database and that these assemblies do not know: a newer program was here.</summary>
    public static async Task<IReadOnlyList<string>> NewerScriptsAsync(
        NpgsqlConnection connection, IReadOnlyList<Assembly> assemblies, CancellationToken cancellation = default)
    {
        await using var exists = new NpgsqlCommand("select to_regclass('schema_script') is not null", connection);
        if (await exists.ExecuteScalarAsync(cancellation) is not true)
        {
            return [];
        }

        var known = Scripts(assemblies).Select(script => script.Name);
        return [.. (await NamesAsync(connection, cancellation)).Except(known).Order(StringComparer.Ordinal)];
    }

    private static IEnumerable<(string Name, string Sql)> Scripts(IReadOnlyList<Assembly> assemblies) =>
        assemblies
            .SelectMany(assembly => assembly.GetManifestResourceNames()
                .Where(resource => resource.EndsWith(".sql", StringComparison.Ordinal))
                .Select(resource => (Name: FileName(resource), Assembly: assembly, Resource: resource)))
            .OrderBy(script => script.Name, StringComparer.Ordinal)
            .Select(script => (script.Name, Read(script.Assembly, script.Resource)));

    private static string FileName(string resource)
    {
        var stem = resource[..^".sql".Length];
        return stem[(stem.LastIndexOf('.') + 1)..];
    }

    private static string Read(Assembly assembly, string resource)
    {
        using var stream = assembly.GetManifestResourceStream(resource)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    private static async Task<HashSet<string>> NamesAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        await using var command = new NpgsqlCommand("select name from schema_script", connection);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            names.Add(reader.GetString(0));
        }

        return names;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        // An index over a large table takes as long as it takes.
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
