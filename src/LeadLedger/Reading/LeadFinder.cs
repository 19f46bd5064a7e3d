using LeadLedger.EventStore;
using LeadLedger.Hosting;
using Npgsql;

namespace LeadLedger.Reading;

/// <summary>Finds leads among the businesses in sight. What a key does not see does not exist for it.</summary>
public sealed class LeadFinder(NpgsqlDataSource database)
{
    private const int LongestChain = 20;

    private const string DocumentSql =
        "select d.tenant_id, d.data::text from mt_doc_leadview d where d.tenant_id = any($1) and d.id = $2";

    private const string MergedSql =
        "select d.data ->> 'mergedInto' from mt_doc_leadview d where d.tenant_id = any($1) and d.id = $2";

    private const string TaskSql =
        """
        select d.tenant_id, d.id from mt_doc_leadview d
        where d.tenant_id = any($1) and d.data -> 'task' is not null and d.data -> 'task' ->> 'id' = $2
        limit 1
        """;

    /// <summary>The stored document of a lead; null when there is none in sight.</summary>
    public async Task<(StreamKey Key, byte[] Document)?> DocumentAsync(ApiScope scope, Guid id, CancellationToken cancellation)
    {
        await using var command = Command(DocumentSql, scope);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = id });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await reader.ReadAsync(cancellation)
            ? (new StreamKey(reader.GetString(0), id), reader.GetFieldValue<byte[]>(1))
            : null;
    }

    /// <summary>The lead that stands at the end of a chain of merges.</summary>
    public async Task<Guid> SurvivorAsync(ApiScope scope, Guid mergedInto, CancellationToken cancellation)
    {
        var survivor = mergedInto;
        for (var step = 0; step < LongestChain; step++)
        {
            await using var command = Command(MergedSql, scope);
            command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = survivor });
            if (await command.ExecuteScalarAsync(cancellation) is not string next)
            {
                break;
            }

            survivor = Guid.Parse(next);
        }

        return survivor;
    }

    /// <summary>The lead whose open or latest task this is.</summary>
    public async Task<StreamKey?> OfTaskAsync(ApiScope scope, Guid task, CancellationToken cancellation)
    {
        await using var command = Command(TaskSql, scope);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = task.ToString() });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await reader.ReadAsync(cancellation) ? new StreamKey(reader.GetString(0), reader.GetGuid(1)) : null;
    }

    private NpgsqlCommand Command(string sql, ApiScope scope)
    {
        var command = database.CreateCommand(sql);
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = scope.Tenants });
        return command;
    }
}
