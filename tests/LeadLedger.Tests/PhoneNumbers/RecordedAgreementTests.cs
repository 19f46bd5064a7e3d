using System.IO.Compression;
using System.Text;
using System.Text.Json;
using LeadLedger.Numbers;
using LeadLedger.PhoneNumbers;

namespace LeadLedger.Tests.PhoneNumbers;

/// <summary>
/// What Google's own library answered to a sample of every region, recorded by tests/differential/phone-numbers.
/// </summary>
public sealed class RecordedAgreementTests
{
    private static readonly List<JsonElement> Rows = ReadRows();

    private static readonly string[] Fields =
    [
        "e164", "valid", "possibility", "validForRegion", "type", "region", "national", "international", "rfc3966",
        "extension",
    ];

    [Fact]
    public void The_recording_holds_twenty_thousand_numbers_and_every_region()
    {
        var numbers = Rows.Where(row => Text(row, 0) == "number").ToList();
        Assert.True(numbers.Count >= 20_000, $"{numbers.Count} rows");
        Assert.Empty(PhoneNumberUtil.SupportedRegions.Except(numbers.Select(row => Text(row, 1)!)));
    }

    [Fact]
    public void Every_recorded_number_is_read_and_written_as_Google_does()
    {
        var numbers = Rows.Where(row => Text(row, 0) == "number").ToList();
        var input = string.Concat(numbers.Select(row => $"{Text(row, 1)}\t{Text(row, 2)}\n"));
        using var output = new StringWriter();
        NumbersCommand.Run(new StringReader(input), output);
        var answers = output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(numbers.Count, answers.Length);
        var differences = numbers.Zip(answers).Where(pair => !Agree(pair.First, pair.Second)).Take(10)
            .Select(pair => $"{pair.First.GetRawText()} but ours {pair.Second}");
        Assert.Empty(differences);
    }

    [Fact]
    public void Every_example_number_is_Google_s()
    {
        var examples = Rows.Where(row => Text(row, 0) == "example").ToList();
        Assert.NotEmpty(examples);
        Assert.All(examples, row =>
        {
            var type = Enum.Parse<NumberType>(Text(row, 2)!, ignoreCase: true);
            Assert.Equal(Text(row, 3), PhoneNumberUtil.GetExampleNumber(Text(row, 1)!, type)?.E164);
        });

        var entities = Rows.Where(row => Text(row, 0) == "entity").ToList();
        Assert.NotEmpty(entities);
        Assert.All(entities, row => Assert.Equal(
            Text(row, 2), PhoneNumberUtil.GetExampleNumberForNonGeoEntity(row[1].GetInt32())?.E164));
    }

    [Fact]
    public void Every_pair_matches_as_it_does_for_Google()
    {
        var pairs = Rows.Where(row => Text(row, 0) == "match").ToList();
        Assert.Equal(
            Enum.GetValues<NumberMatch>().Order(),
            pairs.Select(row => Enum.Parse<NumberMatch>(Text(row, 3)!, ignoreCase: true)).Distinct().Order());
        Assert.All(pairs, row => Assert.Equal(
            Enum.Parse<NumberMatch>(Text(row, 3)!, ignoreCase: true),
            PhoneNumberUtil.IsNumberMatch(Text(row, 1)!, Text(row, 2)!)));
    }

    private static bool Agree(JsonElement row, string answer)
    {
        var ours = JsonDocument.Parse(answer).RootElement;
        return row.GetArrayLength() == 4
            ? ours.TryGetProperty("error", out var error) && error.GetString() == Text(row, 3)
            : Fields.Index().All(field =>
                ours.TryGetProperty(field.Item, out var value) && JsonElement.DeepEquals(row[3 + field.Index], value));
    }

    private static string? Text(JsonElement row, int at) => row[at].GetString();

    private static List<JsonElement> ReadRows()
    {
        using var file = File.OpenRead(Path.Combine(AppContext.BaseDirectory, "PhoneNumbers", "recorded.jsonl.br"));
        using var reader = new StreamReader(new BrotliStream(file, CompressionMode.Decompress), Encoding.UTF8);
        var rows = new List<JsonElement>();
        while (reader.ReadLine() is { } line)
        {
            rows.Add(JsonDocument.Parse(line).RootElement);
        }

        return rows;
    }
}
