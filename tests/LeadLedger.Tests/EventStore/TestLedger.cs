using System.Security.Cryptography;
using System.Text;
using LeadLedger.EventStore;
using LeadLedger.EventStore.Inbox;
using LeadLedger.EventStore.Outbox;
using LeadLedger.EventStore.Schema;
using LeadLedger.EventStore.Verification;
using LeadLedger.EventStore.Writing;
using LeadLedger.Hosting;
using LeadLedger.Leads;
using LeadLedger.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using NodaTime;
using Npgsql;

namespace LeadLedger.Tests.EventStore;

/// <summary>A database of its own with the schema and, when asked for, a running writer.</summary>
internal sealed class TestLedger : IAsyncDisposable
{
    public const string Tenant = "oak-hvac";

    public static readonly Instant Noon = Instant.FromUtc(2026, 11, 20, 18, 0);

    private readonly List<LedgerWriter> _started = [];

    private TestLedger(string connectionString)
    {
        ConnectionString = connectionString;
        Database = LedgerDatabase.CreateDataSource(connectionString);
    }

    public string ConnectionString { get; }

    public NpgsqlDataSource Database { get; }

    /// <summary>An empty ledger, or a copy of one that <paramref name="fill"/> filled once for this run.</summary>
    public static async Task<TestLedger> CreateAsync(
        TestPostgres postgres, string template = "empty ledger", Func<TestLedger, Task>? fill = null)
    {
        var source = await postgres.TemplateAsync(template, async connectionString =>
        {
            await using var prepared = new TestLedger(connectionString);
            await Migrator.MigrateAsync(prepared.Database, LedgerDatabase.SchemaAssemblies);
            if (fill is not null)
            {
                await fill(prepared);
            }

            await prepared.StopAsync();
        });
        return new TestLedger(await postgres.CreateDatabaseAsync(source));
    }

    /// <summary>A writer that has not begun, so that what is asked of it waits and becomes one batch.</summary>
    public LedgerWriter NewWriter(int lanes = LedgerWriter.DefaultLanes) =>
        new(Database, LeadStreams.Model, NullLogger<LedgerWriter>.Instance, lanes);

    public async Task<LedgerWriter> StartWriterAsync() => await StartAsync(NewWriter());

    public async Task<LedgerWriter> StartAsync(LedgerWriter writer)
    {
        await writer.StartAsync(CancellationToken.None);
        _started.Add(writer);
        return writer;
    }

    public static WriteRequest<T> Request<T>(
        Func<WriteUnit, T> decide,
        Instant? now = null,
        string actor = "system",
        Receipt? receipt = null,
        IReadOnlyList<GateKey>? gates = null,
        IReadOnlyList<StreamKey>? streams = null,
        string? causation = null) => new(decide)
        {
            Now = now ?? Noon,
            Actor = actor,
            Receipt = receipt,
            Gates = gates ?? [],
            Streams = streams ?? [],
            CausationId = causation,
        };

    public static StreamKey NewStream(int number, string tenant = Tenant) =>
        new(tenant, new Guid($"0190a5f0-0000-7000-8000-{number:x12}"));

    public static GateKey Phone(string number, string tenant = Tenant) => new(tenant, "phone", number);

    public static Receipt Receipt(string key, string body = "CallSid=CA1", string tenant = Tenant) => new()
    {
        Tenant = tenant,
        Source = "twilio.call",
        Key = key,
        ReceivedAt = Noon,
        ContentType = "application/x-www-form-urlencoded",
        Body = Encoding.UTF8.GetBytes(body),
        BodySha256 = SHA256.HashData(Encoding.UTF8.GetBytes(body)),
        HeadersJson = "{}",
    };

    public static OutboxMessage Message(string effectKey, string? lane = null, Instant? due = null) => new()
    {
        Kind = "send_sms",
        EffectKey = effectKey,
        Lane = lane,
        DueAt = due ?? Noon,
        Body = "{}"u8.ToArray(),
    };

    /// <summary>A request that only records a note on a lead's stream.</summary>
    public static WriteRequest<long> Note(StreamKey lead, string text, Receipt? receipt = null, Instant? now = null) => Request(
        unit => unit.Earlier is not null ? -1 : unit.Append(lead, LeadStreams.Lead, new NoteAdded(text, "staff:anna")).Version,
        receipt: receipt,
        streams: [lead],
        now: now);

    public async Task<T> ScalarAsync<T>(string sql)
    {
        await using var command = Database.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    public async Task<int> ExecuteAsync(string sql)
    {
        await using var command = Database.CreateCommand(sql);
        return await command.ExecuteNonQueryAsync();
    }

    public async Task<List<string>> LinesAsync(string sql)
    {
        await using var command = Database.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync();
        var lines = new List<string>();
        while (await reader.ReadAsync())
        {
            lines.Add(string.Join('|', Enumerable.Range(0, reader.FieldCount).Select(i => reader.IsDBNull(i) ? "-" : reader.GetValue(i).ToString())));
        }

        return lines;
    }

    public Task<VerificationReport> VerifyAsync(VerificationScope? scope = null) =>
        new LedgerVerifier(Database, LeadStreams.Model).VerifyAsync(scope ?? VerificationScope.Everything);

    public Task<RebuildReport> RebuildAsync() => new Rebuilder(Database, LeadStreams.Model).RebuildAsync();

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await Database.DisposeAsync();
    }

    private async Task StopAsync()
    {
        foreach (var writer in _started)
        {
            await writer.StopAsync(CancellationToken.None);
            writer.Dispose();
        }

        _started.Clear();
    }
}
