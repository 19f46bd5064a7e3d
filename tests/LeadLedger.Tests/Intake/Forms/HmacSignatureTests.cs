using System.Globalization;
using System.Text;
using System.Text.Json;
using LeadLedger.Businesses;
using LeadLedger.Intake;
using LeadLedger.Tests.Support;
using NodaTime;

namespace LeadLedger.Tests.Intake.Forms;

[Trait("Requirement", "SEC-01")]
public sealed class HmacSignatureTests
{
    private const string Unused = "LEADLEDGER_TEST_SECRET_THAT_NOBODY_SETS";
    private static readonly Instant AnyTime = Instant.FromUtc(2026, 1, 1, 0, 0);

    private static readonly Dictionary<string, FormAuthentication> Schemes = new()
    {
        ["typeform"] = Hmac("Typeform-Signature") with { Prefix = "sha256=", Encoding = "base64" },
        ["webflow"] = Hmac("x-webflow-signature") with
        {
            Signed = "{timestamp}:{body}",
            TimestampHeader = "x-webflow-timestamp",
            TimestampUnit = "ms",
        },
        ["tally"] = Hmac("Tally-Signature") with { Encoding = "base64" },
        ["calendly"] = Hmac("Calendly-Webhook-Signature") with
        {
            HeaderFormat = "t={timestamp},v1={signature}",
            Signed = "{timestamp}.{body}",
            ToleranceSeconds = 180,
        },
        ["calcom"] = Hmac("X-Cal-Signature-256"),
        ["quo-legacy"] = Hmac("openphone-signature") with
        {
            HeaderFormat = "hmac;1;{timestamp};{signature}",
            Signed = "{timestamp}.{body}",
            TimestampUnit = "ms",
            Encoding = "base64",
            SecretEncoding = "base64",
        },
        ["meta-leadgen"] = Hmac("X-Hub-Signature-256") with { Prefix = "sha256=" },
        ["stripe"] = Hmac("Stripe-Signature") with
        {
            HeaderFormat = "t={timestamp},v1={signature}",
            Signed = "{timestamp}.{body}",
        },
        ["callrail"] = Hmac("Signature") with { Algorithm = "sha1", Encoding = "base64" },
    };

    [Theory]
    [InlineData("typeform")]
    [InlineData("webflow")]
    [InlineData("tally")]
    [InlineData("calendly")]
    [InlineData("calcom")]
    [InlineData("quo-legacy")]
    [InlineData("meta-leadgen")]
    public void A_derived_vector_is_valid_and_every_change_to_it_is_not(string id)
    {
        var row = Row("derived.json", id);
        var scheme = Schemes[id];
        var secret = row.GetProperty("secret").GetString()!;
        var body = Encoding.UTF8.GetBytes(row.GetProperty("body").GetString()!);
        var signature = row.GetProperty("expected").GetString()!;
        var time = row.TryGetProperty("timestamp", out var text) ? text.GetString() : null;
        var now = time is null ? AnyTime : At(time, scheme.TimestampUnit);

        Assert.Null(HmacSignature.Problem(scheme));
        Assert.Equal(SignatureVerdict.Valid, Verify(scheme, secret, signature, body, now, time));
        Assert.Equal(SignatureVerdict.Invalid, Verify(scheme, secret, signature, [.. body, (byte)' '], now, time));
        Assert.Equal(SignatureVerdict.Missing, Verify(scheme, secret, null, body, now, time));
        Assert.NotEqual(SignatureVerdict.Valid, Verify(scheme, secret + "x", signature, body, now, time));
        Assert.NotEqual(SignatureVerdict.Valid, Verify(scheme, secret, signature[..^2] + "AA", body, now, time));
        Assert.NotEqual(SignatureVerdict.Valid, Verify(scheme, secret, "x" + signature, body, now, time));
    }

    [Fact]
    public void Quos_current_webhooks_are_standard_webhooks()
    {
        var row = Row("derived.json", "quo-2026");
        var headers = row.GetProperty("headers");

        Assert.Equal(
            SignatureVerdict.Valid,
            StandardWebhooks.Verify(
                Encoding.UTF8.GetBytes(row.GetProperty("body").GetString()!),
                headers.GetProperty("webhook-id").GetString(),
                headers.GetProperty("webhook-timestamp").GetString(),
                row.GetProperty("expected").GetString(),
                [row.GetProperty("secret").GetString()!],
                At("1776081600", "s")));
    }

    [Fact]
    public void The_published_callrail_vector_is_valid()
    {
        var row = Row("callrail.json", "docs-published");

        Assert.Equal(
            SignatureVerdict.Valid,
            Verify(
                Schemes["callrail"],
                row.GetProperty("secret").GetString()!,
                row.GetProperty("expected").GetString(),
                Encoding.UTF8.GetBytes(row.GetProperty("body").GetString()!),
                AnyTime));
    }

    [Fact]
    public void The_published_stripe_vectors_give_their_verdicts()
    {
        var rows = ContractFiles.Vectors("stripe.json").GetProperty("vectors").EnumerateArray().ToArray();
        var body = Encoding.UTF8.GetBytes(rows[0].GetProperty("body").GetString()!);

        Assert.All(rows, row =>
        {
            var verdict = Verify(
                Schemes["stripe"],
                row.GetProperty("secret").GetString()!,
                row.GetProperty("header_value").GetString(),
                body,
                At("1533204620", "s"));
            Assert.Equal(row.GetProperty("valid").GetBoolean(), verdict == SignatureVerdict.Valid);
        });
        Assert.True(rows.Length >= 5);
    }

    [Theory]
    [InlineData(-181, SignatureVerdict.Stale)]
    [InlineData(-180, SignatureVerdict.Valid)]
    [InlineData(180, SignatureVerdict.Valid)]
    [InlineData(181, SignatureVerdict.Stale)]
    public void A_signed_time_is_tolerated_to_the_second(int seconds, SignatureVerdict verdict)
    {
        var row = Row("derived.json", "calendly");

        Assert.Equal(
            verdict,
            Verify(
                Schemes["calendly"],
                row.GetProperty("secret").GetString()!,
                row.GetProperty("expected").GetString(),
                Encoding.UTF8.GetBytes(row.GetProperty("body").GetString()!),
                At("1703438858", "s") + Duration.FromSeconds(seconds)));
    }

    [Fact]
    public void Header_parts_come_in_any_order_and_a_second_signature_counts_too()
    {
        var row = Row("derived.json", "calendly");
        var body = Encoding.UTF8.GetBytes(row.GetProperty("body").GetString()!);
        var secret = row.GetProperty("secret").GetString()!;
        var signature = row.GetProperty("expected").GetString()!.Split("v1=")[1];
        var now = At("1703438858", "s");

        SignatureVerdict Judge(string header) => Verify(Schemes["calendly"], secret, header, body, now);

        Assert.Equal(SignatureVerdict.Valid, Judge($"v1={signature}, t=1703438858"));
        Assert.Equal(SignatureVerdict.Valid, Judge($"t=1703438858,v1={new string('0', 64)},v1={signature},v0=x"));
        Assert.Equal(SignatureVerdict.Valid, Judge($"t=1703438858,v1={signature.ToUpperInvariant()}"));
        Assert.Equal(SignatureVerdict.Invalid, Judge($"t=1703438858,t=1703438859,v1={signature}"));
        Assert.Equal(SignatureVerdict.Missing, Judge($"v1={signature}"));
    }

    [Fact]
    public void An_old_secret_is_accepted_while_it_is_being_replaced()
    {
        var row = Row("derived.json", "tally");
        var verdict = HmacSignature.Verify(
            Schemes["tally"],
            ["new-secret", row.GetProperty("secret").GetString()!],
            _ => row.GetProperty("expected").GetString(),
            Encoding.UTF8.GetBytes(row.GetProperty("body").GetString()!),
            AnyTime);

        Assert.Equal(SignatureVerdict.Valid, verdict);
    }

    [Fact]
    public void A_secret_that_is_not_set_proves_nothing()
    {
        var scheme = Schemes["tally"] with { Secret = new(Unused, null), PreviousSecret = new(null, "/nonexistent") };

        Assert.Equal(SignatureVerdict.NotConfigured, HmacSignature.Verify(scheme, _ => "x", "{}"u8, AnyTime));
    }

    [Fact]
    public void A_description_that_proves_nothing_is_refused_with_a_sentence()
    {
        var good = Schemes["webflow"];
        FormAuthentication[] bad =
        [
            good with { Header = null },
            good with { Algorithm = "md5" },
            good with { Encoding = "rot13" },
            good with { SecretEncoding = "hex" },
            good with { TimestampUnit = "min" },
            good with { Signed = "{timestamp}" },
            good with { Signed = "{body}" },
            good with { TimestampHeader = null },
            good with { HeaderFormat = "v1=" },
            good with { ToleranceSeconds = 0 },
            good with { Signed = "{id}{timestamp}:{body}" },
        ];

        Assert.Null(HmacSignature.Problem(good));
        Assert.All(bad, scheme =>
        {
            Assert.EndsWith(".", HmacSignature.Problem(scheme), StringComparison.Ordinal);
            Assert.Equal(SignatureVerdict.NotConfigured, Verify(scheme, "s", "x", [], AnyTime));
        });
    }

    [Fact]
    public void An_id_can_be_part_of_what_is_signed()
    {
        var scheme = Hmac("sig") with { Signed = "{id}|{body}", IdHeader = "msg-id" };

        // HMAC-SHA256 of "7|{}" with the key "k", computed with another tool.
        Assert.Equal(
            SignatureVerdict.Invalid,
            HmacSignature.Verify(scheme, ["k"], name => name == "sig" ? new string('0', 64) : "7", "{}"u8, AnyTime));
        Assert.Equal(
            SignatureVerdict.Missing,
            HmacSignature.Verify(scheme, ["k"], name => name == "sig" ? new string('0', 64) : null, "{}"u8, AnyTime));
        Assert.Equal(
            SignatureVerdict.Valid,
            HmacSignature.Verify(
                scheme,
                ["k"],
                name => name == "sig" ? "f2297d7faa206fc4e9e08543d7cce25f7acbbf7dd52266bf95ed0c8feef7edb9" : "7",
                "{}"u8,
                AnyTime));
    }

    [Theory]
    [InlineData("s3cret", SignatureVerdict.Valid)]
    [InlineData("former", SignatureVerdict.Valid)]
    [InlineData("s3cre", SignatureVerdict.Invalid)]
    [InlineData("S3cret", SignatureVerdict.Invalid)]
    [InlineData("", SignatureVerdict.Missing)]
    [InlineData(null, SignatureVerdict.Missing)]
    public void A_shared_secret_is_compared_whole(string? given, SignatureVerdict verdict) =>
        Assert.Equal(verdict, SharedSecret.Verify(given, ["s3cret", "former"]));

    [Fact]
    public void Without_a_configured_secret_an_empty_one_does_not_match()
    {
        Assert.Equal(SignatureVerdict.NotConfigured, SharedSecret.Verify("", []));
        Assert.Equal(SignatureVerdict.NotConfigured, SharedSecret.Verify("", [""]));
    }

    [Fact]
    public void Random_headers_never_throw_and_never_pass()
    {
        var random = new Random(9);
        for (var round = 0; round < 20_000; round++)
        {
            var scheme = Schemes.Values.ElementAt(random.Next(Schemes.Count));
            var text = string.Concat(Enumerable.Range(0, random.Next(60)).Select(_ =>
                random.Next(3) == 0 ? "t=,v1;hmac 0aZ/+"[random.Next(16)] : (char)random.Next(0x10000)));

            Assert.NotEqual(
                SignatureVerdict.Valid,
                HmacSignature.Verify(scheme, ["c2VjcmV0"], _ => text, "{}"u8, AnyTime));
        }
    }

    private static SignatureVerdict Verify(
        FormAuthentication scheme,
        string secret,
        string? signature,
        ReadOnlySpan<byte> body,
        Instant now,
        string? timestamp = null) =>
        HmacSignature.Verify(
            scheme,
            [secret],
            name => name == scheme.Header ? signature : name == scheme.TimestampHeader ? timestamp : null,
            body,
            now);

    private static Instant At(string time, string unit)
    {
        var number = long.Parse(time, CultureInfo.InvariantCulture);
        return unit == "ms" ? Instant.FromUnixTimeMilliseconds(number) : Instant.FromUnixTimeSeconds(number);
    }

    private static FormAuthentication Hmac(string header) => new() { Scheme = FormScheme.Hmac, Header = header };

    private static JsonElement Row(string file, string id) =>
        ContractFiles.Vectors(file).GetProperty("vectors").EnumerateArray()
            .Single(row => row.GetProperty("id").GetString() == id);
}
