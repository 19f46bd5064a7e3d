using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using LeadLedger.Intake;
using LeadLedger.Tests.Support;

namespace LeadLedger.Tests.Intake.Twilio;

[Trait("Requirement", "SEC-01")]
public sealed class TwilioSignatureTests
{
    private const string Token = "0123456789abcdef0123456789abcdef";
    private const string Url = "https://leads.example.com/api/webhooks/twilio?b=demo&x=%20y";

    private static readonly KeyValuePair<string, string>[] Fields =
    [
        new("CallSid", "CA450188bc524230c5086da78b80861648"),
        new("From", "+18181234567"),
        new("CalledCity", ""),
        new("CallStatus", "ringing"),
        new("Name", "Zo\u00eb \ud83d\ude00"),
    ];

    public static TheoryData<string> Ids()
    {
        var ids = new TheoryData<string>();
        foreach (var row in ContractFiles.Vectors("twilio.json").GetProperty("vectors").EnumerateArray())
        {
            ids.Add(row.GetProperty("id").GetString()!);
        }

        return ids;
    }

    [Fact]
    public void The_published_vectors_number_thirty_one() => Assert.Equal(31, Ids().Count);

    [Theory]
    [MemberData(nameof(Ids))]
    public void A_published_vector_gives_its_published_verdict(string id)
    {
        var row = ContractFiles.Vectors("twilio.json").GetProperty("vectors").EnumerateArray()
            .Single(vector => vector.GetProperty("id").GetString() == id);
        var isForm = row.GetProperty("content_type").GetString() == "application/x-www-form-urlencoded";
        var body = row.TryGetProperty("body", out var text) ? Encoding.UTF8.GetBytes(text.GetString()!) : [];

        var valid = TwilioSignature.IsValid(
            row.GetProperty("secret").GetString()!,
            row.GetProperty("url").GetString()!,
            isForm ? Pairs(row.GetProperty("params")) : null,
            body,
            row.GetProperty("expected").GetString());

        Assert.Equal(row.GetProperty("valid").GetBoolean(), valid);
    }

    [Fact]
    public void Both_tokens_are_accepted_while_one_replaces_the_other()
    {
        var header = Sign("old", Url, Fields);

        Assert.True(TwilioSignature.IsValid(["new", "old"], Url, Fields, [], header));
        Assert.False(TwilioSignature.IsValid(["new", "newer"], Url, Fields, [], header));
    }

    [Fact]
    public void Without_a_token_nothing_is_valid()
    {
        Assert.False(TwilioSignature.IsValid("", Url, Fields, [], Sign("", Url, Fields)));
        Assert.False(TwilioSignature.IsValid(ReadOnlySpan<string>.Empty, Url, Fields, [], Sign(Token, Url, Fields)));
    }

    [Fact]
    public void The_order_in_which_fields_arrive_does_not_matter()
    {
        var header = Sign(Token, Url, Fields);

        Assert.True(TwilioSignature.IsValid(Token, Url, [.. Fields.Reverse()], [], header));
        Assert.True(TwilioSignature.IsValid(Token, Url, [.. Fields, Fields[1]], [], header));
    }

    [Fact]
    public void A_fragment_of_connection_overrides_is_not_signed() =>
        Assert.True(TwilioSignature.IsValid(Token, Url + "#rc=2&rp=all", Fields, [], Sign(Token, Url, Fields)));

    [Theory]
    [InlineData("https://[2001:db8::1]/t", "https://[2001:db8::1]:443/t")]
    [InlineData("https://[2001:db8::1]:8443/t", "https://[2001:db8::1]/t")]
    [InlineData("https://u:p@leads.example.com:8443/t", "https://u:p@leads.example.com/t")]
    [InlineData("http://leads.example.com?b=1", "http://leads.example.com:80?b=1")]
    public void An_address_is_tried_with_and_without_its_port(string called, string signed) =>
        Assert.True(TwilioSignature.IsValid(Token, called, Fields, [], Sign(Token, signed, Fields)));

    [Fact]
    public void A_get_request_is_signed_over_its_address_alone() =>
        Assert.True(TwilioSignature.IsValid(Token, Url, [], [], Sign(Token, Url, [])));

    [Fact]
    public void A_json_body_changed_under_a_valid_address_is_refused()
    {
        var body = "{\"a\":1}"u8.ToArray();
        var url = Url + "&bodySHA256=" + Convert.ToHexStringLower(SHA256.HashData(body));
        var header = Sign(Token, url, []);

        Assert.True(TwilioSignature.IsValid(Token, url, null, body, header));
        Assert.False(TwilioSignature.IsValid(Token, url, null, "{\"a\":2}"u8, header));
        Assert.False(TwilioSignature.IsValid(Token, Url, null, body, Sign(Token, Url, [])));
    }

    // Reliability I4: one changed character anywhere in address, fields, header or token is refused.
    [Fact]
    public void A_hundred_thousand_mutations_are_all_refused()
    {
        var random = new Random(20260821);
        var header = Sign(Token, Url, Fields);
        var accepted = new List<string>();
        for (var round = 0; round < 100_000; round++)
        {
            var (token, url, fields, signature) = (Token, Url, Fields, header);
            switch (round % 4)
            {
                case 0:
                    signature = Mutate(header, random);
                    break;
                case 1:
                    token = Mutate(Token, random);
                    break;
                case 2:
                    url = Mutate(Url, random);
                    break;
                default:
                    var index = random.Next(Fields.Length);
                    fields = [.. Fields];
                    fields[index] = random.Next(2) == 0
                        ? new(Mutate(Fields[index].Key, random), Fields[index].Value)
                        : new(Fields[index].Key, Mutate(Fields[index].Value, random));
                    break;
            }

            if (TwilioSignature.IsValid(token, url, fields, [], signature))
            {
                accepted.Add($"{token} {url} {signature} {string.Join(' ', fields)}");
            }
        }

        Assert.True(accepted.Count == 0, string.Join("\n", accepted));
    }

    [Fact]
    public void Random_input_never_throws()
    {
        var random = new Random(7);
        for (var round = 0; round < 20_000; round++)
        {
            var fields = Enumerable.Range(0, random.Next(6))
                .Select(_ => new KeyValuePair<string, string>(RandomText(random), RandomText(random))).ToArray();
            var body = new byte[random.Next(40)];
            random.NextBytes(body);

            Assert.False(TwilioSignature.IsValid(
                [RandomText(random), Token],
                RandomText(random),
                random.Next(3) == 0 ? null : fields,
                body,
                random.Next(2) == 0 ? RandomText(random) : new string('A', 27) + "="));
        }
    }

    private static string Mutate(string text, Random random)
    {
        if (text.Length == 0)
        {
            return "x";
        }

        var index = random.Next(text.Length);
        return random.Next(3) switch
        {
            0 => text.Remove(index, 1) is var shorter && shorter != text ? shorter : text + "z",
            1 => text.Insert(index, ((char)random.Next(0x24, 0x7f)).ToString()),
            _ => text[..index] + (char)(text[index] == 'q' ? 'r' : 'q') + text[(index + 1)..],
        };
    }

    private static string RandomText(Random random)
    {
        var text = new char[random.Next(30)];
        for (var index = 0; index < text.Length; index++)
        {
            const string special = "://?@#:[]'%&=\ud800\udc00\0";
            text[index] = random.Next(3) == 0 ? special[random.Next(special.Length)] : (char)random.Next(0x10000);
        }

        return new(text);
    }

    private static string Sign(string token, string url, IEnumerable<KeyValuePair<string, string>> fields)
    {
        var signed = new StringBuilder(url);
        foreach (var (key, value) in fields.Distinct().OrderBy(pair => pair.Key, StringComparer.Ordinal)
            .ThenBy(pair => pair.Value, StringComparer.Ordinal))
        {
            signed.Append(key).Append(value);
        }

#pragma warning disable CA5350 // The provider's scheme.
        return Convert.ToBase64String(
            HMACSHA1.HashData(Encoding.UTF8.GetBytes(token), Encoding.UTF8.GetBytes(signed.ToString())));
#pragma warning restore CA5350
    }

    private static List<KeyValuePair<string, string>> Pairs(JsonElement parameters)
    {
        var pairs = new List<KeyValuePair<string, string>>();
        foreach (var property in parameters.EnumerateObject())
        {
            if (property.Value.ValueKind == JsonValueKind.Array)
            {
                pairs.AddRange(property.Value.EnumerateArray()
                    .Select(value => KeyValuePair.Create(property.Name, value.GetString()!)));
            }
            else
            {
                pairs.Add(new(property.Name, property.Value.GetString()!));
            }
        }

        return pairs;
    }
}
