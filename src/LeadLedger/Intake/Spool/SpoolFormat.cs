using System.Buffers.Binary;
using System.Numerics;

namespace LeadLedger.Intake.Spool;

/// <summary>
/// The bytes of a spool segment: records one after another, each complete in itself, so that a damaged one never takes another with it.
/// A record is 44 bytes of header and a sealed body: marker (8), length of the body (4), sequence (8), key (4), nonce (12), CRC-32C of the body
/// (4), CRC-32C of the 40 bytes before it (4); numbers are little-endian.
/// </summary>
public static class SpoolFormat
{
    public const int HeaderBytes = 44;

    /// <summary>The part of the header that the seal covers.</summary>
    public const int SealedHeaderBytes = 36;

    /// <summary>Larger than any webhook with its headers; a longer length is damage.</summary>
    public const int MaxBody = 1024 * 1024;

    private const int LengthAt = 8;
    private const int SequenceAt = 12;
    private const int KeyAt = 20;
    private const int NonceAt = 24;
    private const int BodyCrcAt = 36;
    private const int HeaderCrcAt = 40;

    // Ends in bytes that text does not contain, so that a search for it rarely stops in vain.
    private static ReadOnlySpan<byte> Marker => [(byte)'L', (byte)'L', (byte)'S', (byte)'P', (byte)'1', 0xF5, 0x00, 0xFF];

    /// <summary>Writes everything of the header that the seal covers; the body and the checksums follow.</summary>
    public static void WriteHeader(Span<byte> record, int bodyLength, ulong sequence, uint key, ReadOnlySpan<byte> nonce)
    {
        Marker.CopyTo(record);
        BinaryPrimitives.WriteInt32LittleEndian(record[LengthAt..], bodyLength);
        BinaryPrimitives.WriteUInt64LittleEndian(record[SequenceAt..], sequence);
        BinaryPrimitives.WriteUInt32LittleEndian(record[KeyAt..], key);
        nonce.CopyTo(record[NonceAt..]);
    }

    /// <summary>Adds the checksums once the body is in place.</summary>
    public static void Complete(Span<byte> record)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(record[BodyCrcAt..], Crc(record[HeaderBytes..]));
        BinaryPrimitives.WriteUInt32LittleEndian(record[HeaderCrcAt..], Crc(record[..HeaderCrcAt]));
    }

    public static uint KeyOf(ReadOnlySpan<byte> record) => BinaryPrimitives.ReadUInt32LittleEndian(record[KeyAt..]);

    public static ReadOnlySpan<byte> NonceOf(ReadOnlySpan<byte> record) => record.Slice(NonceAt, 12);

    /// <summary>
    /// Divides a segment into records and what is not one. After damage it goes on with the next whole record. What follows the last record and is
    /// none is torn: what a crash leaves of an append that nobody was told of.
    /// </summary>
    public static IReadOnlyList<SpoolPart> Divide(ReadOnlySpan<byte> segment)
    {
        var parts = new List<SpoolPart>();
        for (var at = 0; at < segment.Length;)
        {
            var length = RecordLength(segment[at..], checkBody: true);
            if (length > 0)
            {
                parts.Add(new SpoolPart(SpoolPartKind.Record, at, length));
                at += length;
                continue;
            }

            var next = NextRecord(segment, at + 1);
            var whole = RecordLength(segment[at..], checkBody: false);
            parts.Add(new SpoolPart(next < 0 && whole == 0 ? SpoolPartKind.Torn : SpoolPartKind.Damaged, at, (next < 0 ? segment.Length : next) - at));
            at = next < 0 ? segment.Length : next;
        }

        return parts;
    }

    /// <summary>CRC-32C (Castagnoli), as the processor computes it.</summary>
    public static uint Crc(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        }

        foreach (var value in bytes)
        {
            crc = BitOperations.Crc32C(crc, value);
        }

        return ~crc;
    }

    private static int NextRecord(ReadOnlySpan<byte> segment, int from)
    {
        while (from < segment.Length)
        {
            var found = segment[from..].IndexOf(Marker);
            if (found < 0)
            {
                return -1;
            }

            from += found;
            if (RecordLength(segment[from..], checkBody: true) > 0)
            {
                return from;
            }

            from++;
        }

        return -1;
    }

    /// <summary>The length of the record at the start; 0 when there is none.</summary>
    private static int RecordLength(ReadOnlySpan<byte> bytes, bool checkBody)
    {
        if (bytes.Length < HeaderBytes || !bytes.StartsWith(Marker)
            || Crc(bytes[..HeaderCrcAt]) != BinaryPrimitives.ReadUInt32LittleEndian(bytes[HeaderCrcAt..]))
        {
            return 0;
        }

        var body = BinaryPrimitives.ReadInt32LittleEndian(bytes[LengthAt..]);
        if (body is < 0 or > MaxBody || body > bytes.Length - HeaderBytes)
        {
            return 0;
        }

        var length = HeaderBytes + body;
        return !checkBody || EventStore.Faults.PlantedDefect.Is(EventStore.Faults.Defects.SpoolIgnoresChecksum)
            || Crc(bytes[HeaderBytes..length]) == BinaryPrimitives.ReadUInt32LittleEndian(bytes[BodyCrcAt..])
            ? length
            : 0;
    }
}

/// <summary>One stretch of a segment.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Offset">Where it begins.</param>
/// <param name="Length">Its bytes.</param>
public readonly record struct SpoolPart(SpoolPartKind Kind, int Offset, int Length);

/// <summary>What a stretch of a segment is.</summary>
public enum SpoolPartKind
{
    /// <summary>A whole record.</summary>
    Record,

    /// <summary>Not a record, between records or as long as one: its bytes are kept for a person.</summary>
    Damaged,

    /// <summary>The unfinished end that a crash leaves.</summary>
    Torn,
}
