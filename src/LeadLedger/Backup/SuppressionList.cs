using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using LeadLedger.Businesses;
using LeadLedger.Consent;
using LeadLedger.Contacting;
using LeadLedger.EventStore;
using LeadLedger.EventStore.Writing;
using LeadLedger.Leads;
using Microsoft.Extensions.Logging.Abstractions;
using NodaTime;
using Npgsql;

namespace LeadLedger.Backup;

/// <summary>
/// The numbers and mailboxes that must not be texted, as a file of lines. It is newer than a backup can be, so a restore to an earlier instant
/// plays it back before anything leaves.
/// </summary>
public static class SuppressionList
{
    /// <returns>How many lines were written.</returns>
    public static async Task<int> ExportAsync(NpgsqlDataSource database, string path, CancellationToken cancellation)
    {
        var lines = new StringBuilder();
        var count = 0;
        await using (var command = database.CreateCommand(
            """
            select tenant_id, kind, value, (data->>'suppressedSince')::timestamptz, data->>'suppressedBy'
            from contact_point where data ? 'suppressedSince' order by tenant_id, kind, value
            """))
        {
            await using var reader = await command.ExecuteReaderAsync(cancellation);
            while (await reader.ReadAsync(cancellation))
            {
                var line = new SuppressedContact(
                    reader.GetString(0), reader.GetString(1), reader.GetString(2), new DateTimeOffset(reader.GetDateTime(3)),
                    reader.IsDBNull(4) ? "" : reader.GetString(4));
                lines.Append(JsonSerializer.Serialize(line, SuppressionJson.Default.SuppressedContact)).Append('\n');
                count++;
            }
        }

        var draft = path + ".new";
        await File.WriteAllTextAsync(draft, lines.ToString(), cancellation);
        File.Move(draft, path, overwrite: true);
        return count;
    }

    public static async Task<IReadOnlyList<SuppressedContact>> ReadAsync(string path, CancellationToken cancellation)
    {
        try
        {
            var contacts = new List<SuppressedContact>();
            foreach (var line in await File.ReadAllLinesAsync(path, cancellation))
            {
                if (!string.IsNullOrWhiteSpace(line))
                {
                    contacts.Add(JsonSerializer.Deserialize(line, SuppressionJson.Default.SuppressedContact)!);
                }
            }

            return contacts;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new BackupException($"The list of suppressed numbers {path} cannot be read: {problem.Message}");
        }
    }

    /// <summary>Suppresses what is on the list and not suppressed here; what is here already stays as it is.</summary>
    public static async Task<SuppressionImport> ImportAsync(
        NpgsqlDataSource database, IReadOnlyList<SuppressedContact> contacts, IReadOnlyList<Business> businesses, IClock clock, CancellationToken cancellation)
    {
        using var writer = new LedgerWriter(database, LeadStreams.Model, NullLogger<LedgerWriter>.Instance);
        await writer.StartAsync(cancellation);
        try
        {
            var (added, unknown) = (0, 0);
            foreach (var contact in contacts)
            {
                if (businesses.FirstOrDefault(business => business.Id == contact.Business) is not { } owner)
                {
                    unknown++;
                    continue;
                }

                var key = new GateKey(contact.Business, contact.Kind, contact.Value);
                var command = new SuppressContactPoint(key, $"kept from a list exported later than the restored state: {contact.By}", "restore");
                added += await writer.WriteAsync(new WriteRequest<int>(unit =>
                {
                    if (((ContactPoint)unit.Gate(key).State).SuppressedSince is not null)
                    {
                        return 0;
                    }

                    SuppressContactPoint.Apply(unit, owner, command);
                    return 1;
                })
                {
                    Now = clock.GetCurrentInstant(),
                    Actor = "system:restore",
                    CausationId = "command:import_suppressions",
                    Gates = [key],
                });
            }

            return new SuppressionImport(added, contacts.Count - added - unknown, unknown);
        }
        finally
        {
            await writer.StopAsync(CancellationToken.None);
        }
    }
}

/// <summary>One contact point that must not be texted.</summary>
/// <param name="Business">Its business.</param>
/// <param name="Kind">phone or email.</param>
/// <param name="Value">The number, E.164, or the mailbox.</param>
/// <param name="Since">When it was suppressed.</param>
/// <param name="By">The word or code that did it.</param>
public sealed record SuppressedContact(string Business, string Kind, string Value, DateTimeOffset Since, string By);

/// <summary>What an import came to.</summary>
/// <param name="Added">Suppressed now.</param>
/// <param name="Known">Suppressed before.</param>
/// <param name="UnknownBusiness">Left out: their business is not configured here.</param>
public sealed record SuppressionImport(int Added, int Known, int UnknownBusiness);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(SuppressedContact))]
internal sealed partial class SuppressionJson : JsonSerializerContext;
