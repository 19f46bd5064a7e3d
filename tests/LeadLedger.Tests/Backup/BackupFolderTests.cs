using LeadLedger.Backup;
using LeadLedger.Tests.Support;

namespace LeadLedger.Tests.Backup;

public sealed class BackupFolderTests
{
    private const int Segment = 16 * 1024 * 1024;
    private static readonly ServerIdentity Server = new("Host=x", null, "77", 1, "15.1", 15, Segment, 4096);

    [Fact]
    public void A_folder_with_something_else_in_it_is_left_alone()
    {
        using var scratch = new ScratchFolder();
        File.WriteAllText(scratch.Below("letters.txt"), "mine");

        Assert.Contains("is not empty", Assert.Throws<BackupException>(() => BackupFolder.Claim(scratch.Path, Server)).Message, StringComparison.Ordinal);
        Assert.Equal([scratch.Below("letters.txt")], Directory.GetFileSystemEntries(scratch.Path));
    }

    [Fact]
    public void Another_databases_folder_is_refused_and_its_own_is_taken_again()
    {
        using var scratch = new ScratchFolder();
        BackupFolder.Claim(scratch.Below("backups"), Server);
        BackupFolder.Claim(scratch.Below("backups"), Server);

        var refusal = Assert.Throws<BackupException>(() => BackupFolder.Claim(scratch.Below("backups"), Server with { SystemIdentifier = "78" }));
        Assert.Contains("another database", refusal.Message, StringComparison.Ordinal);
        Assert.Throws<BackupException>(() => BackupFolder.Open(scratch.Path));
    }

    [Fact]
    public void A_backup_that_was_not_finished_never_looks_complete_and_is_cleared_away()
    {
        using var scratch = new ScratchFolder();
        var folder = BackupFolder.Claim(scratch.Below("backups"), Server);
        var killed = folder.NewDraft();
        File.WriteAllText(Path.Combine(killed, BackupRecord.FileName), "{");
        Assert.Empty(folder.Complete());

        var draft = folder.NewDraft();
        Assert.False(Directory.Exists(killed));
        folder.Publish(draft, Record(1, "0/2000028"));
        Assert.Single(folder.Complete());
    }

    [Fact]
    public void Keeping_the_newest_removes_older_copies_and_only_the_log_they_alone_needed()
    {
        using var scratch = new ScratchFolder();
        var folder = BackupFolder.Claim(scratch.Below("backups"), Server);
        for (var day = 1; day <= 3; day++)
        {
            folder.Publish(folder.NewDraft(), Record(day, $"0/{day * 2}000028"));
        }

        Directory.CreateDirectory(folder.Wal);
        string[] names = ["000000010000000000000001", "000000010000000000000003", "000000010000000000000004", "000000010000000000000005.partial", "00000001.history"];
        foreach (var name in names)
        {
            File.WriteAllText(Path.Combine(folder.Wal, name), "");
        }

        Assert.Equal(1, folder.Keep(2));

        Assert.Equal([3, 2], folder.Complete().Select(backup => backup.Record.StartedAt.Day));
        Assert.Equal(names[2..].Order(StringComparer.Ordinal), Directory.GetFiles(folder.Wal).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Two_backups_at_once_are_refused()
    {
        using var scratch = new ScratchFolder();
        var folder = BackupFolder.Claim(scratch.Below("backups"), Server);
        using var held = folder.Lock("backup");

        Assert.Throws<BackupException>(() => folder.Lock("backup"));
    }

    [Fact]
    public void The_incomplete_last_file_of_the_log_is_laid_out_and_a_gap_is_named()
    {
        using var scratch = new ScratchFolder();
        var folder = BackupFolder.Claim(scratch.Below("backups"), Server);
        Directory.CreateDirectory(folder.Wal);
        var cluster = scratch.Below("pg_wal");
        Directory.CreateDirectory(cluster);
        Write(Path.Combine(cluster, "000000010000000000000002"), 10);
        Write(Path.Combine(folder.Wal, "000000010000000000000002"), 40);
        Write(Path.Combine(folder.Wal, "000000010000000000000003.partial"), 20);
        Write(Path.Combine(folder.Wal, "000000010000000000000001"), 40);

        var (files, gap) = WalSelection.LayOut(folder, Record(1, "0/2000028"), cluster);

        Assert.Equal((2, null), (files, gap));
        Assert.Equal(
            [("000000010000000000000002", 40L), ("000000010000000000000003", 20L)],
            Directory.GetFiles(cluster).Order(StringComparer.Ordinal).Select(file => (Path.GetFileName(file), WalSelection.ContentLength(file))));

        Write(Path.Combine(folder.Wal, "000000010000000000000005"), 40);
        Assert.Equal("000000010000000000000003", WalSelection.LayOut(folder, Record(1, "0/2000028"), cluster).GapAfter);
    }

    [Fact]
    public void Of_two_incomplete_files_the_fuller_one_is_used()
    {
        using var scratch = new ScratchFolder();
        var folder = BackupFolder.Claim(scratch.Below("backups"), Server);
        Directory.CreateDirectory(folder.Wal);
        var cluster = scratch.Below("pg_wal");
        Directory.CreateDirectory(cluster);
        Write(Path.Combine(cluster, "000000010000000000000002"), 30);
        Write(Path.Combine(folder.Wal, "000000010000000000000002.partial"), 20);

        Assert.Equal(0, WalSelection.LayOut(folder, Record(1, "0/2000028"), cluster).Files);
        Write(Path.Combine(folder.Wal, "000000010000000000000002.partial"), 31);
        Assert.Equal(1, WalSelection.LayOut(folder, Record(1, "0/2000028"), cluster).Files);
    }

    [Theory]
    [InlineData(1, "0/2000028", "000000010000000000000002")]
    [InlineData(2, "1A/FF000000", "000000020000001A000000FF")]
    public void A_position_names_its_file(int timeline, string position, string expected) =>
        Assert.Equal(expected, WalName.Of(timeline, position, Segment));

    private static void Write(string path, int content)
    {
        var bytes = new byte[64];
        Array.Fill(bytes, (byte)1, 0, content);
        File.WriteAllBytes(path, bytes);
    }

    private static BackupRecord Record(int day, string position) => new()
    {
        Server = "private",
        SystemIdentifier = "77",
        Timeline = 1,
        PostgresVersion = "15.1",
        PostgresMajor = 15,
        WalSegmentBytes = Segment,
        StartPosition = position,
        EndPosition = position,
        StartedAt = new DateTimeOffset(2026, 11, day, 2, 0, 0, TimeSpan.Zero),
        FinishedAt = new DateTimeOffset(2026, 11, day, 2, 1, 0, TimeSpan.Zero),
        Bytes = 1,
        Files = new Dictionary<string, string>(),
    };
}
