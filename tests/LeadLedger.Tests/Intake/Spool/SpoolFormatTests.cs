using System.Text;
using LeadLedger.Intake.Spool;

namespace LeadLedger.Tests.Intake.Spool;

/// <summary>Whatever happens to a segment, every record that is whole is read, and nothing else is taken for one.</summary>
public sealed class SpoolFormatTests
{
    private static readonly SpoolKey Key = new([.. Enumerable.Range(1, 32).Select(number => (byte)number)]);
    private static readonly string[] Texts = ["", "one", new('x', 90), "the last"];

    [Fact]
    public void A_segment_is_divided_into_its_records()
    {
        var segment = Segment();
        Assert.Equal(Texts, Read(segment));
        Assert.All(SpoolFormat.Divide(segment), part => Assert.Equal(SpoolPartKind.Record, part.Kind));
    }

    [Fact]
    [Trait("Requirement", "I1")]
    public void Cut_at_any_byte_it_gives_the_records_before_the_cut()
    {
        var segment = Segment();
        var ends = Ends();
        for (var cut = 0; cut <= segment.Length; cut++)
        {
            var whole = ends.Count(end => end <= cut);
            Assert.Equal(Texts.Take(whole), Read(segment[..cut]));
            var parts = SpoolFormat.Divide(segment.AsSpan(0, cut));
            Assert.Equal(cut, parts.Sum(part => part.Length));
            Assert.Equal(ends.Contains(cut) || cut == 0 ? 0 : 1, parts.Count(part => part.Kind == SpoolPartKind.Torn));
        }
    }

    [Fact]
    [Trait("Requirement", "I1")]
    public void With_any_bit_flipped_only_the_record_it_is_in_is_lost_and_its_bytes_are_still_named()
    {
        var ends = Ends();
        var original = Segment();
        for (var bit = 0; bit < original.Length * 8; bit++)
        {
            var segment = original.ToArray();
            segment[bit / 8] ^= (byte)(1 << (bit % 8));
            var hit = ends.TakeWhile(end => end <= bit / 8).Count();
            Assert.Equal(Texts.Where((_, index) => index != hit), Read(segment));
            Assert.Equal(segment.Length, SpoolFormat.Divide(segment).Sum(part => part.Length));
        }
    }

    [Fact]
    public void Garbage_between_records_is_damage_and_everything_after_it_is_read()
    {
        byte[] segment = [.. Key.Seal(1, "before"u8), .. "LLSP1 is no record"u8, .. new byte[100], .. Key.Seal(2, "after"u8)];
        Assert.Equal(["before", "after"], Read(segment));
        Assert.Equal(SpoolPartKind.Damaged, SpoolFormat.Divide(segment)[1].Kind);
    }

    [Fact]
    public void A_whole_last_record_with_a_wrong_checksum_is_damage_and_not_a_torn_end()
    {
        byte[] segment = [.. Key.Seal(1, "before"u8), .. Key.Seal(2, "after"u8)];
        segment[^1] ^= 1;
        Assert.Equal(SpoolPartKind.Damaged, SpoolFormat.Divide(segment)[1].Kind);
    }

    [Fact]
    public void Nothing_is_readable_without_the_key_or_after_a_change_that_fixes_the_checksum()
    {
        var record = Key.Seal(7, "Maria Lopez"u8);
        Assert.Equal(-1, record.AsSpan().IndexOf("Maria"u8));
        Assert.Null(new SpoolKey(new byte[32]).Open(record));
        record[SpoolFormat.HeaderBytes] ^= 1;
        SpoolFormat.Complete(record);
        Assert.Equal(SpoolPartKind.Record, Assert.Single(SpoolFormat.Divide(record)).Kind);
        Assert.Null(Key.Open(record));
    }

    [Fact]
    public void The_checksum_is_crc_32c() => Assert.Equal(0xE3069283, SpoolFormat.Crc("123456789"u8));

    private static byte[] Segment() => [.. Texts.SelectMany((text, index) => Key.Seal((ulong)index, Encoding.UTF8.GetBytes(text)))];

    private static int[] Ends()
    {
        var at = 0;
        return [.. Texts.Select(text => at += Key.Seal(0, Encoding.UTF8.GetBytes(text)).Length)];
    }

    private static IEnumerable<string> Read(byte[] segment) =>
        SpoolFormat.Divide(segment).Where(part => part.Kind == SpoolPartKind.Record)
            .Select(part => Key.Open(segment.AsSpan(part.Offset, part.Length))).OfType<byte[]>().Select(Encoding.UTF8.GetString);
}
