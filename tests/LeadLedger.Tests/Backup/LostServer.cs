using System.Diagnostics;
using LeadLedger.Backup;
using LeadLedger.EventStore;
using LeadLedger.Hosting;
using LeadLedger.Postgres;
using LeadLedger.Tests.Postgres;
using LeadLedger.Tests.Support;
using NodaTime;

namespace LeadLedger.Tests.Backup;

/// <summary>
/// A real private server with a base backup and its log followed, under load, and then destroyed: its processes stopped at once and its data
/// folder removed. Several restores are made of what is left.
/// </summary>
public sealed class LostServer(TestPostgres postgres) : IAsyncLifetime
{
    private const int Load = 30;

    private readonly ScratchFolder _scratch = new();

    /// <summary>Why the tests cannot run here; null when they can.</summary>
    public string? Missing { get; private set; }

    public string Backups => _scratch.Below("backups");

    public ManualClock Clock { get; } = new(TestApp.WednesdayMorning);

    /// <summary>Was texted before the disaster, and then answered STOP.</summary>
    public string Stopped { get; } = People.Next();

    /// <summary>Called right before the disaster; no text had left.</summary>
    public string Doubtful { get; } = People.Next();

    public long Events { get; private set; }

    /// <summary>Between the base backup and the STOP, on the server's own clock.</summary>
    public Instant BeforeStop { get; private set; }

    public long EventsBeforeStop { get; private set; }

    public string Suppressions => _scratch.Below("suppressed.jsonl");

    /// <summary>How long after the last answer everything was on the other disk.</summary>
    public TimeSpan Lag { get; private set; }

    public string Folder(string name) => _scratch.Below(name);

    public static EmbeddedPostgresOptions Quick(EmbeddedPostgresOptions options) => options with { Durable = false };

    public async ValueTask InitializeAsync()
    {
        var ct = CancellationToken.None;
        var server = await EmbeddedPostgres.StartAsync(Quick(new EmbeddedPostgresOptions { DataFolder = Folder("data") }), ct);
        var identity = await ServerIdentity.ReadAsync(RunningServer.ForBackups(server.ConnectionString), Folder("data"), ct);
        try
        {
            await BackupTools.FindAsync(identity.Major, Environment.GetEnvironmentVariable, ct);
        }
        catch (BackupException missing)
        {
            Missing = missing.Message;
            await server.DisposeAsync();
            return;
        }

        var work = new BackupWork(null, Folder("data"), null, SystemTime.Clock, Environment.GetEnvironmentVariable);
        var app = await TestApp.StartAsync(postgres, Clock.Now, [], connectionString: server.ConnectionString);
        app.ChecksAtEnd = false;
        using var stop = new CancellationTokenSource();
        var following = work.FollowAsync(Backups, _ => { }, stop.Token);
        await app.Twilio.MissedCallAsync(new TestCall(Stopped));
        await app.RunDueAsync();
        Assert.Single(app.Texts.To(Stopped));
        Assert.True(await Poll.UntilAsync(() => Directory.Exists(Backups) && BackupFolder.Open(Backups).Complete().Count == 1, TimeSpan.FromSeconds(30), ct));

        for (var call = 0; call < Load; call++)
        {
            await app.Twilio.MissedCallAsync(new TestCall(People.Next()));
        }

        EventsBeforeStop = await app.CountAsync("mt_events");
        BeforeStop = Instants.FromTimestamp(await Sql.ReadAsync<DateTime>(server.ConnectionString, "select clock_timestamp()"));
        await app.RunDueAsync();
        await app.Twilio.SmsAsync(Stopped, "STOP");
        await app.RunDueAsync();
        await SuppressionList.ExportAsync(app.Database, Suppressions, ct);
        await app.Twilio.MissedCallAsync(new TestCall(Doubtful));
        Events = await app.CountAsync("mt_events");

        var answered = Stopwatch.GetTimestamp();
        Assert.True(await Poll.UntilAsync(
            async () => await Sql.ReadAsync<bool>(
                RunningServer.ForBackups(server.ConnectionString),
                "select coalesce(bool_or(flush_lsn >= pg_current_wal_lsn()), false) from pg_stat_replication where application_name = 'pg_receivewal'"),
            TimeSpan.FromSeconds(5), ct));
        Lag = Stopwatch.GetElapsedTime(answered);
        PostmasterProcess.StopAtOnce(server.ServerProcessId);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => following);
        await app.DisposeAsync();
        await server.DisposeAsync();
        Directory.Delete(Folder("data"), recursive: true);
        Clock.Set(Clock.Now + Duration.FromMinutes(2));
    }

    public Task<RestoreReport> RestoreAsync(string to, Instant? until = null, string? suppressions = null) =>
        new LedgerRestore(Environment.GetEnvironmentVariable, Clock, _ => { }) { Options = Quick }.RunAsync(
            new RestoreOrder
            {
                From = Backups,
                To = Folder(to),
                Until = until,
                Suppressions = suppressions,
                Businesses = [Given.Business()],
            },
            TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync()
    {
        _scratch.Dispose();
        return ValueTask.CompletedTask;
    }
}
