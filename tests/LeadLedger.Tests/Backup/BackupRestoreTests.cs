using LeadLedger.Backup;
using LeadLedger.Postgres;
using LeadLedger.Sending;
using LeadLedger.Tests.Postgres;
using LeadLedger.Tests.Support;
using NodaTime;
using Npgsql;

namespace LeadLedger.Tests.Backup;

/// <summary>Restores of a server that was really lost, from a real base backup and the real log.</summary>
public sealed class BackupRestoreTests(TestPostgres postgres, LostServer lost) : IClassFixture<LostServer>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Requirement", "I23")]
    [Trait("Requirement", "I22")]
    public async Task Everything_answered_before_the_loss_comes_back_sound_and_nothing_is_sent_until_released()
    {
        Assert.SkipWhen(lost.Missing is not null, lost.Missing ?? "");
        Assert.True(lost.Lag < TimeSpan.FromSeconds(5), $"the log was {lost.Lag} behind");

        var report = await lost.RestoreAsync("restored");

        Assert.True(report.Verification.IsSound, string.Join('\n', report.Verification.Problems));
        Assert.Equal(lost.Events, report.Verification.Events);
        Assert.Equal(2, report.Timeline);
        Assert.True(report.Doubtful >= 1);
        Assert.Empty(Directory.GetDirectories(Path.GetDirectoryName(lost.Backups)!, "*.restoring-*"));
        await using (var server = await StartAsync("restored"))
        {
            await using (var app = await TestApp.StartAsync(postgres, lost.Clock.Now, [], connectionString: server.ConnectionString))
            {
                app.ChecksAtEnd = false;
                await WorkAsync(app);
                var fresh = People.Next();
                await app.Twilio.MissedCallAsync(new TestCall(fresh));
                await WorkAsync(app);
                Assert.Empty(app.Texts.Requests);
                Assert.True((await app.LeadOfAsync(lost.Stopped)).OptedOut);
                Assert.Contains("Restored from the backup", (await app.GetAsync("/api/sending/lock")).Json.Text("reason")!, StringComparison.Ordinal);

                // Texts wait a minute for the process that was lost, whose spool might hold an opt-out; the minute is over here.
                await Sql.RunAsync(server.ConnectionString, "delete from node");
                var gate = (TextGate)app.Services.GetService(typeof(TextGate))!;
                Assert.True(await Poll.UntilAsync(() => gate.IsOpen, TimeSpan.FromSeconds(30), Ct));
                app.Clock.Set(app.Clock.Now + Duration.FromSeconds(10));
                await app.PutAsync("/api/sending/release", new { reason = "drill" });
                await WorkAsync(app);
                Assert.Equal([fresh], app.Texts.Requests.Select(text => text.To).Where(to => to != TestBusiness.MainLine && to.StartsWith("+1214556", StringComparison.Ordinal)));
                await app.AdvanceAsync(Duration.FromMinutes(16));
                Assert.Empty(app.Texts.To(lost.Doubtful));
                Assert.Equal("unconfirmed", Assert.Single((await app.LeadOfAsync(lost.Doubtful)).Messages).State);
            }

            NpgsqlConnection.ClearAllPools();
        }

        await PromoteWithoutUsAsync("restored");
    }

    [Fact]
    [Trait("Requirement", "I23")]
    public async Task An_earlier_instant_can_be_restored_and_a_later_STOP_is_not_forgotten()
    {
        Assert.SkipWhen(lost.Missing is not null, lost.Missing ?? "");

        var report = await lost.RestoreAsync("earlier", lost.BeforeStop, lost.Suppressions);

        Assert.True(report.Verification.IsSound, string.Join('\n', report.Verification.Problems));
        Assert.InRange(report.Verification.Events, lost.EventsBeforeStop + 1, lost.Events - 1);
        Assert.Equal(1, report.Suppressions?.Added);
        await using var server = await StartAsync("earlier");
        Assert.Equal(1L, await Sql.ReadAsync<long>(
            server.ConnectionString, $"select count(*) from contact_point where value = '{lost.Stopped}' and data ? 'suppressedSince'"));
        NpgsqlConnection.ClearAllPools();
    }

    [Fact]
    public async Task An_instant_that_the_log_does_not_reach_is_refused_and_leaves_nothing()
    {
        Assert.SkipWhen(lost.Missing is not null, lost.Missing ?? "");

        var refusal = await Assert.ThrowsAsync<BackupException>(() => lost.RestoreAsync("future", Instant.FromUtc(2099, 1, 1, 0, 0)));

        Assert.Contains("Leave --until out", refusal.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetDirectories(Path.GetDirectoryName(lost.Backups)!, "future*"));
    }

    [Fact]
    [Trait("Requirement", "I23")]
    public async Task A_single_flipped_bit_in_the_copy_is_found()
    {
        Assert.SkipWhen(lost.Missing is not null, lost.Missing ?? "");
        var copy = Assert.Single(BackupFolder.Open(lost.Backups).Complete()).Path;
        var file = Directory.GetFiles(Path.Combine(copy, "cluster", "base"), "*", SearchOption.AllDirectories).First(path => new FileInfo(path).Length > 100_000);
        Flip(file);
        try
        {
            var refusal = await Assert.ThrowsAsync<BackupException>(() => lost.RestoreAsync("damaged"));
            Assert.True(refusal.IsFinding);
            Assert.Contains(Path.GetFileName(file), refusal.Message, StringComparison.Ordinal);
            Assert.False(Directory.Exists(lost.Folder("damaged")));
        }
        finally
        {
            Flip(file);
        }
    }

    [Fact]
    public async Task A_folder_with_data_in_it_is_not_restored_over()
    {
        Assert.SkipWhen(lost.Missing is not null, lost.Missing ?? "");
        Directory.CreateDirectory(lost.Folder("taken"));
        await File.WriteAllTextAsync(Path.Combine(lost.Folder("taken"), "x"), "mine", Ct);

        Assert.Contains("is not empty", (await Assert.ThrowsAsync<BackupException>(() => lost.RestoreAsync("taken"))).Message, StringComparison.Ordinal);
    }

    // A failover as PostgreSQL itself does it: the released ledger is promoted once more, and closes again by itself.
    private async Task PromoteWithoutUsAsync(string folder)
    {
        await File.WriteAllTextAsync(Path.Combine(lost.Folder(folder), "postgres", "cluster", "standby.signal"), "", Ct);
        await using var server = await StartAsync(folder);
        await Sql.RunAsync(RunningServer.ForBackups(server.ConnectionString), "select pg_promote()");
        await using (var app = await TestApp.StartAsync(postgres, lost.Clock.Now + Duration.FromMinutes(1), [], connectionString: server.ConnectionString))
        {
            app.ChecksAtEnd = false;
            Assert.Contains("timeline 3, before 2", (await app.GetAsync("/api/sending/lock")).Json.Text("reason")!, StringComparison.Ordinal);
        }

        NpgsqlConnection.ClearAllPools();
    }

    private Task<EmbeddedPostgres> StartAsync(string folder) =>
        EmbeddedPostgres.StartAsync(LostServer.Quick(new EmbeddedPostgresOptions { DataFolder = lost.Folder(folder) }), Ct);

    private static async Task WorkAsync(TestApp app)
    {
        await app.RunDueAsync();
        await app.RecoverAsync();
        await app.RunDueAsync();
    }

    private static void Flip(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.ReadWrite);
        stream.Position = 50_000;
        var value = stream.ReadByte();
        stream.Position = 50_000;
        stream.WriteByte((byte)(value ^ 1));
    }
}
