using LeadLedger.Businesses;
using LeadLedger.EventStore.Faults;
using LeadLedger.Hosting;
using Npgsql;

namespace LeadLedger.Backup;

/// <summary>
/// Remembers the names of the secrets a start had, never their values. One that was there and is missing now, such as on a machine a backup was
/// restored to, would let the service run and refuse every webhook: it refuses to start instead.
/// </summary>
public static class KnownSecrets
{
    /// <summary>Accepts what is missing when set to "true", and forgets it.</summary>
    public const string AllowVariable = "LEADLEDGER_ALLOW_MISSING_SECRETS";

    private const string Twilio = "TWILIO_AUTH_TOKEN";

    public static async Task VerifyAsync(
        NpgsqlDataSource database, ServiceSettings settings, Func<string, string?> environment, CancellationToken cancellation)
    {
        if (PlantedDefect.Is(Defects.SafeStartSkipped))
        {
            return;
        }

        var uses = settings.Businesses.SelectMany(SecretUse.Of).ToArray();
        var missing = uses.Where(use => use.Secret.Reveal() is null).Select(use => use.Secret.ToString())
            .Concat(settings.Twilio is null ? [Twilio] : []).ToHashSet(StringComparer.Ordinal);
        string[] present = [.. uses.Select(use => use.Secret.ToString()).Append(Twilio).Where(name => !missing.Contains(name)).Distinct()];
        var allowed = string.Equals(environment(AllowVariable), "true", StringComparison.OrdinalIgnoreCase);
        var known = await KnownAsync(database, cancellation);
        Judge([.. known.Where(missing.Contains).Order(StringComparer.Ordinal)], allowed);
        await using var command = database.CreateCommand(
            """
            with gone as (delete from known_secret where name <> all($1))
            insert into known_secret (name) select unnest($1) on conflict do nothing
            """);
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = present });
        await command.ExecuteNonQueryAsync(cancellation);
    }

    internal static void Judge(IReadOnlyList<string> vanished, bool allowed)
    {
        if (vanished.Count > 0 && !allowed)
        {
            throw new UnsafeStartException(
                $"Secrets that were set at the last start are missing now: {string.Join(", ", vanished)}; set them again, or start once with {AllowVariable}=true if they are no longer needed.");
        }
    }

    private static async Task<List<string>> KnownAsync(NpgsqlDataSource database, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("select name from known_secret");
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var names = new List<string>();
        while (await reader.ReadAsync(cancellation))
        {
            names.Add(reader.GetString(0));
        }

        return names;
    }
}
