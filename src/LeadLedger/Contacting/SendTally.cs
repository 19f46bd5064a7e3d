using NodaTime;

namespace LeadLedger.Contacting;

/// <summary>
/// How many texts a counter has seen lately, in slots of five minutes for the last hour and of one hour for the last day. A slot counts
/// until all of it is past, so that no hour and no day, wherever it begins, holds more than a limit allows.
/// </summary>
public sealed record SendTally
{
    private static readonly Duration ShortSlot = Duration.FromMinutes(5);
    private static readonly Duration LongSlot = Duration.FromHours(1);
    private static readonly Duration Hour = Duration.FromHours(1);
    private static readonly Duration Day = Duration.FromHours(24);

    public static SendTally None { get; } = new();

    /// <summary>Slots of five minutes, oldest first.</summary>
    public IReadOnlyList<SendSlot> Short { get; init; } = [];

    /// <summary>Slots of one hour, oldest first.</summary>
    public IReadOnlyList<SendSlot> Long { get; init; } = [];

    /// <summary>Texts of the hour before <paramref name="now"/>, rounded up to whole slots.</summary>
    public int InHour(Instant now) => Since(Short, ShortSlot, now - Hour);

    /// <summary>Texts of the 24 hours before <paramref name="now"/>, rounded up to whole slots.</summary>
    public int InDay(Instant now) => Since(Long, LongSlot, now - Day);

    public SendTally Add(Instant at) => new()
    {
        Short = Add(Short, ShortSlot, at, at - Hour),
        Long = Add(Long, LongSlot, at, at - Day),
    };

    // A slot that lies ahead, of a process whose clock is fast, counts too.
    private static int Since(IReadOnlyList<SendSlot> slots, Duration length, Instant from)
    {
        var count = 0;
        foreach (var slot in slots)
        {
            count += slot.From + length > from ? slot.Count : 0;
        }

        return count;
    }

    private static List<SendSlot> Add(IReadOnlyList<SendSlot> slots, Duration length, Instant at, Instant oldest)
    {
        var start = Instant.FromUnixTimeSeconds(at.ToUnixTimeSeconds() / (long)length.TotalSeconds * (long)length.TotalSeconds);
        var kept = slots.Where(slot => slot.From + length > oldest).ToList();
        var place = kept.FindIndex(slot => slot.From >= start);
        if (place >= 0 && kept[place].From == start)
        {
            kept[place] = kept[place] with { Count = kept[place].Count + 1 };
        }
        else
        {
            kept.Insert(place < 0 ? kept.Count : place, new SendSlot(start, 1));
        }

        return kept;
    }
}

/// <summary>Texts counted in one slot.</summary>
public sealed record SendSlot(Instant From, int Count);
