using System.Text.Json;
using System.Text.Json.Nodes;
using LeadLedger.Businesses;
using LeadLedger.EventStore;
using LeadLedger.EventStore.Outbox;
using LeadLedger.EventStore.Schema;
using LeadLedger.EventStore.Writing;
using LeadLedger.Hosting;
using LeadLedger.Intake.Spool;
using LeadLedger.Leads;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using NodaTime;
using Npgsql;

namespace LeadLedger.Tests.Support;

/// <summary>
/// The real service on a real port and a real database, with a clock moved by hand and stand-ins for everything outside.
/// Disposing it fails the test on any unexpected log line or call, and when a view is not the fold of its events.
/// </summary>
public sealed class TestApp : IAsyncDisposable
{
    public const string PublicBase = "https://leads.test";
    public const string AdminKey = "admin key for tests 0123456789abcdef";

    /// <summary>Wednesday 18 November 2026, 10:00 in Chicago: the business is open.</summary>
    public static readonly Instant WednesdayMorning = Instant.FromUtc(2026, 11, 18, 16, 0);

    private const int MostRounds = 2000;

    private readonly TestPostgres _postgres;
    private readonly string _connectionString;
    private readonly ScratchFolder _folder;
    private readonly BuiltService _service;
    private readonly HttpClient _http;

    private TestApp(
        TestPostgres postgres, string connectionString, ScratchFolder folder, BuiltService service, Outside outside, SmtpTwin mail, ManualClock clock, CapturedLog log,
        string publicBase)
    {
        _postgres = postgres;
        _connectionString = connectionString;
        _folder = folder;
        _service = service;
        _http = new HttpClient { BaseAddress = new Uri(service.App.Urls.First()) };
        Outside = outside;
        Mail = mail;
        Clock = clock;
        Log = log;
        Twilio = new TwilioWebhooks(_http, publicBase, clock);
        Forms = new FormPosts(_http);
    }

    public ManualClock Clock { get; }

    public CapturedLog Log { get; }

    public Outside Outside { get; }

    /// <summary>The texts the service asked the stand-in to send.</summary>
    public TwilioTwin Texts => Outside.Twilio;

    public CrmTwin Crm => Outside.Crm;

    public SmtpTwin Mail { get; }

    /// <summary>Webhooks as Twilio sends them.</summary>
    public TwilioWebhooks Twilio { get; }

    public FormPosts Forms { get; }

    public HttpClient Http => _http;

    public string ConnectionString => _connectionString;

    public IServiceProvider Services => _service.App.Services;

    public NpgsqlDataSource Database => _service.Database.DataSource;

    public Ledger Ledger => Services.GetRequiredService<Ledger>();

    /// <summary>False skips the checks at the end, for tests that break the database.</summary>
    public bool ChecksAtEnd { get; set; } = true;

    public static Task<TestApp> StartAsync(TestPostgres postgres, params JsonObject[] businesses) =>
        StartAsync(postgres, WednesdayMorning, businesses);

    /// <param name="postgres">The server of the test run.</param>
    /// <param name="start">What the clock says at first.</param>
    /// <param name="businesses">Business files; none hosts <see cref="TestBusiness.Northside"/>.</param>
    /// <param name="callDeadline">How long calls to providers may take; the product's ten seconds when left out.</param>
    /// <param name="connectionString">A database of the test's own; it is not dropped.</param>
    /// <param name="dataFolder">A folder of the test's own; it is not deleted.</param>
    /// <param name="spool">How patient intake is; patient when left out, because a busy machine is no database that is away.</param>
    /// <param name="publicBase">Its address as the outside calls it, where it then also listens; otherwise <see cref="PublicBase"/> on any port.</param>
    /// <param name="settings">More settings, as <c>--NAME=value</c>.</param>
    public static async Task<TestApp> StartAsync(
        TestPostgres postgres, Instant start, JsonObject[] businesses, TimeSpan? callDeadline = null, string? connectionString = null,
        string? dataFolder = null, SpoolTiming? spool = null, string? publicBase = null, params string[] settings)
    {
        var database = connectionString ?? await postgres.CreateDatabaseAsync(await postgres.TemplateAsync("ledger", MigrateAsync));
        var outside = new Outside();
        await outside.StartAsync();
        var mail = new SmtpTwin();
        mail.Start();
        var folder = new ScratchFolder();
        WriteBusinesses(folder.Path, businesses.Length == 0 ? [TestBusiness.Northside()] : businesses, outside.Url);
        var clock = new ManualClock(start);
        outside.Twilio.Lists.Now = () => clock.Now;
        var log = new CapturedLog();
        var service = await ServiceHost.BuildAsync(
            [
                "--environment=Testing", $"--urls={publicBase ?? "http://127.0.0.1:0"}", $"--contentRoot={folder.Path}", $"--LEADLEDGER_DATA={dataFolder ?? folder.Below("data")}",
                $"--LEADLEDGER_CONFIG={folder.Below("businesses")}", "--LEADLEDGER_DISPATCH=off", "--LEADLEDGER_STOP_WAIT=0", $"--PUBLIC_BASE_URL={publicBase ?? PublicBase}",
                $"--TWILIO_ACCOUNT_SID={TwilioTwin.AccountSid}", $"--TWILIO_AUTH_TOKEN={TwilioTwin.AuthToken}",
                $"--TWILIO_API_BASE_URL={outside.Url}", $"--SMTP_URL={mail.Url}", $"--LEADLEDGER_ADMIN_KEY={AdminKey}",
                $"--ConnectionStrings:Ledger={database}", .. settings,
            ],
            new HostOptions
            {
                Clock = clock,
                CallDeadline = callDeadline ?? TimeSpan.FromSeconds(10),
                Spool = spool ?? SpoolTiming.Default with { Patience = TimeSpan.FromSeconds(20) },
                Logging = logging => logging.ClearProviders().AddProvider(log),
            },
            CancellationToken.None);
        await StartupReport.PrintAsync(service.App, service.Settings, service.Database, TextWriter.Null);
        await service.App.StartAsync();
        return new TestApp(postgres, database, folder, service, outside, mail, clock, log, publicBase ?? PublicBase) { OwnsDatabase = connectionString is null };
    }

    private bool OwnsDatabase { get; init; }

    /// <summary>Moves the clock, stopping at every instant at which work falls due, and does all of it.</summary>
    public async Task AdvanceAsync(Duration by)
    {
        var end = Clock.Now + by;
        await RunDueAsync();
        for (var round = 0; await NextDueAsync() is { } due && due <= end; round++)
        {
            Assert.True(round < MostRounds, "due work has no end");
            Clock.Set(due);
            await RunDueAsync();
        }

        Clock.Set(end);
    }

    /// <summary>Does everything that is due now, and what follows from it at once.</summary>
    public async Task RunDueAsync()
    {
        var dispatcher = Services.GetRequiredService<OutboxDispatcher>();
        for (var round = 0; await dispatcher.RunDueAsync() > 0; round++)
        {
            Assert.True(round < MostRounds, "due work has no end");
        }
    }

    /// <summary>Looks after rows whose worker did not come back.</summary>
    public Task RecoverAsync() => Services.GetRequiredService<OutboxDispatcher>().RecoverAsync();

    /// <summary>Records facts on a lead as a member of staff would bring them about.</summary>
    public Task ActAsync(Guid lead, Action<LeadSession> act, string business = "northside") =>
        Services.GetRequiredService<LedgerWriter>().WriteAsync(new WriteRequest<Guid>(unit =>
        {
            act(new LeadSession(unit, Services.GetRequiredService<BusinessDirectory>().Find(business)!, lead));
            return lead;
        })
        {
            Now = Clock.Now,
            Actor = "staff:dana",
            Streams = [new StreamKey(business, lead)],
        });

    public async Task<IReadOnlyList<Lead>> LeadsAsync(string business = "northside")
    {
        await using var command = Database.CreateCommand("select data::text from mt_doc_leadview where tenant_id = $1 order by id");
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = business });
        await using var reader = await command.ExecuteReaderAsync();
        var leads = new List<Lead>();
        while (await reader.ReadAsync())
        {
            leads.Add(JsonSerializer.Deserialize(reader.GetString(0), LedgerJsonContext.Default.Lead)!);
        }

        return leads;
    }

    /// <summary>The only lead of the business.</summary>
    public async Task<Lead> LeadAsync() => Assert.Single(await LeadsAsync());

    /// <summary>The only lead on a number.</summary>
    public async Task<Lead> LeadOfAsync(string phone, string business = "northside") =>
        Assert.Single(await LeadsAsync(business), lead => lead.Phone == phone);

    public async Task<Lead> LeadAsync(Guid id, string business = "northside") =>
        (await Ledger.LoadAsync(LeadStreams.Lead, new StreamKey(business, id)))!;

    public Task<IReadOnlyList<RecordedEvent>> HistoryAsync(Guid lead, string business = "northside") =>
        Ledger.FetchAsync(new StreamKey(business, lead));

    /// <summary>The facts of one kind in a lead's history.</summary>
    public async Task<IReadOnlyList<T>> FactsAsync<T>(Guid lead, string business = "northside") =>
        [.. (await HistoryAsync(lead, business)).Select(recorded => recorded.Data).OfType<T>()];

    /// <summary>The standing decision about the latest inquiry.</summary>
    public async Task<DecisionMade> DecisionAsync(Guid lead, string purpose = Purposes.Acknowledgement, string business = "northside") =>
        (await FactsAsync<DecisionMade>(lead, business)).Last(decision => decision.Purpose == purpose);

    public async Task<IReadOnlyList<OutboxLine>> OutboxAsync(string? kind = null)
    {
        await using var command = Database.CreateCommand(
            """
            select id, stream_id, kind, effect_key, state, due_at, attempts, last_error, body::text from outbox
            where $1::text is null or kind = $1 order by id
            """);
        command.Parameters.Add(new NpgsqlParameter<string?> { TypedValue = kind, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text });
        await using var reader = await command.ExecuteReaderAsync();
        var lines = new List<OutboxLine>();
        while (await reader.ReadAsync())
        {
            lines.Add(new OutboxLine(
                reader.GetGuid(0), reader.IsDBNull(1) ? null : reader.GetGuid(1), reader.GetString(2), reader.GetString(3), reader.GetString(4),
                Instants.FromTimestamp(reader.GetDateTime(5)), reader.GetInt32(6), reader.IsDBNull(7) ? null : reader.GetString(7), reader.GetString(8)));
        }

        return lines;
    }

    public async Task<IReadOnlyList<InboxLine>> InboxAsync()
    {
        await using var command = Database.CreateCommand(
            "select tenant_id, source, dedupe_key, outcome, problem, body from inbox order by received_at, source, dedupe_key");
        await using var reader = await command.ExecuteReaderAsync();
        var lines = new List<InboxLine>();
        while (await reader.ReadAsync())
        {
            lines.Add(new InboxLine(
                reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.GetString(3),
                reader.IsDBNull(4) ? null : reader.GetString(4), reader.GetFieldValue<byte[]>(5)));
        }

        return lines;
    }

    public async Task<long> CountAsync(string table)
    {
        await using var command = Database.CreateCommand($"select count(*) from {table}");
        return (long)(await command.ExecuteScalarAsync())!;
    }

    public async ValueTask DisposeAsync()
    {
        var problems = new List<string>();
        if (ChecksAtEnd)
        {
            problems.AddRange(await ProjectionCheck.ProblemsAsync(Database, Ledger));
            problems.AddRange(Log.Unexpected().Select(line => $"unexpected log line: {line}"));
            problems.AddRange(Outside.Complaints);
        }

        _http.Dispose();
        await _service.App.StopAsync();
        await _service.DisposeAsync();
        await Outside.DisposeAsync();
        await Mail.DisposeAsync();
        if (OwnsDatabase)
        {
            await _postgres.DropDatabaseAsync(_connectionString);
        }

        _folder.Dispose();
        Assert.True(problems.Count == 0, string.Join("\n", problems));
    }

    private async Task<Instant?> NextDueAsync()
    {
        await using var command = Database.CreateCommand("select min(due_at) from outbox where state = 'pending' and due_at > $1");
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = Clock.Now.ToTimestamp() });
        return await command.ExecuteScalarAsync() is DateTime at ? Instants.FromTimestamp(at) : null;
    }

    internal static async Task MigrateAsync(string connectionString)
    {
        await using var source = LedgerDatabase.CreateDataSource(connectionString);
        await Migrator.MigrateAsync(source, LedgerDatabase.SchemaAssemblies, CancellationToken.None);
    }

    internal static void WriteBusinesses(string folder, JsonObject[] businesses, string outside)
    {
        var place = Path.Combine(folder, "businesses");
        Directory.CreateDirectory(place);
        foreach (var business in businesses)
        {
            File.WriteAllText(Path.Combine(place, business["id"] + ".json"), Resolve(business.ToJsonString(), outside));
        }

        foreach (var (name, content) in TestBusiness.SecretFiles)
        {
            File.WriteAllText(Path.Combine(place, name), Resolve(content, outside));
        }
    }

    private static string Resolve(string text, string outside) => text.Replace("{outside}", outside, StringComparison.Ordinal);
}
