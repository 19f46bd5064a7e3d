using System.Collections.Concurrent;

namespace LeadLedger.Intake.Webhooks;

/// <summary>
/// What this process did with authentic webhooks since its start, by source. What was answered is counted where answers are written, and what was
/// stored where it is stored, so that one that was answered and stored nowhere shows as a difference.
/// </summary>
public sealed class IntakeCounters
{
    private const int MostRecent = 256;

    private readonly ConcurrentDictionary<string, Source> _sources = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<ReceiptKey> _recent = new();
    private long _missing;

    /// <summary>Receipts that were confirmed and are not in the inbox: never anything but 0.</summary>
    public long Missing => Interlocked.Read(ref _missing);

    public IReadOnlyList<IntakeCount> Snapshot() =>
        [.. _sources.OrderBy(source => source.Key, StringComparer.Ordinal).Select(source => source.Value.Count(source.Key))];

    /// <summary>The latest receipts that were confirmed.</summary>
    public IReadOnlyList<ReceiptKey> Recent() => [.. _recent];

    public void ReportMissing(long missing) => Interlocked.Exchange(ref _missing, missing);

    public void Accepted(string source) => Interlocked.Increment(ref Of(source).Accepted);

    public void Refused(string source) => Interlocked.Increment(ref Of(source).Refused);

    public void Spooled(string source) => Interlocked.Increment(ref Of(source).Spooled);

    public void Stored(string source, Deliveries.ResultKind kind) => Source.Add(kind, ref Of(source).Live);

    /// <summary>A kept webhook went into the ledger.</summary>
    public void Drained(string source, Deliveries.ResultKind kind) => Source.Add(kind, ref Of(source).Replayed);

    public void Confirmed(ReceiptKey receipt)
    {
        _recent.Enqueue(receipt);
        while (_recent.Count > MostRecent)
        {
            _recent.TryDequeue(out _);
        }
    }

    private Source Of(string source) => _sources.GetOrAdd(source, _ => new Source());

    private struct Kinds
    {
        public long Appended;
        public long Duplicates;
        public long Quarantined;
    }

    private sealed class Source
    {
        public long Accepted;
        public long Refused;
        public long Spooled;
        public Kinds Live;
        public Kinds Replayed;

        public static void Add(Deliveries.ResultKind kind, ref Kinds kinds)
        {
            switch (kind)
            {
                case Deliveries.ResultKind.Committed:
                    Interlocked.Increment(ref kinds.Appended);
                    break;
                case Deliveries.ResultKind.Replayed:
                    Interlocked.Increment(ref kinds.Duplicates);
                    break;
                case Deliveries.ResultKind.Quarantined:
                    Interlocked.Increment(ref kinds.Quarantined);
                    break;
            }
        }

        // What was answered is read first: it is counted last, so that a request between the two never looks like a loss.
        public IntakeCount Count(string name)
        {
            var accepted = Interlocked.Read(ref Accepted);
            return new IntakeCount
            {
                Source = name,
                Accepted = accepted,
                Appended = Interlocked.Read(ref Live.Appended),
                Duplicates = Interlocked.Read(ref Live.Duplicates),
                Quarantined = Interlocked.Read(ref Live.Quarantined),
                Spooled = Interlocked.Read(ref Spooled),
                Refused = Interlocked.Read(ref Refused),
                DrainedNew = Interlocked.Read(ref Replayed.Appended),
                DrainedDuplicates = Interlocked.Read(ref Replayed.Duplicates),
                DrainedQuarantined = Interlocked.Read(ref Replayed.Quarantined),
            };
        }
    }
}

/// <summary>A receipt, as the inbox knows it.</summary>
public readonly record struct ReceiptKey(string Tenant, string Source, string Key);

/// <summary>The counts of one source since the start of the process.</summary>
public sealed record IntakeCount
{
    public required string Source { get; init; }

    /// <summary>Answered as taken.</summary>
    public long Accepted { get; init; }

    /// <summary>Stored at once: new.</summary>
    public long Appended { get; init; }

    /// <summary>Stored before: answered as before.</summary>
    public long Duplicates { get; init; }

    /// <summary>Stored at once, for a person to look at.</summary>
    public long Quarantined { get; init; }

    /// <summary>Kept on the disk while the database was away.</summary>
    public long Spooled { get; init; }

    /// <summary>Told to come back.</summary>
    public long Refused { get; init; }

    /// <summary>Kept ones that went into the ledger as new.</summary>
    public long DrainedNew { get; init; }

    /// <summary>Kept ones that the ledger had already.</summary>
    public long DrainedDuplicates { get; init; }

    /// <summary>Kept ones that went into quarantine.</summary>
    public long DrainedQuarantined { get; init; }

    /// <summary>Answered as taken and stored nowhere: never more than 0. Below 0 only while an answer is on its way.</summary>
    public long Difference => Accepted - Appended - Duplicates - Quarantined - Spooled;
}
