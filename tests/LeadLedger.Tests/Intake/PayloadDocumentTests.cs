using System.Text;
using FsCheck;
using FsCheck.Fluent;
using LeadLedger.Intake;

namespace LeadLedger.Tests.Intake;

public sealed class PayloadDocumentTests
{
    private const string Json = "application/json";
    private const string Form = "application/x-www-form-urlencoded";

    [Theory]
    [InlineData("data.First Name", "John")]
    [InlineData("answers[0].text", "Jane")]
    [InlineData("answers[1].choice.label", "Leak")]
    [InlineData("answers.0.text", "Jane")]
    [InlineData("answers[9].text", null)]
    [InlineData("1.3", "Gravity")]
    [InlineData("nested.1.3", "deep literal")]
    [InlineData("1.4", "by path")]
    [InlineData("a.b.c", "longest key")]
    [InlineData("flag", "true")]
    [InlineData("off", "false")]
    [InlineData("none", null)]
    [InlineData("list", "a, b, 3")]
    [InlineData("name", "Kin Lane")]
    [InlineData("huge", "1e400")]
    [InlineData("id", "5123456789012345678901234567890")]
    [InlineData("raw.q3_name.first", "Kin")]
    [InlineData("fields[phone][value]", "512")]
    [InlineData("fields.phone.value", "512")]
    [InlineData("", null)]
    [InlineData("[", null)]
    [InlineData("..", null)]
    [InlineData("missing.path", null)]
    public void A_value_is_found_by_key_or_path(string path, string? expected)
    {
        var payload = Read("""
            {"data":{"First Name":"John"},"answers":[{"text":"Jane"},{"choice":{"label":"Leak"}}],"1.3":"Gravity",
             "1":{"3":"not this","4":"by path"},"nested":{"1.3":"deep literal"},"a.b":{"c":"longest key"},
             "a":{"b":{"c":"other"}},"flag":true,"off":false,"none":null,"list":["a","b",null,3],
             "name":{"first":"Kin","last":"Lane"},"huge":1e400,"id":5123456789012345678901234567890,
             "raw":"{\"q3_name\":{\"first\":\"Kin\"}}","fields":{"phone":{"value":"512"}},}
            """);

        Assert.Equal(PayloadKind.Json, payload.Kind);
        Assert.Equal(expected, payload.Text(path));
    }

    [Fact]
    public void A_duplicate_key_counts_once_and_is_noted()
    {
        var payload = Read("""{"phone":"1","phone":"2"}""");

        Assert.Equal("2", payload.Text("phone"));
        Assert.Equal([PayloadNotes.DuplicateKey], payload.Notes);
    }

    [Theory]
    [InlineData("{\"a\":\"x\\u0000y\"}", "x\ufffdy")]
    [InlineData("{\"a\":\"\\ud83dz\"}", "\ufffdz")]
    [InlineData("{\"a\":\"\\ude00\\ud83d\"}", "\ufffd\ufffd")]
    public void What_the_database_refuses_is_replaced_and_noted(string json, string expected)
    {
        var payload = Read(json);

        Assert.Equal(expected, payload.Text("a"));
        Assert.Equal([PayloadNotes.Replaced], payload.Notes);
    }

    [Theory]
    [InlineData("{\"a\":\"\\ud83d\\ude00\\n\\t\\\"\\\\\\/\\u00e9\"}", "\ud83d\ude00\n\t\"\\/\u00e9")]
    [InlineData("{\"a\":\"=cmd|' /C calc'!A0 \u202e \u0441\"}", "=cmd|' /C calc'!A0 \u202e \u0441")]
    public void Escapes_are_resolved_and_odd_but_storable_text_is_kept(string json, string expected)
    {
        var payload = Read(json);

        Assert.Equal(expected, payload.Text("a"));
        Assert.Empty(payload.Notes);
    }

    [Fact]
    public void Names_are_cleaned_like_values() => Assert.Equal("1", Read("{\"a\\u0000\":1}").Text("a\ufffd"));

    [Fact]
    public void Invalid_utf8_is_replaced()
    {
        byte[] body = [.. "{\"a\":\"x"u8, 0xff, 0xc3, .. "\"}"u8];

        Assert.StartsWith("x\ufffd", PayloadDocument.Read(body, Json).Text("a"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("{\"a\":}")]
    [InlineData("{} trailing")]
    [InlineData("<xml/>")]
    [InlineData("{\"a\":NaN}")]
    [InlineData("\0\0\0")]
    public void What_is_not_json_is_unreadable_with_a_sentence(string body)
    {
        var payload = Read(body);

        Assert.Equal(PayloadKind.Unreadable, payload.Kind);
        Assert.EndsWith(".", payload.Unreadable, StringComparison.Ordinal);
        Assert.Null(payload.Text("a"));
    }

    [Fact]
    public void Depth_is_limited_to_sixty_four()
    {
        Assert.Null(Read(new string('[', 64) + new string(']', 64)).Unreadable);
        Assert.NotNull(Read(new string('[', 65) + new string(']', 65)).Unreadable);
        Assert.NotNull(Read(new string('[', 10_000)).Unreadable);
        Assert.NotNull(Read(string.Concat(Enumerable.Repeat("{\"a\":", 10_000))).Unreadable);
    }

    [Fact]
    public void The_number_of_values_is_limited()
    {
        Assert.Null(Read("[" + string.Join(',', Enumerable.Repeat("1", 40_000)) + "]").Unreadable);
        Assert.NotNull(Read("[" + string.Join(',', Enumerable.Repeat("[]", 60_000)) + "]").Unreadable);
        Assert.NotNull(Read("[" + string.Join(',', Enumerable.Range(0, 60_000).Select(i => $"{{\"k{i}\":1}}")) + "]").Unreadable);
    }

    [Fact]
    public void An_empty_body_is_unreadable()
    {
        Assert.Equal(PayloadKind.Empty, Read("").Kind);
        Assert.NotNull(Read(" \r\n").Unreadable);
    }

    [Fact]
    public void A_byte_order_mark_is_skipped_and_noted()
    {
        var payload = PayloadDocument.Read((byte[])[0xef, 0xbb, 0xbf, .. "{\"a\":1}"u8], Json);

        Assert.Equal("1", payload.Text("a"));
        Assert.Equal([PayloadNotes.ByteOrderMark], payload.Notes);
    }

    [Theory]
    [InlineData(true, true, null)]
    [InlineData(true, false, null)]
    [InlineData(true, false, "; charset=utf-16le")]
    [InlineData(false, true, null)]
    [InlineData(false, false, "; charset=\"UTF-16\"")]
    public void Utf16_is_read_by_its_mark_or_its_first_character(bool little, bool mark, string? charset)
    {
        var encoding = new UnicodeEncoding(bigEndian: !little, byteOrderMark: mark);
        byte[] body = [.. encoding.GetPreamble(), .. encoding.GetBytes("{\"a\":\"\u00e9\ud83d\ude00\"}")];

        var payload = PayloadDocument.Read(body, Json + charset);

        Assert.Equal("\u00e9\ud83d\ude00", payload.Text("a"));
        Assert.Contains(PayloadNotes.Utf16, payload.Notes);
    }

    [Theory]
    [InlineData("utf-7")]
    [InlineData("utf-32")]
    public void Other_character_sets_are_unreadable(string charset) =>
        Assert.NotNull(PayloadDocument.Read("{\"a\":1}"u8.ToArray(), $"{Json}; charset={charset}").Unreadable);

    [Fact]
    public void A_utf16_label_on_plain_ascii_is_ignored() =>
        Assert.Equal("1", PayloadDocument.Read("{\"a\":1}"u8.ToArray(), Json + "; charset=utf-16").Text("a"));

    [Fact]
    public void A_repeated_form_field_gives_all_values_and_its_last_filled_one()
    {
        var payload = Read("consent=0&consent=1&s=a&s=&t=x", Form);

        Assert.Equal("0, 1", payload.Text("consent"));
        Assert.Equal("1", payload.LastText("consent"));
        Assert.Equal("a", payload.LastText("s"));
        Assert.Equal("x", payload.Text("t"));
        Assert.Contains(PayloadNotes.RepeatedField, payload.Notes);
    }

    [Fact]
    public void Json_in_a_form_field_is_reached_by_path()
    {
        var payload = Read("submissionID=5&rawRequest=%7B%22q3_name%22%3A%7B%22first%22%3A%22Kin%22%7D%7D", Form);

        Assert.Equal("Kin", payload.Text("rawRequest.q3_name.first"));
        Assert.Equal("5", payload.Text("submissionID"));
        Assert.Null(payload.Text("rawRequest.nothing"));
    }

    [Fact]
    public void Json_under_a_forms_content_type_is_still_read()
    {
        var payload = Read("{\"phone\":\"1\"}", Form);

        Assert.Equal(PayloadKind.Json, payload.Kind);
        Assert.Equal([PayloadNotes.JsonAsForm], payload.Notes);
    }

    [Theory]
    [InlineData("{\"phone\":\"1\"}", null, PayloadKind.Json)]
    [InlineData("phone=1", null, PayloadKind.Form)]
    [InlineData("phone=1", "text/plain", PayloadKind.Form)]
    [InlineData(" {\"phone\":\"1\"}", "text/plain;charset=utf-8", PayloadKind.Json)]
    public void Without_a_telling_content_type_the_first_character_decides(string body, string? type, PayloadKind kind)
    {
        var payload = Read(body, type);

        Assert.Equal(kind, payload.Kind);
        Assert.Equal("1", payload.Text("phone"));
        Assert.Equal([PayloadNotes.Sniffed], payload.Notes);
    }

    [Fact]
    public void A_form_bomb_keeps_what_was_read()
    {
        var payload = Read(string.Join('&', Enumerable.Range(0, 5000).Select(i => $"k{i}=1")), Form);

        Assert.Equal("1", payload.Text("k4095"));
        Assert.Contains(PayloadNotes.Incomplete, payload.Notes);
    }

    [Fact]
    public void A_western_european_form_is_unescaped_in_its_own_encoding() =>
        Assert.Equal("Zo\u00eb", Read("n=Zo%EB", Form + "; charset=iso-8859-1").Text("n"));

    // Reliability I5: no bytes whatever make reading throw, and what comes out can be stored.
    [Fact]
    public void Random_bytes_never_throw_and_come_out_storable()
    {
        var types = new[] { Json, Form, null, "multipart/form-data; boundary=b", "text/xml", "application/json; charset=utf-16" };
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(5000),
            Prop.ForAll<byte[], int>((bytes, type) =>
            {
                var payload = PayloadDocument.Read(bytes ?? [], types[(type & 0xffff) % types.Length]);
                return IsStorable(payload);
            }));
    }

    [Fact]
    public void Mutated_samples_never_throw_and_come_out_storable()
    {
        var seeds = Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Contracts", "samples"), "*.json")
            .Select(File.ReadAllBytes).ToArray();
        var random = new Random(13);
        var pieces = new[]
        {
            "\\u0000", "\\ud800", "\"\"", "{", "}", "[", "]", ",", ":", "1e400", "-", "null", "\\", "\"a\":", "\0", "%00",
            "\ufeff", "&a[b][c]=1&", "\"{\\\"a\\\":[1,{}]}\"",
        }.Select(Encoding.UTF8.GetBytes).ToArray();
        var readable = 0;
        for (var round = 0; round < 30_000; round++)
        {
            var body = seeds[random.Next(seeds.Length)].ToList();
            for (var change = random.Next(4); change >= 0; change--)
            {
                var at = random.Next(body.Count);
                switch (random.Next(4))
                {
                    case 0:
                        body.InsertRange(at, pieces[random.Next(pieces.Length)]);
                        break;
                    case 1:
                        body.RemoveRange(at, Math.Min(random.Next(20), body.Count - at));
                        break;
                    case 2:
                        body[at] = (byte)random.Next(256);
                        break;
                    default:
                        body.InsertRange(at, body.GetRange(at, Math.Min(random.Next(40), body.Count - at)));
                        break;
                }

                if (body.Count == 0)
                {
                    body.Add((byte)'{');
                }
            }

            var payload = PayloadDocument.Read(body.ToArray(), random.Next(3) == 0 ? Form : Json);
            Assert.True(IsStorable(payload));
            readable += payload.Unreadable is null ? 1 : 0;
        }

        Assert.InRange(readable, 1000, 29_000);
    }

    private static bool IsStorable(PayloadDocument payload)
    {
        string?[] texts =
        [
            payload.Text("body"), payload.Text("body.data"), payload.Text("source"), payload.Text("[0]"), payload.Text("a"),
            payload.Text("headers"), payload.Text("body.answers[0].text"), payload.Unreadable, .. payload.Notes,
        ];
        return Array.TrueForAll(texts, text => text is null || SafeText.Clean(text) == text);
    }

    private static PayloadDocument Read(string body, string? type = Json) =>
        PayloadDocument.Read(Encoding.UTF8.GetBytes(body), type);
}
