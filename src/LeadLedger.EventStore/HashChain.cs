using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using NodaTime;

namespace LeadLedger.EventStore;

/// <summary>
/// The per-stream hash chain kept in event headers. The hash of an event covers the hash before it and a salted
/// commitment to its data (the leaf), never the data or the salt themselves, so that erasing both leaves a chain
/// that still verifies.
/// </summary>
public static class HashChain
{
    /// <summary>The algorithm's name in the headers; a new one gets a new name, old events keep theirs.</summary>
    public const string Algorithm = "sha256-v1";

    public const int SaltBytes = 16;

    /// <summary>SHA-256 of salt followed by the canonical data.</summary>
    public static string Leaf(ReadOnlySpan<byte> salt, ReadOnlySpan<byte> canonicalData)
    {
        var length = salt.Length + canonicalData.Length;
        var rented = System.Buffers.ArrayPool<byte>.Shared.Rent(length);
        try
        {
            salt.CopyTo(rented);
            canonicalData.CopyTo(rented.AsSpan(salt.Length));
            Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
            SHA256.HashData(rented.AsSpan(0, length), digest);
            return Convert.ToHexStringLower(digest);
        }
        finally
        {
            System.Buffers.ArrayPool<byte>.Shared.Return(rented);
        }
    }

    /// <summary>
    /// SHA-256 over a zero byte and, each led by its length as four big-endian bytes: algorithm, tenant, stream id, version,
    /// event id, type, timestamp in microseconds since 1970, causation id, correlation id, actor, leaf, previous hash.
    /// Sequence number and class name are outside on purpose: renumbering or renaming must not break history.
    /// </summary>
    public static string Hash(in ChainedEvent e)
    {
        Span<byte> buffer = stackalloc byte[1024];
        var writer = new PartWriter(buffer);
        writer.Byte(0);
        writer.Text(e.Algorithm);
        writer.Text(e.Tenant);
        writer.Id(e.StreamId);
        writer.Number(e.Version);
        writer.Id(e.EventId);
        writer.Text(e.Type);
        writer.Number(e.Timestamp.ToUnixTimeTicks() / 10);
        writer.Text(e.CausationId);
        writer.Text(e.CorrelationId);
        writer.Text(e.Actor);
        writer.Text(e.Leaf);
        writer.Text(e.Previous);
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(writer.Written, digest);
        return Convert.ToHexStringLower(digest);
    }

    private ref struct PartWriter(Span<byte> buffer)
    {
        private Span<byte> _buffer = buffer;
        private int _length;

        public readonly ReadOnlySpan<byte> Written => _buffer[.._length];

        public void Byte(byte value)
        {
            Reserve(1);
            _buffer[_length++] = value;
        }

        public void Text(string? value)
        {
            var count = value is null ? 0 : Encoding.UTF8.GetByteCount(value);
            Reserve(count + 4);
            BinaryPrimitives.WriteInt32BigEndian(_buffer[_length..], count);
            _length += 4;
            if (value is not null)
            {
                _length += Encoding.UTF8.GetBytes(value, _buffer[_length..]);
            }
        }

        public void Id(Guid value)
        {
            Reserve(20);
            BinaryPrimitives.WriteInt32BigEndian(_buffer[_length..], 16);
            value.TryWriteBytes(_buffer[(_length + 4)..], bigEndian: true, out _);
            _length += 20;
        }

        public void Number(long value)
        {
            Reserve(12);
            BinaryPrimitives.WriteInt32BigEndian(_buffer[_length..], 8);
            BinaryPrimitives.WriteInt64BigEndian(_buffer[(_length + 4)..], value);
            _length += 12;
        }

        private void Reserve(int count)
        {
            if (_length + count > _buffer.Length)
            {
                var larger = new byte[Math.Max(_buffer.Length * 2, _length + count)];
                _buffer[.._length].CopyTo(larger);
                _buffer = larger;
            }
        }
    }
}

/// <summary>Everything the hash of one event covers.</summary>
public readonly record struct ChainedEvent(
    string Algorithm,
    string Tenant,
    Guid StreamId,
    long Version,
    Guid EventId,
    string Type,
    Instant Timestamp,
    string? CausationId,
    string? CorrelationId,
    string Actor,
    string Leaf,
    string? Previous);
