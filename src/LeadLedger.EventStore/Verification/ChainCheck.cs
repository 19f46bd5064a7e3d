using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace LeadLedger.EventStore.Verification;

/// <summary>
/// Checks one event against its own headers and the event before it. It assembles the hashed bytes itself instead of
/// asking the writer's code, so that a mistake there cannot vouch for itself. Not thread-safe: it keeps its buffers.
/// </summary>
internal sealed class ChainCheck
{
    private const string Algorithm = "sha256-v1";
    private const int SaltDigits = 32;
    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789abcdef");
    private readonly ArrayBufferWriter<byte> _buffer = new(4096);

    /// <summary>What is wrong with this event; null when it is sound.</summary>
    /// <param name="e">The row.</param>
    /// <param name="headers">Its headers.</param>
    /// <param name="previous">The hash stored with the event before it; null for the first.</param>
    public string? FindProblem(StoredEvent e, in StoredHeaders headers, string? previous)
    {
        if (headers.Algorithm != Algorithm)
        {
            return headers.Algorithm is null ? "the header 'alg' is missing" : $"the algorithm '{headers.Algorithm}' is unknown";
        }

        if (headers.Actor is null || headers.Hash is null || headers.Leaf is null)
        {
            return "a header is missing: actor, hash and leaf are always there";
        }

        // An erased event will have no salt and be named, with the digest of what is left, by a later event of the chain.
        // Until there is such an event, a missing salt can only be tampering.
        if (headers.Salt is null)
        {
            return "the salt is missing, and no erasure accounts for it";
        }

        if (headers.Salt.Length != SaltDigits || headers.Salt.AsSpan().ContainsAnyExcept(Digits))
        {
            return "the salt is not 32 lower-case hexadecimal digits";
        }

        // The hash takes an absent id and an empty one for the same, and the writer never writes an empty one.
        if (e.CausationId is "" || e.CorrelationId is "")
        {
            return "a causation or correlation id is empty where it would be absent";
        }

        if (e.IsArchived || e.HasBinaryData)
        {
            return e.IsArchived ? "it is marked as archived" : "it carries binary data";
        }

        string leaf;
        try
        {
            leaf = LeafOf(headers.Salt, e.Data);
        }
        catch (Exception exception) when (exception is FormatException or JsonException)
        {
            return $"the data cannot be what was recorded: {exception.Message}";
        }

        if (leaf != headers.Leaf)
        {
            return "the data is not what was recorded: it does not match its leaf";
        }

        if (HashOf(e, headers) != headers.Hash)
        {
            return "the hash does not match: type, time, actor, place, cause or the link to the event before was changed";
        }

        return headers.Previous == previous
            ? null
            : previous is null
                ? "the first event of the stream names an event before it"
                : "the link is broken: it does not follow the event stored before it";
    }

    private string LeafOf(string salt, byte[] data)
    {
        _buffer.ResetWrittenCount();
        _buffer.Write(Convert.FromHexString(salt));
        CanonicalJson.Write(data, _buffer);
        return Digest();
    }

    // A zero byte, then each part after its length in four bytes, big-endian; see docs/decisions/0011.
    private string HashOf(StoredEvent e, in StoredHeaders headers)
    {
        _buffer.ResetWrittenCount();
        _buffer.Write([(byte)0]);
        Text(headers.Algorithm);
        Text(e.Stream.Tenant);
        Id(e.Stream.Id);
        Number(e.Version);
        Id(e.Id);
        Text(e.Type);
        Number((e.Timestamp.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond);
        Text(e.CausationId);
        Text(e.CorrelationId);
        Text(headers.Actor);
        Text(headers.Leaf);
        Text(headers.Previous);
        return Digest();
    }

    private void Text(string? text)
    {
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, text is null ? 0 : Encoding.UTF8.GetByteCount(text));
        _buffer.Write(length);
        if (text is not null)
        {
            Encoding.UTF8.GetBytes(text, _buffer);
        }
    }

    private void Id(Guid id)
    {
        Span<byte> part = stackalloc byte[20];
        part[3] = 16;
        id.TryWriteBytes(part[4..], bigEndian: true, out _);
        _buffer.Write(part);
    }

    private void Number(long number)
    {
        Span<byte> part = stackalloc byte[12];
        part[3] = 8;
        BinaryPrimitives.WriteInt64BigEndian(part[4..], number);
        _buffer.Write(part);
    }

    private string Digest()
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(_buffer.WrittenSpan, digest);
        return Convert.ToHexStringLower(digest);
    }
}
