using LeadLedger.EventStore;
using LeadLedger.EventStore.Verification;
using NodaTime;

namespace LeadLedger.Tests.EventStore;

/// <summary>The vectors were computed by a program of another language from the description in docs/decisions/0011.</summary>
public sealed class HashChainTests
{
    private const string Leaf = "1c50c5451351b1d0968ce1e5f1587bc025f569efc2e856799c0c5cc0571d5f58";
    private const string First = "3f71dbc189b1a32ab4da61b66d0dc58ebf6fb7c97d741d42486f33c19e8c4c40";
    private const string Second = "b47110bb74128276408479bfad64e742e4e8403a0d5f6342e67640b38e86394d";
    private const string Salt = "000102030405060708090a0b0c0d0e0f";
    private static readonly StreamKey Stream = new("oak-hvac", new Guid("0190a5f0-0000-7000-8000-000000000001"));
    private static readonly Instant At = Instant.FromUtc(2026, 11, 20, 18, 30).PlusNanoseconds(123_456_000);
    private static readonly byte[] Data = "{\"by\":\"Zoë\",\"text\":\"call back\"}"u8.ToArray();

    [Fact]
    public void The_leaf_is_the_digest_of_salt_and_canonical_data() =>
        Assert.Equal(Leaf, HashChain.Leaf(Convert.FromHexString(Salt), Data));

    [Fact]
    public void The_hash_covers_every_part_after_its_length()
    {
        var first = new ChainedEvent(
            "sha256-v1", Stream.Tenant, Stream.Id, 1, new Guid("0190a5f0-0000-7000-8000-0000000000a1"), "note_added", At,
            null, null, "staff:zoë", Leaf, null);
        var second = new ChainedEvent(
            "sha256-v1", Stream.Tenant, Stream.Id, 2, new Guid("0190a5f0-0000-7000-8000-0000000000a2"), "note_added",
            At + Duration.FromSeconds(1), "twilio.call:CA1", "req-7", "system", Leaf, First);

        Assert.Equal((First, Second), (HashChain.Hash(first), HashChain.Hash(second)));
    }

    [Fact]
    public void Moving_a_sign_from_one_part_to_the_next_changes_the_hash()
    {
        var one = new ChainedEvent("sha256-v1", "ab", Stream.Id, 1, Stream.Id, "c", At, "d", "e", "f", Leaf, null);

        Assert.Distinct(
        [
            HashChain.Hash(one),
            HashChain.Hash(one with { CausationId = "de", CorrelationId = "" }),
            HashChain.Hash(one with { CausationId = "", CorrelationId = "de" }),
            HashChain.Hash(one with { Actor = "e", CorrelationId = "f" }),
        ]);
    }

    [Fact]
    public void A_text_longer_than_the_first_buffer_is_hashed_whole()
    {
        var one = new ChainedEvent("sha256-v1", "ab", Stream.Id, 1, Stream.Id, "c", At, new string('x', 5000) + "1", null, "f", Leaf, null);

        Assert.NotEqual(HashChain.Hash(one), HashChain.Hash(one with { CausationId = new string('x', 5000) + "2" }));
    }

    [Fact]
    public void The_verifier_finds_the_vectors_sound_with_its_own_assembly_of_the_bytes()
    {
        var check = new ChainCheck();
        var first = Row(1, "a1", At, null, null);
        var second = Row(2, "a2", At + Duration.FromSeconds(1), "twilio.call:CA1", "req-7");

        Assert.Null(check.FindProblem(first, new StoredHeaders("staff:zoë", "sha256-v1", First, Leaf, null, Salt), null));
        Assert.Null(check.FindProblem(second, new StoredHeaders("system", "sha256-v1", Second, Leaf, First, Salt), First));
        Assert.NotNull(check.FindProblem(second, new StoredHeaders("system", "sha256-v1", Second, Leaf, First, Salt), null));
    }

    private static StoredEvent Row(long version, string id, Instant at, string? causation, string? correlation) => new()
    {
        Stream = Stream,
        Version = version,
        Id = new Guid($"0190a5f0-0000-7000-8000-0000000000{id}"),
        Type = "note_added",
        // As jsonb gives it back: with white space, and in an order of its own.
        Data = "{\"text\": \"call back\", \"by\": \"Zoë\"}"u8.ToArray(),
        Timestamp = at.ToDateTimeUtc(),
        CausationId = causation,
        CorrelationId = correlation,
        Headers = [],
        Sequence = version,
        IsArchived = false,
        HasBinaryData = false,
    };
}
