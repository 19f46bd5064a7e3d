using System.Text.Json;
using LeadLedger.Messaging;
using LeadLedger.Tests.Support;

namespace LeadLedger.Tests.Messaging;

public sealed class SmsSegmentsTests
{
    public static TheoryData<string, string, string, int> Published()
    {
        var rows = new TheoryData<string, string, string, int>();
        foreach (var row in ContractFiles.Vectors("sms-segments.json").GetProperty("rows").EnumerateArray())
        {
            rows.Add(Text(row, "id"), Text(row, "body"), Text(row, "encoding"), row.GetProperty("segments").GetInt32());
        }

        return rows;
    }

    [Theory]
    [MemberData(nameof(Published))]
    [Trait("Requirement", "ACK-09")]
    public void Published_case(string id, string body, string encoding, int segments)
    {
        var length = SmsSegments.Measure(body);

        Assert.Equal((encoding, segments), (length.Encoding == SmsEncoding.Gsm7 ? "GSM-7" : "UCS-2", length.Segments));
        Assert.Equal(id, id.Trim());
    }

    [Fact]
    public void All_43_published_cases_are_read() => Assert.Equal(43, Published().Count);

    [Fact]
    [Trait("Requirement", "C-15")]
    public void An_em_dash_costs_a_segment_and_the_opt_out_line_another()
    {
        var text = new string('a', 127) + "—";
        var line = " " + OptOutLines.English;

        Assert.Equal(128, text.Length);
        Assert.Equal(2, SmsSegments.Measure(text).Segments);
        Assert.Equal(3, SmsSegments.Measure(text + line).Segments);

        var plain = Gsm7.Transliterate(text) + line;
        Assert.Equal(new SmsLength(SmsEncoding.Gsm7, 151, 1), SmsSegments.Measure(plain));
    }

    [Fact]
    public void An_empty_text_has_no_segment() => Assert.Equal(new(SmsEncoding.Gsm7, 0, 0), SmsSegments.Measure(""));

    [Fact]
    public void A_lone_surrogate_counts_one_unit() =>
        Assert.Equal(new(SmsEncoding.Ucs2, 3, 1), SmsSegments.Measure("a\uD83Db"));

    [Fact]
    public void Measuring_allocates_nothing()
    {
        var text = new string('a', 400) + "ç";
        SmsSegments.Measure(text);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            SmsSegments.Measure(text);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static string Text(JsonElement row, string name) => row.GetProperty(name).GetString()!;
}
