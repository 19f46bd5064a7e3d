using System.Text;
using System.Text.Json;
using LeadLedger.Intake;
using LeadLedger.Tests.Support;
using NodaTime;

namespace LeadLedger.Tests.Intake.Forms;

[Trait("Requirement", "SEC-01")]
public sealed class StandardWebhooksTests
{
    private const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private const string Id = "msg_p5jXN8AQM9LWM0D4loKWxJek";
    private const string Published = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
    private static readonly Instant SignedAt = Instant.FromUnixTimeSeconds(1614265330);
    private static readonly byte[] Body = "{\"test\": 2432232314}"u8.ToArray();

    [Theory]
    [InlineData("sign-1614265330")]
    [InlineData("rust-sign")]
    [InlineData("rust-no-verify")]
    [InlineData("tampered-signature")]
    [InlineData("multi-signature")]
    public void A_published_vector_gives_its_published_verdict(string id)
    {
        var row = Row(id);
        var headers = row.GetProperty("headers");
        var timestamp = headers.GetProperty("webhook-timestamp").GetString()!;

        var verdict = StandardWebhooks.Verify(
            Encoding.UTF8.GetBytes(row.GetProperty("body").GetString()!),
            headers.GetProperty("webhook-id").GetString(),
            timestamp,
            row.GetProperty("expected").GetString(),
            [row.GetProperty("secret").GetString()!],
            Instant.FromUnixTimeSeconds(long.Parse(timestamp, System.Globalization.CultureInfo.InvariantCulture)));

        Assert.Equal(
            row.GetProperty("valid").GetBoolean() ? SignatureVerdict.Valid : SignatureVerdict.Invalid,
            verdict);
    }

    [Fact]
    public void An_asymmetric_signature_is_skipped_and_a_symmetric_one_beside_it_counts()
    {
        var asymmetric = Row("asymmetric-v1a").GetProperty("expected").GetString()!;

        Assert.Equal(SignatureVerdict.Invalid, Verify(asymmetric));
        Assert.Equal(SignatureVerdict.Valid, Verify($"{asymmetric} {Published}"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("whsec_")]
    [InlineData("whsec_not base64!")]
    public void An_unusable_secret_proves_nothing(string secret)
    {
        Assert.Equal(SignatureVerdict.NotConfigured, Verify(Published, secret));
        Assert.NotNull(StandardWebhooks.SecretProblem(secret));
    }

    [Fact]
    public void A_key_of_the_wrong_length_is_told_to_the_operator()
    {
        Assert.Null(StandardWebhooks.SecretProblem(Secret));
        Assert.NotNull(StandardWebhooks.SecretProblem("whsec_c2hvcnQ="));
    }

    [Fact]
    public void Both_secrets_are_accepted_while_one_replaces_the_other() =>
        Assert.Equal(
            SignatureVerdict.Valid,
            StandardWebhooks.Verify(
                Body, Id, "1614265330", Published, ["whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD", Secret], SignedAt));

    [Theory]
    [InlineData(-301, SignatureVerdict.Stale)]
    [InlineData(-300, SignatureVerdict.Valid)]
    [InlineData(300, SignatureVerdict.Valid)]
    [InlineData(301, SignatureVerdict.Stale)]
    public void Five_minutes_either_way_are_tolerated(int seconds, SignatureVerdict verdict) =>
        Assert.Equal(
            verdict,
            StandardWebhooks.Verify(
                Body, Id, "1614265330", Published, [Secret], SignedAt + Duration.FromSeconds(seconds)));

    [Theory]
    [InlineData(null, "1614265330", Published, SignatureVerdict.Missing)]
    [InlineData("", "1614265330", Published, SignatureVerdict.Missing)]
    [InlineData(Id, null, Published, SignatureVerdict.Missing)]
    [InlineData(Id, "1614265330", null, SignatureVerdict.Missing)]
    [InlineData("a.b", "1614265330", Published, SignatureVerdict.Invalid)]
    [InlineData("a b", "1614265330", Published, SignatureVerdict.Invalid)]
    [InlineData(Id, "1614265330.5", Published, SignatureVerdict.Invalid)]
    [InlineData(Id, "+1614265330", Published, SignatureVerdict.Invalid)]
    [InlineData(Id, " 1614265330", Published, SignatureVerdict.Invalid)]
    [InlineData(Id, "99999999999999999999", Published, SignatureVerdict.Invalid)]
    [InlineData(Id, "1614265331", Published, SignatureVerdict.Invalid)]
    [InlineData(Id, "1614265330", "v1,", SignatureVerdict.Invalid)]
    [InlineData(Id, "1614265330", "g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", SignatureVerdict.Invalid)]
    [InlineData(Id, "1614265330", "v2,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", SignatureVerdict.Invalid)]
    [InlineData(Id, "1614265330", "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OF=", SignatureVerdict.Invalid)]
    public void Malformed_headers_are_told_apart(string? id, string? time, string? signature, SignatureVerdict verdict) =>
        Assert.Equal(verdict, StandardWebhooks.Verify(Body, id, time, signature, [Secret], SignedAt));

    [Fact]
    public void One_signed_text_cannot_be_read_as_another_message()
    {
        var signature = StandardWebhooks.Sign([Secret], "a", SignedAt, "1614265331.rest"u8);

        Assert.Equal(
            SignatureVerdict.Invalid,
            StandardWebhooks.Verify("rest"u8, "a.1614265330", "1614265331", signature, [Secret], SignedAt));
    }

    [Fact]
    public void Signing_gives_the_published_signature_and_one_for_each_secret()
    {
        var two = StandardWebhooks.Sign([Secret, "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"], Id, SignedAt, Body);

        Assert.Equal(Published, StandardWebhooks.Sign([Secret], Id, SignedAt, Body));
        Assert.StartsWith(Published + " v1,", two, StringComparison.Ordinal);
        Assert.Equal("1614265330", StandardWebhooks.Timestamp(SignedAt));
    }

    [Fact]
    public void Signing_refuses_an_unusable_secret_or_id()
    {
        Assert.Throws<ArgumentException>(() => StandardWebhooks.Sign(["whsec_"], Id, SignedAt, Body));
        Assert.Throws<ArgumentException>(() => StandardWebhooks.Sign([], Id, SignedAt, Body));
        Assert.Throws<ArgumentException>(() => StandardWebhooks.Sign([Secret], "a.b", SignedAt, Body));
    }

    [Fact]
    public void A_body_is_judged_by_its_bytes()
    {
        byte[] body = [0xff, 0x00, 0xfe];
        var signature = StandardWebhooks.Sign([Secret], Id, SignedAt, body);

        Assert.Equal(
            SignatureVerdict.Valid,
            StandardWebhooks.Verify(body, Id, "1614265330", signature, [Secret], SignedAt));
        Assert.Equal(
            SignatureVerdict.Invalid,
            StandardWebhooks.Verify([0xff, 0x00], Id, "1614265330", signature, [Secret], SignedAt));
    }

    private static SignatureVerdict Verify(string signature, string secret = Secret) =>
        StandardWebhooks.Verify(Body, Id, "1614265330", signature, [secret], SignedAt);

    private static JsonElement Row(string id) =>
        ContractFiles.Vectors("standard-webhooks.json").GetProperty("vectors").EnumerateArray()
            .Single(row => row.GetProperty("id").GetString() == id);
}
