using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using LeadLedger.EventStore;
using NodaTime;
using Npgsql;

namespace LeadLedger.Reading;

/// <summary>Who holds an API key.</summary>
/// <param name="Id">The key's public id.</param>
/// <param name="Name">What it is called, such as the person or program that holds it.</param>
/// <param name="Role">staff, auditor or admin.</param>
/// <param name="Business">The one business it sees; null for an admin of the whole service.</param>
public sealed record ApiCaller(Guid Id, string Name, string Role, string? Business)
{
    /// <summary>As events name it.</summary>
    public string Actor => $"{Role}:{Name}";

    /// <summary>Not by a key or a session but by a signed link to one lead; what is recorded names it as its cause.</summary>
    public bool ByLink { get; init; }

    public bool MayWrite => Role is "staff" or "admin";
}

/// <summary>A key as it is listed.</summary>
public sealed record ApiKeyEntry(ApiCaller Holder, Instant CreatedAt, Instant? RevokedAt);

/// <summary>API keys: only their SHA-256 is stored. A key of 256 random bits needs no slow hash.</summary>
public sealed class ApiKeys(NpgsqlDataSource database, IClock clock)
{
    private const string Prefix = "ll_";
    private const int MostCached = 1000;
    private static readonly Duration CachedFor = Duration.FromSeconds(10);

    private readonly ConcurrentDictionary<string, (ApiCaller? Caller, Instant At)> _cache = new(StringComparer.Ordinal);

    /// <summary>Makes the first admin key when there is none.</summary>
    /// <returns>The key when one was made here, to be shown once; null when it was given or exists.</returns>
    public async Task<string?> EnsureAdminAsync(string? given)
    {
        if (!string.IsNullOrWhiteSpace(given))
        {
            await StoreAsync("environment", "admin", null, given.Trim(), replace: true);
            return null;
        }

        await using var command = database.CreateCommand(
            "select exists (select 1 from api_key where role = 'admin' and revoked_at is null)");
        return await command.ExecuteScalarAsync() is true ? null : (await CreateAsync("first admin", "admin", null)).Key;
    }

    /// <summary>Makes a key. The key itself is answered once and never stored.</summary>
    public async Task<(Guid Id, string Key)> CreateAsync(string name, string role, string? business)
    {
        var key = Prefix + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        return (await StoreAsync(name, role, business, key, replace: false), key);
    }

    /// <summary>Who holds this key; null when nobody does.</summary>
    public async ValueTask<ApiCaller?> FindAsync(string key, CancellationToken cancellation)
    {
        var hash = HashOf(key);
        var now = clock.GetCurrentInstant();
        if (_cache.TryGetValue(hash, out var cached) && now - cached.At < CachedFor && now >= cached.At)
        {
            return cached.Caller;
        }

        await using var command = database.CreateCommand(
            "select id, name, role, tenant_id from api_key where key_sha256 = $1 and revoked_at is null");
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = hash });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var caller = await reader.ReadAsync(cancellation)
            ? new ApiCaller(reader.GetGuid(0), reader.GetString(1), reader.GetString(2), reader.IsDBNull(3) ? null : reader.GetString(3))
            : null;
        if (_cache.Count >= MostCached)
        {
            _cache.Clear();
        }

        _cache[hash] = (caller, now);
        return caller;
    }

    /// <summary>Every key of a business, or of the whole service; never the keys themselves.</summary>
    public async Task<IReadOnlyList<ApiKeyEntry>> ListAsync(string? business, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(
            "select id, name, role, tenant_id, created_at, revoked_at from api_key where $1 is null or tenant_id = $1 order by created_at, id");
        command.Parameters.Add(new NpgsqlParameter { Value = (object?)business ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Varchar });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var keys = new List<ApiKeyEntry>();
        while (await reader.ReadAsync(cancellation))
        {
            keys.Add(new ApiKeyEntry(
                new ApiCaller(reader.GetGuid(0), reader.GetString(1), reader.GetString(2), reader.IsDBNull(3) ? null : reader.GetString(3)),
                Instants.FromTimestamp(reader.GetDateTime(4)),
                reader.IsDBNull(5) ? null : Instants.FromTimestamp(reader.GetDateTime(5))));
        }

        return keys;
    }

    /// <summary>Ends a key; other processes notice within ten seconds.</summary>
    public async Task<bool> RevokeAsync(Guid id)
    {
        await using var command = database.CreateCommand(
            "update api_key set revoked_at = $2 where id = $1 and revoked_at is null");
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = id });
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = clock.GetCurrentInstant().ToTimestamp() });
        var revoked = await command.ExecuteNonQueryAsync() > 0;
        _cache.Clear();
        return revoked;
    }

    private async Task<Guid> StoreAsync(string name, string role, string? business, string key, bool replace)
    {
        var now = clock.GetCurrentInstant();
        var id = now.NewId();
        await using var command = database.CreateCommand(
            $"""
            insert into api_key (id, name, role, tenant_id, key_sha256, created_at) values ($1, $2, $3, $4, $5, $6)
            on conflict (key_sha256) do {(replace ? "update set revoked_at = null" : "nothing")}
            """);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = id });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = name });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = role });
        command.Parameters.Add(new NpgsqlParameter { Value = (object?)business ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Varchar });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = HashOf(key) });
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = now.ToTimestamp() });
        await command.ExecuteNonQueryAsync();
        return id;
    }

    private static string HashOf(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));
}
