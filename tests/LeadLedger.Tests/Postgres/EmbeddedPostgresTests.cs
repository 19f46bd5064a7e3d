using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using LeadLedger.Postgres;
using LeadLedger.Tests.Support;
using Npgsql;

namespace LeadLedger.Tests.Postgres;

public sealed class EmbeddedPostgresTests(PrivateCluster cluster, ITestOutputHelper output)
    : IClassFixture<PrivateCluster>
{
    // The promise is 6 s and 2 s on an idle machine of two cores; a shared one gets room, a change of kind still shows.
    private static readonly TimeSpan FirstStartLimit = TimeSpan.FromSeconds(18);
    private static readonly TimeSpan WarmStartLimit = TimeSpan.FromSeconds(6);

    private ScratchFolder Folder => cluster.Folder;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_first_start_makes_a_durable_private_cluster_and_the_second_finds_it()
    {
        using var folder = new ScratchFolder();
        var options = new EmbeddedPostgresOptions { DataFolder = folder.Path };
        var clock = Stopwatch.StartNew();
        string before;
        await using (var postgres = await EmbeddedPostgres.StartAsync(options, Ct))
        {
            output.WriteLine($"First start {clock.ElapsedMilliseconds} ms: {postgres.Describe}");
            Assert.True(clock.Elapsed < FirstStartLimit, $"The first start took {clock.Elapsed}.");
            before = postgres.ConnectionString;
            await using var connection = await Sql.OpenAsync(before);
            Assert.Empty(await SafeServerCheck.VerifyAsync(connection, allowUnsafe: false, Ct));
            Assert.Equal(
                "on on on on UTF8 C 127.0.0.1 off",
                await Sql.ReadAsync<string>(
                    before,
                    """
                    select concat_ws(' ', current_setting('fsync'), current_setting('full_page_writes'),
                        current_setting('synchronous_commit'), current_setting('data_checksums'),
                        current_setting('server_encoding'),
                        (select datcollate from pg_database where datname = current_database()),
                        current_setting('listen_addresses'),
                        (select case when rolsuper then 'on' else 'off' end from pg_roles where rolname = current_user))
                    """));
            await Sql.RunAsync(before, "create extension pg_trgm; create table lead (name text)");
            clock.Restart();
        }

        output.WriteLine($"Stop {clock.ElapsedMilliseconds} ms");
        clock.Restart();
        await using var again = await EmbeddedPostgres.StartAsync(options, Ct);
        output.WriteLine($"Warm start {clock.ElapsedMilliseconds} ms");
        Assert.True(clock.Elapsed < WarmStartLimit, $"The warm start took {clock.Elapsed}.");
        Assert.Equal(before, again.ConnectionString);
        Assert.Equal(0L, await Sql.ReadAsync<long>(again.ConnectionString, "select count(*) from lead"));
    }

    [Fact]
    public async Task The_password_is_readable_by_its_owner_only()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no file modes.");
        await using var postgres = await EmbeddedPostgres.StartAsync(PrivateCluster.Options(Folder), Ct);
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite,
            new FileInfo(Folder.Below("postgres", "password")).UnixFileMode);
        var wrong = new NpgsqlConnectionStringBuilder(postgres.ConnectionString) { Password = "guess", Pooling = false };
        await using var connection = new NpgsqlConnection(wrong.ConnectionString);
        Assert.Equal(
            PostgresErrorCodes.InvalidPassword,
            (await Assert.ThrowsAsync<PostgresException>(() => connection.OpenAsync(Ct))).SqlState);
    }

    [Fact]
    public async Task A_killed_server_is_started_again_with_its_data()
    {
        await using var postgres = await EmbeddedPostgres.StartAsync(PrivateCluster.Options(Folder), Ct);
        Assert.False(await postgres.EnsureRunningAsync(Ct));
        var killed = postgres.ServerProcessId;
        await KillServerAsync(Folder);

        Assert.True(await postgres.EnsureRunningAsync(Ct));
        Assert.NotEqual(killed, postgres.ServerProcessId);
        Assert.Equal("Ada", await PrivateCluster.NameInAsync(postgres));
    }

    [Fact]
    public async Task A_service_started_after_its_server_was_killed_has_the_data()
    {
        var postgres = await EmbeddedPostgres.StartAsync(PrivateCluster.Options(Folder), Ct);
        await Sql.RunAsync(postgres.ConnectionString, "insert into lead values ('Grace')");
        await KillServerAsync(Folder);
        await postgres.DisposeAsync();

        await using var next = await EmbeddedPostgres.StartAsync(PrivateCluster.Options(Folder), Ct);
        Assert.Equal(
            1L, await Sql.ReadAsync<long>(next.ConnectionString, "select count(*) from lead where name = 'Grace'"));
    }

    [Fact]
    public async Task A_server_left_by_a_killed_service_is_taken_over_while_it_runs()
    {
        using var owner = await OwningProcess.StartAsync(Folder, watchdog: false);
        await owner.KillAsync();
        var orphan = ServerIn(Folder);
        Assert.NotNull(orphan);
        Assert.True(PostmasterProcess.IsAlive(orphan));

        await using (var postgres = await EmbeddedPostgres.StartAsync(PrivateCluster.Options(Folder), Ct))
        {
            Assert.Equal(orphan.ProcessId, postgres.ServerProcessId);
            Assert.Equal("Ada", await PrivateCluster.NameInAsync(postgres));
        }

        Assert.False(PostmasterProcess.IsAlive(orphan));
    }

    [Fact]
    public async Task A_server_left_running_without_fsync_is_restarted_with_it()
    {
        using var owner = await OwningProcess.StartAsync(Folder, watchdog: false);
        await owner.KillAsync();

        await using var postgres = await EmbeddedPostgres.StartAsync(
            PrivateCluster.Options(Folder) with { Durable = true }, Ct);
        Assert.Equal("on", await Sql.ReadAsync<string>(postgres.ConnectionString, "select current_setting('fsync')"));
    }

    [Fact]
    public async Task The_watchdog_stops_the_server_when_its_service_is_killed()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The watchdog is a Unix shell.");
        using var owner = await OwningProcess.StartAsync(Folder, watchdog: true);
        var server = ServerIn(Folder);
        Assert.NotNull(server);
        Assert.True(PostmasterProcess.IsAlive(server));
        var clock = Stopwatch.StartNew();
        await owner.KillAsync();

        Assert.True(await Poll.UntilAsync(() => !PostmasterProcess.IsAlive(server), TimeSpan.FromSeconds(20), Ct));
        output.WriteLine($"Stopped {clock.ElapsedMilliseconds} ms after the kill");
        Assert.Null(ServerIn(Folder));
    }

    [Fact]
    public async Task A_watchdog_leaves_a_server_alone_that_another_service_has_taken_over()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The watchdog is a Unix shell.");
        await using var postgres = await EmbeddedPostgres.StartAsync(PrivateCluster.Options(Folder), Ct);
        using var late = Watchdog.Start(new ClusterFolder(Folder.Path), "a-former-owner", postgres.ServerProcessId);

        late!.Abandon();

        Assert.Equal("Ada", await PrivateCluster.NameInAsync(postgres));
        Assert.False(await postgres.EnsureRunningAsync(Ct));
    }

    [Fact]
    public async Task A_second_service_on_the_same_folder_is_refused_by_name()
    {
        await using var first = await EmbeddedPostgres.StartAsync(PrivateCluster.Options(Folder), Ct);

        var refusal = await Assert.ThrowsAsync<PostgresUnavailableException>(
            () => EmbeddedPostgres.StartAsync(PrivateCluster.Options(Folder), Ct));

        Assert.Contains(Folder.Path, refusal.Message, StringComparison.Ordinal);
        Assert.Contains("Stop that one first", refusal.Message, StringComparison.Ordinal);
        Assert.Equal("Ada", await PrivateCluster.NameInAsync(first));
    }

    [Fact]
    public async Task A_port_taken_by_another_program_is_exchanged_for_good()
    {
        var kept = new ClusterFolder(Folder.Path).Port();
        Assert.NotNull(kept);
        int? chosen;
        using (var other = new TcpListener(IPAddress.Loopback, kept.Value))
        {
            other.Start();
            await using var postgres = await EmbeddedPostgres.StartAsync(PrivateCluster.Options(Folder), Ct);
            Assert.Equal("Ada", await PrivateCluster.NameInAsync(postgres));
            chosen = new ClusterFolder(Folder.Path).Port();
            Assert.NotEqual(kept, chosen);
        }

        await using var next = await EmbeddedPostgres.StartAsync(PrivateCluster.Options(Folder), Ct);
        Assert.Equal(chosen, new NpgsqlConnectionStringBuilder(next.ConnectionString).Port);
    }

    [Fact]
    public async Task A_stale_pid_file_that_names_an_unrelated_living_process_is_set_aside()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The unrelated process is a Unix program.");
        using var unrelated = Process.Start("sleep", "60");
        try
        {
            await WriteStaleFileAsync(Folder, unrelated.Id);

            await using var postgres = await EmbeddedPostgres.StartAsync(PrivateCluster.Options(Folder), Ct);

            Assert.Equal("Ada", await PrivateCluster.NameInAsync(postgres));
            Assert.True(File.Exists(Folder.Below("postgres", "postmaster.pid.stale")));
            Assert.False(unrelated.HasExited);
        }
        finally
        {
            unrelated.Kill();
        }
    }

    [Fact]
    public async Task A_stale_pid_file_that_names_a_zombie_is_set_aside()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Zombies are told apart through /proc.");
        // The shell becomes a program that never asks how its child ended. The child ends only when it is told to, after that: the shell
        // itself would have asked.
        using var parent = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", "exec 3<&0; (read line <&3) & echo $!; exec sleep 60"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        try
        {
            var zombie = int.Parse((await parent.StandardOutput.ReadLineAsync(Ct))!, null);
            Assert.True(await Poll.UntilAsync(() => NameOf(parent.Id) == "sleep", TimeSpan.FromSeconds(10), Ct));
            await parent.StandardInput.WriteLineAsync("end");
            Assert.True(await Poll.UntilAsync(() => IsZombie(zombie), TimeSpan.FromSeconds(10), Ct));
            await WriteStaleFileAsync(Folder, zombie);

            await using var postgres = await EmbeddedPostgres.StartAsync(PrivateCluster.Options(Folder), Ct);

            Assert.Equal("Ada", await PrivateCluster.NameInAsync(postgres));
            Assert.True(IsZombie(zombie));
        }
        finally
        {
            parent.Kill();
        }
    }

    [Fact]
    public async Task What_an_interrupted_creation_left_is_cleared_away()
    {
        using var folder = new ScratchFolder();
        var draft = folder.Below("postgres", "cluster.draft-0123abcd");
        Directory.CreateDirectory(Path.Combine(draft, "base"));
        await File.WriteAllTextAsync(Path.Combine(draft, "PG_VERSION"), "15\n", Ct);
        await File.WriteAllTextAsync(draft + ".password", "half", Ct);

        await using var postgres = await EmbeddedPostgres.StartAsync(PrivateCluster.Options(folder), Ct);

        Assert.Equal(1, await Sql.ReadAsync<int>(postgres.ConnectionString, "select 1"));
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Below("postgres"), "cluster.draft-*"));
    }

    [Fact]
    public async Task A_start_cancelled_while_the_cluster_is_made_can_be_repeated()
    {
        using var folder = new ScratchFolder();
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var options = PrivateCluster.Options(folder) with
        {
            Progress = _ => cancel.CancelAfter(TimeSpan.FromMilliseconds(100)),
        };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => EmbeddedPostgres.StartAsync(options, cancel.Token));
        Assert.False(Directory.Exists(folder.Below("postgres", "cluster")));

        await using var postgres = await EmbeddedPostgres.StartAsync(options with { Progress = null }, Ct);
        Assert.Equal(1, await Sql.ReadAsync<int>(postgres.ConnectionString, "select 1"));
    }

    [Fact]
    public async Task A_lost_password_file_is_explained_and_nothing_is_deleted()
    {
        var password = Folder.Below("postgres", "password");
        File.Move(password, password + ".away");
        try
        {
            var refusal = await Assert.ThrowsAsync<PostgresUnavailableException>(
                () => EmbeddedPostgres.StartAsync(PrivateCluster.Options(Folder), Ct));

            Assert.Contains(password, refusal.Message, StringComparison.Ordinal);
            Assert.True(File.Exists(Folder.Below("postgres", "cluster", "PG_VERSION")));
        }
        finally
        {
            File.Move(password + ".away", password);
        }
    }

    [Fact]
    public async Task A_server_that_does_not_let_us_in_is_left_running_and_explained()
    {
        using var owner = await OwningProcess.StartAsync(Folder, watchdog: false);
        await owner.KillAsync();
        var password = Folder.Below("postgres", "password");
        var right = await File.ReadAllTextAsync(password, Ct);
        await File.WriteAllTextAsync(password, "wrong\n", Ct);
        try
        {
            var refusal = await Assert.ThrowsAsync<PostgresUnavailableException>(
                () => EmbeddedPostgres.StartAsync(PrivateCluster.Options(Folder), Ct));

            Assert.Contains("does not let LeadLedger in", refusal.Message, StringComparison.Ordinal);
            Assert.True(PostmasterProcess.IsAlive(ServerIn(Folder)!));
        }
        finally
        {
            await File.WriteAllTextAsync(password, right, Ct);
            await using var postgres = await EmbeddedPostgres.StartAsync(PrivateCluster.Options(Folder), Ct);
        }
    }

    [Fact]
    public async Task A_server_that_cannot_start_is_explained_with_what_it_said()
    {
        var settings = Folder.Below("postgres", "cluster", "postgresql.auto.conf");
        var right = await File.ReadAllTextAsync(settings, Ct);
        await File.WriteAllTextAsync(settings, right + "shared_buffers = 'plenty'\n", Ct);
        try
        {
            var refusal = await Assert.ThrowsAsync<PostgresUnavailableException>(
                () => EmbeddedPostgres.StartAsync(PrivateCluster.Options(Folder), Ct));

            Assert.Contains("shared_buffers", refusal.Message, StringComparison.Ordinal);
            Assert.Contains("Nothing was deleted", refusal.Message, StringComparison.Ordinal);
        }
        finally
        {
            await File.WriteAllTextAsync(settings, right, Ct);
        }
    }

    private static PostmasterFile? ServerIn(ScratchFolder folder) =>
        PostmasterFile.Read(folder.Below("postgres", "cluster", "postmaster.pid"));

    private static Task WriteStaleFileAsync(ScratchFolder folder, int process) => File.WriteAllTextAsync(
        folder.Below("postgres", "cluster", "postmaster.pid"),
        $"{process}\n{folder.Below("postgres", "cluster")}\n1700000000\n20001\n\n127.0.0.1\n  5432001         1\nready   \n",
        Ct);

    private static string NameOf(int process) => File.ReadAllText($"/proc/{process}/comm").Trim();

    private static bool IsZombie(int process) =>
        File.Exists($"/proc/{process}/stat")
        && File.ReadAllText($"/proc/{process}/stat").Contains(") Z ", StringComparison.Ordinal);

    private static async Task KillServerAsync(ScratchFolder folder)
    {
        var file = ServerIn(folder)!;
        using var server = Process.GetProcessById(file.ProcessId);
        server.Kill();
        Assert.True(await Poll.UntilAsync(() => !PostmasterProcess.IsAlive(file), TimeSpan.FromSeconds(10), Ct));
    }
}
