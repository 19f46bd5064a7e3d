using NodaTime;

namespace LeadLedger.EventStore.Writing;

/// <summary>
/// Ids of work items. A lane is worked in the order of ids, and several items are often made within one millisecond,
/// inside which plain UUIDs of version 7 are in no order: the twelve bits after the time count instead (RFC 9562, 6.2).
/// </summary>
internal sealed class MessageIds
{
    private const int LargestCount = 0xfff;

    private readonly Lock _lanes = new();
    private long _millisecond;
    private int _count;

    public Guid Next(Instant now)
    {
        var millisecond = now.ToUnixTimeMilliseconds();
        int count;
        lock (_lanes)
        {
            count = _count = millisecond == _millisecond ? Math.Min(_count + 1, LargestCount) : 0;
            _millisecond = millisecond;
        }

        Span<byte> bytes = stackalloc byte[16];
        now.NewId().TryWriteBytes(bytes, bigEndian: true, out _);
        bytes[6] = (byte)(0x70 | (count >> 8));
        bytes[7] = (byte)count;
        return new Guid(bytes, bigEndian: true);
    }
}
