using System.Globalization;

namespace LeadLedger.EventStore.Verification;

/// <summary>One stream as it is read: its state so far, and what its stream row and document must be at the end.</summary>
internal sealed class StreamFold
{
    private object? _state;

    public StreamFold(StreamKey key, LedgerModel model, StreamRow? row)
    {
        Key = key;
        Type = row is { } known ? model.Streams.FirstOrDefault(type => type.Name == known.Type) : null;
        _state = Type?.Empty;
    }

    public StreamKey Key { get; }

    /// <summary>Null when the stream's row is missing or names a kind that does not exist.</summary>
    public StreamType? Type { get; }

    /// <summary>Events met.</summary>
    public long Count { get; private set; }

    /// <summary>Version of the last event met.</summary>
    public long Version { get; private set; }

    /// <summary>The hash stored with it.</summary>
    public string? Head { get; private set; }

    public DateTime FirstAt { get; private set; }

    public DateTime LastAt { get; private set; }

    /// <summary>An event of it is not what was recorded.</summary>
    public bool IsDamaged { get; set; }

    /// <summary>Whether an event may come next; versions count from 1 without gaps.</summary>
    public string? FindGap(long version)
    {
        if (version == Version + 1)
        {
            return null;
        }

        return version <= Version
            ? "the version stands twice"
            : string.Create(CultureInfo.InvariantCulture, $"version {Version + 1} is missing before it");
    }

    /// <summary>Folds an event.</summary>
    /// <exception cref="Exception">The state does not take it.</exception>
    public void Add(RecordedEvent recorded, DateTime at)
    {
        if (Type is not null)
        {
            _state = Type.Apply(_state!, recorded);
        }

        FirstAt = Count == 0 ? at : FirstAt;
        LastAt = at;
        Add(recorded.Version, recorded.Hash);
    }

    /// <summary>Notes an event that could not be folded.</summary>
    public void Add(long version, string? hash)
    {
        Count++;
        Version = version;
        Head = hash;
    }

    /// <summary>The document that its state is.</summary>
    public DocumentRow ToDocument() => new(Type!.Write(_state!), Version, LastAt);
}
