using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace LeadLedger.Faults.Checking;

/// <summary>One event as it stands in the table.</summary>
public sealed record StoredFact(
    Guid Stream, long Version, Guid Id, string Type, DateTime At, string? Causation, string? Correlation, string Tenant, JsonElement Data, JsonElement Headers);

/// <summary>The hash chain computed a second time from its description in the documentation.</summary>
public static class PlainChain
{
    /// <summary>What is wrong with this event, given the hash of the one before it; null when nothing is.</summary>
    public static string? Problem(StoredFact fact, string? previous)
    {
        var salt = Header(fact, "salt");
        var leaf = Header(fact, "leaf");
        if (salt is not null)
        {
            byte[] salted = [.. Convert.FromHexString(salt), .. Encoding.UTF8.GetBytes(PlainCanonicalJson.Of(fact.Data))];
            if (Hex(salted) != leaf)
            {
                return "its data does not match its leaf";
            }
        }

        if (Header(fact, "prev") != previous)
        {
            return "it does not follow the event before it";
        }

        using var parts = new MemoryStream();
        parts.WriteByte(0);
        Text(Header(fact, "alg"));
        Text(fact.Tenant);
        Bytes(fact.Stream.ToByteArray(bigEndian: true));
        Number(fact.Version);
        Bytes(fact.Id.ToByteArray(bigEndian: true));
        Text(fact.Type);
        Number((fact.At - DateTime.UnixEpoch).Ticks / 10);
        Text(fact.Causation);
        Text(fact.Correlation);
        Text(Header(fact, "actor"));
        Text(leaf);
        Text(previous);
        return Hex(parts.ToArray()) == Header(fact, "hash") ? null : "its hash is another";

        void Text(string? text) => Bytes(Encoding.UTF8.GetBytes(text ?? ""));
        void Number(long number) => Bytes(Convert.FromHexString(number.ToString("x16", CultureInfo.InvariantCulture)));
        void Bytes(byte[] bytes)
        {
            parts.Write(Convert.FromHexString(bytes.Length.ToString("x8", CultureInfo.InvariantCulture)));
            parts.Write(bytes);
        }
    }

    public static string? Header(StoredFact fact, string name) =>
        fact.Headers.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
