using System.Text.Json;

namespace LeadLedger.EventStore.Verification;

/// <summary>The headers of an event as stored. The verifier reads them itself and accepts nothing it does not know.</summary>
internal readonly record struct StoredHeaders(
    string? Actor, string? Algorithm, string? Hash, string? Leaf, string? Previous, string? Salt)
{
    /// <param name="problem">What is wrong with the headers; null when they have the right members.</param>
    public static StoredHeaders Read(ReadOnlySpan<byte> json, out string? problem)
    {
        problem = null;
        string? actor = null, algorithm = null, hash = null, leaf = null, previous = null, salt = null;
        try
        {
            var reader = new Utf8JsonReader(json);
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                problem = "the headers are no object";
                return default;
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isActor = reader.ValueTextEquals("actor"u8);
                var isAlgorithm = reader.ValueTextEquals("alg"u8);
                var isHash = reader.ValueTextEquals("hash"u8);
                var isLeaf = reader.ValueTextEquals("leaf"u8);
                var isPrevious = reader.ValueTextEquals("prev"u8);
                var isSalt = reader.ValueTextEquals("salt"u8);
                var name = isActor || isAlgorithm || isHash || isLeaf || isPrevious || isSalt ? null : reader.GetString();
                reader.Read();
                if (name is not null || reader.TokenType != JsonTokenType.String)
                {
                    problem ??= name is null ? "a header is not a text" : $"the header '{name}' is unknown";
                    reader.Skip();
                    continue;
                }

                var value = reader.GetString();
                actor = isActor ? value : actor;
                algorithm = isAlgorithm ? value : algorithm;
                hash = isHash ? value : hash;
                leaf = isLeaf ? value : leaf;
                previous = isPrevious ? value : previous;
                salt = isSalt ? value : salt;
            }
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            problem = "the headers cannot be read";
        }

        return new StoredHeaders(actor, algorithm, hash, leaf, previous, salt);
    }
}
