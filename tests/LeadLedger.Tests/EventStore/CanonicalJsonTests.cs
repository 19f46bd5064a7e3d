using System.Globalization;
using System.Text;
using System.Text.Json;
using LeadLedger.EventStore;
using LeadLedger.Tests.Support;
using Npgsql;
using NpgsqlTypes;

namespace LeadLedger.Tests.EventStore;

public sealed class CanonicalJsonTests(TestPostgres postgres)
{
    [Theory]
    [InlineData("""{ "b" : 1 , "a" : [ true , false , null ] }""", """{"a":[true,false,null],"b":1}""")]
    [InlineData("""{"":1,"A":2,"a":3,"a1":4,"ä":5}""", """{"":1,"A":2,"a":3,"a1":4,"ä":5}""")]
    [InlineData("""{"z":{"y":{"x":1,"w":2}}}""", """{"z":{"y":{"w":2,"x":1}}}""")]
    [InlineData("""["\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/"]""", """["€$\u000f\nA'B\"\\\\\"/"]""")]
    [InlineData("\"\\u0008\\u0009\\u000a\\u000c\\u000d\\u001f\\u007f\\u2028\"", "\"\\b\\t\\n\\f\\r\\u001f\u007f\u2028\"")]
    [InlineData("\"\\ud83d\\ude00 \\u738b\"", "\"😀 王\"")]
    [InlineData("[0,-1,9007199254740991,-9007199254740991]", "[0,-1,9007199254740991,-9007199254740991]")]
    [InlineData("{}", "{}")]
    [InlineData("[]", "[]")]
    public void Members_are_sorted_and_texts_escaped_as_little_as_possible(string json, string expected) =>
        Assert.Equal(expected, Encoding.UTF8.GetString(CanonicalJson.Of(json)));

    [Fact]
    public void Members_are_sorted_by_utf16_code_unit_not_by_code_point()
    {
        // The order RFC 8785 gives as its example: a surrogate pair sorts before a sign of the upper basic plane.
        const string json = "{\"\\u20ac\":1,\"\\r\":2,\"\\ufb33\":3,\"1\":4,\"\\ud83d\\ude00\":5,\"\\u0080\":6,\"\\u00f6\":7}";

        var names = JsonDocument.Parse(CanonicalJson.Of(json)).RootElement.EnumerateObject().Select(member => member.Value.GetInt32());

        Assert.Equal([2, 4, 6, 7, 1, 5, 3], names);
    }

    [Fact]
    public void Texts_are_not_normalised() =>
        Assert.NotEqual(CanonicalJson.Of("\"\u00e9\""), CanonicalJson.Of("\"e\u0301\""));

    [Theory]
    [InlineData("1.0")]
    [InlineData("1e3")]
    [InlineData("1E3")]
    [InlineData("-0")]
    [InlineData("9007199254740992")]
    [InlineData("-9007199254740992")]
    [InlineData("99999999999999999999999")]
    [InlineData("""{"a":1,"a":2}""")]
    [InlineData("""{"a":1,"b":0,"a":2}""")]
    [InlineData("""{"a":1,"\u0061":2}""")]
    [InlineData("""{"x":{"b":1,"a":2,"b":3}}""")]
    [InlineData("\"\\u0000\"")]
    [InlineData("{\"\\u0000\":1}")]
    [InlineData("\"\\ud800\"")]
    [InlineData("\"\\udc00\\ud800\"")]
    [InlineData("{\"\\ud800\":1}")]
    public void What_jsonb_would_change_or_refuse_is_refused_before(string json) =>
        Assert.Throws<FormatException>(() => CanonicalJson.Of(json));

    [Theory]
    [InlineData("{\"a\":1} x")]
    [InlineData("{\"a\":1")]
    [InlineData("")]
    public void What_is_no_json_is_refused(string json) =>
        Assert.ThrowsAny<JsonException>(() => CanonicalJson.Of(json));

    [Fact]
    [Trait("Requirement", "I9")]
    public async Task What_jsonb_gives_back_has_the_canonical_form_of_what_it_was_given()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        var random = new Random(20261120);
        var documents = Enumerable.Range(0, 10_000).Select(_ => Document(random, 4)).ToArray();
        await using var command = ledger.Database.CreateCommand(
            "select d::text from unnest($1::jsonb[]) with ordinality as t(d, n) order by n");
        command.Parameters.Add(new NpgsqlParameter { Value = documents, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Jsonb });
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        var n = 0;
        while (await reader.ReadAsync(TestContext.Current.CancellationToken))
        {
            var stored = reader.GetFieldValue<byte[]>(0);
            Assert.True(CanonicalJson.Of(documents[n]).AsSpan().SequenceEqual(CanonicalJson.Of(stored)), documents[n]);
            n++;
        }

        Assert.Equal(10_000, n);
    }

    [Fact]
    public void The_canonical_form_of_a_canonical_form_is_itself()
    {
        var random = new Random(7);
        for (var i = 0; i < 1000; i++)
        {
            var once = CanonicalJson.Of(Document(random, 3));
            Assert.Equal(once, CanonicalJson.Of(once));
        }
    }

    private static string Document(Random random, int depth)
    {
        var json = new StringBuilder();
        Value(json, random, depth);
        return json.ToString();
    }

    private static void Value(StringBuilder json, Random random, int depth)
    {
        switch (depth == 0 ? random.Next(4) : random.Next(7))
        {
            case 0:
                json.Append(random.Next(3) switch { 0 => "true", 1 => "false", _ => "null" });
                break;
            case 1:
                json.Append(CultureInfo.InvariantCulture, $"{random.NextInt64(-(1L << 53) + 1, 1L << 53)}");
                break;
            case 2 or 3:
                Text(json, random);
                break;
            case 4:
                json.Append('[');
                List(random.Next(5), () => Value(json, random, depth - 1));
                json.Append(']');
                break;
            default:
                json.Append('{');
                var names = new HashSet<string>(StringComparer.Ordinal);
                List(random.Next(7), () =>
                {
                    string name;
                    do
                    {
                        var text = new StringBuilder();
                        Text(text, random);
                        name = text.ToString();
                    }
                    while (!names.Add(JsonSerializer.Deserialize<string>(name)!));
                    json.Append(name).Append(random.Next(2) == 0 ? ":" : " : ");
                    Value(json, random, depth - 1);
                });
                json.Append('}');
                break;
        }

        void List(int count, Action item)
        {
            for (var i = 0; i < count; i++)
            {
                json.Append(i == 0 ? "" : random.Next(2) == 0 ? "," : " , ");
                item();
            }
        }
    }

    // Signs of every kind, each written plainly or escaped, as different senders do.
    private static void Text(StringBuilder json, Random random)
    {
        json.Append('"');
        for (var length = random.Next(8); length > 0; length--)
        {
            var rune = random.Next(6) switch
            {
                0 => new Rune(random.Next(1, 0x20)),
                1 => new Rune(random.Next(0x80, 0x800)),
                2 => new Rune(random.Next(0xe000, 0x10000)),
                3 => new Rune(random.Next(0x10000, 0x110000)),
                _ => new Rune(random.Next(0x20, 0x7f)),
            };
            if (rune.Value < 0x20 || rune.Value is '"' or '\\' || random.Next(4) == 0)
            {
                foreach (var unit in rune.ToString())
                {
                    json.Append(CultureInfo.InvariantCulture, $"\\u{(int)unit:x4}");
                }
            }
            else
            {
                json.Append(rune.ToString());
            }
        }

        json.Append('"');
    }
}
