using System.Text;
using LeadLedger.Intake.Spool;
using LeadLedger.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace LeadLedger.Tests.Intake.Spool;

public sealed class WebhookSpoolTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    [Trait("Requirement", "I1")]
    public async Task What_was_kept_is_read_in_order_after_the_process_ended()
    {
        using (var spool = Open())
        {
            await Task.WhenAll(Enumerable.Range(0, 50).Select(number => spool.AppendAsync(Bytes($"early {number}"))));
            await spool.AppendAsync(Bytes("late"));
            Assert.Equal(51, spool.Depth);
        }

        using var again = Open();
        Assert.Equal(51, again.Depth);
        var segment = again.Oldest()!;
        Assert.Equal("late", Text(segment.Records[^1]));
        Assert.Equal(50, segment.Records.Take(50).Select(Text).Distinct().Count(text => text.StartsWith("early ", StringComparison.Ordinal)));
        again.Progress(20);
        Assert.Equal(31, again.Depth);
        again.Remove(segment);
        Assert.Equal(0, again.Depth);
        Assert.Equal(0, again.Bytes);
        Assert.Null(again.Oldest());
    }

    [Fact]
    public async Task What_arrives_while_the_oldest_is_replayed_comes_after_it()
    {
        using var spool = Open();
        await spool.AppendAsync(Bytes("first"));
        var first = spool.Oldest()!;
        await spool.AppendAsync(Bytes("second"));
        Assert.Equal(2, spool.Depth);
        spool.Remove(first);
        Assert.Equal(["second"], spool.Oldest()!.Records.Select(Text));
    }

    [Fact]
    public async Task Personal_data_is_not_on_the_disk_in_plain_text_and_only_the_owner_may_read_what_is()
    {
        using var spool = Open();
        await spool.AppendAsync(Bytes("Maria Lopez +12145550199"));
        foreach (var file in Directory.EnumerateFiles(_folder.Path, "*", SearchOption.AllDirectories).Where(file => !file.EndsWith("lock", StringComparison.Ordinal)))
        {
            Assert.Equal(-1, (await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken)).AsSpan().IndexOf("Maria"u8));
        }

        if (!OperatingSystem.IsWindows())
        {
            const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            Assert.Equal(Owner, File.GetUnixFileMode(_folder.Below("spool.key")));
            Assert.Equal(Owner, File.GetUnixFileMode(_folder.Below("spool", "1", "000000000001.spool")));
        }
    }

    [Fact]
    public async Task A_damaged_record_is_set_aside_with_its_bytes_and_the_others_are_read()
    {
        using (var spool = Open())
        {
            await spool.AppendAsync(Bytes("one"));
            await spool.AppendAsync(Bytes("two"));
            await spool.AppendAsync(Bytes("three"));
        }

        var path = _folder.Below("spool", "1", "000000000001.spool");
        var bytes = await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken);
        bytes[bytes.Length / 2] ^= 0x40;
        await File.WriteAllBytesAsync(path, [.. bytes, 1, 2, 3], TestContext.Current.CancellationToken);

        using var again = Open();
        Assert.Equal(["one", "three"], again.Oldest()!.Records.Select(Text));
        Assert.Equal(1, again.Damaged);
        var aside = Directory.GetFiles(_folder.Below("spool", "1", "damaged")).Order(StringComparer.Ordinal).ToArray();
        Assert.Equal(2, aside.Length);
        Assert.Contains(aside, file => file.EndsWith("-torn.bin", StringComparison.Ordinal) && new FileInfo(file).Length == 3);
        Assert.Contains(aside, file => file.EndsWith("-damaged.bin", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_full_spool_refuses_and_keeps_what_it_has()
    {
        using var spool = Open(limit: 500);
        await spool.AppendAsync(new byte[300]);
        await Assert.ThrowsAsync<SpoolRefusedException>(() => spool.AppendAsync(new byte[300]));
        Assert.NotNull(spool.Trouble);
        Assert.Equal(1, spool.Depth);
        await spool.AppendAsync(new byte[10]);
        Assert.Null(spool.Trouble);
        Assert.Equal(2, spool.Depth);
    }

    [Fact]
    public async Task A_folder_that_cannot_be_written_refuses_until_it_can()
    {
        await File.WriteAllTextAsync(_folder.Below("spool"), "in the way", TestContext.Current.CancellationToken);
        using var spool = Open();
        Assert.NotNull(spool.Trouble);
        await Assert.ThrowsAsync<SpoolRefusedException>(() => spool.AppendAsync(Bytes("lost")));
        Assert.Equal(0, spool.Depth);
        File.Delete(_folder.Below("spool"));
        await spool.AppendAsync(Bytes("kept"));
        Assert.Equal(["kept"], spool.Oldest()!.Records.Select(Text));
    }

    [Fact]
    public async Task Two_processes_in_one_folder_keep_apart_and_the_next_takes_over_what_a_dead_one_left()
    {
        var first = Open();
        var second = Open();
        await first.AppendAsync(Bytes("of the first"));
        await second.AppendAsync(Bytes("of the second"));
        Assert.NotEqual(first.Ids[0], second.Ids[0]);
        second.Dispose();
        using (var third = Open())
        {
            Assert.Equal(["of the second"], third.Oldest()!.Records.Select(Text));
        }

        var secondId = second.Ids[0];
        first.Dispose();
        using var last = Open();
        Assert.Equal(2, last.Depth);
        Assert.Contains(secondId, last.Ids);
    }

    [Fact]
    public async Task Without_its_key_the_service_says_what_to_do_instead_of_forgetting_what_is_kept()
    {
        using (var spool = Open())
        {
            await spool.AppendAsync(Bytes("kept"));
        }

        File.Delete(_folder.Below("spool.key"));
        var refusal = Assert.Throws<InvalidDataException>(() => Open());
        Assert.Contains("Put the key file back", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Requirement", "I1")]
    public async Task What_is_answered_as_kept_no_longer_waits_in_memory_to_be_written_to_the_disk()
    {
        Assert.SkipUnless(PageCache.Tells(_folder.Path), "this system does not tell which pages of a file still wait to be written");
        using var spool = Open();
        for (var number = 0; number < 5; number++)
        {
            await spool.AppendAsync(Bytes(new string('x', 20_000)));
            Assert.Equal(0, PageCache.Unwritten(_folder.Below("spool", "1", "000000000001.spool")));
        }
    }

    private WebhookSpool Open(long limit = 1024 * 1024) =>
        WebhookSpool.Open(new SpoolOptions(_folder.Path, _folder.Below("spool.key"), limit), NullLogger<WebhookSpool>.Instance);

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static string Text(byte[]? record) => Encoding.UTF8.GetString(record!);
}
