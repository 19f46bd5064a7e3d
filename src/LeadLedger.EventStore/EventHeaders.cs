using System.Text.Json;

namespace LeadLedger.EventStore;

/// <summary>The event's headers: who acted, and its link in the hash chain.</summary>
internal static class EventHeaders
{
    private static readonly JsonEncodedText Actor = JsonEncodedText.Encode("actor");
    private static readonly JsonEncodedText Alg = JsonEncodedText.Encode("alg");
    private static readonly JsonEncodedText Hash = JsonEncodedText.Encode("hash");
    private static readonly JsonEncodedText Leaf = JsonEncodedText.Encode("leaf");
    private static readonly JsonEncodedText Prev = JsonEncodedText.Encode("prev");
    private static readonly JsonEncodedText Salt = JsonEncodedText.Encode("salt");

    public static byte[] Write(RecordedEvent e)
    {
        using var buffer = new MemoryStream(384);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString(Actor, e.Actor);
            writer.WriteString(Alg, HashChain.Algorithm);
            writer.WriteString(Hash, e.Hash);
            writer.WriteString(Leaf, e.Leaf);
            if (e.PreviousHash is not null)
            {
                writer.WriteString(Prev, e.PreviousHash);
            }

            writer.WriteString(Salt, e.Salt);
            writer.WriteEndObject();
        }

        return buffer.ToArray();
    }

    public static ReadHeaders Read(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        string? actor = null, alg = null, hash = null, leaf = null, prev = null, salt = null;
        while (reader.Read())
        {
            if (reader.TokenType != JsonTokenType.PropertyName)
            {
                continue;
            }

            var name = reader.GetString();
            reader.Read();
            if (reader.TokenType != JsonTokenType.String)
            {
                reader.Skip();
                continue;
            }

            var value = reader.GetString();
            switch (name)
            {
                case "actor": actor = value; break;
                case "alg": alg = value; break;
                case "hash": hash = value; break;
                case "leaf": leaf = value; break;
                case "prev": prev = value; break;
                case "salt": salt = value; break;
                default: break;
            }
        }

        return new ReadHeaders(alg, actor, hash, leaf, prev, salt);
    }
}

/// <summary>Headers as read back; anything may be missing in a damaged row, and the verifier says so.</summary>
internal readonly record struct ReadHeaders(
    string? Alg, string? Actor, string? Hash, string? Leaf, string? Prev, string? Salt);
