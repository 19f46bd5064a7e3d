using Npgsql;

namespace LeadLedger.EventStore.Verification;

/// <summary>
/// What one stretch's documents and audit rows must be, less what they already are: only the differences are written,
/// so rebuilding a sound ledger writes nothing.
/// </summary>
internal sealed class RangeRebuild(LedgerModel model)
{
    private readonly ChainCheck _chain = new();
    private RangeRows _rows = new();
    private StreamFold? _stream;

    public long Events { get; private set; }

    public long Streams { get; private set; }

    public List<(StreamKey Stream, StreamType Type, DocumentRow Row)> NewDocuments { get; } = [];

    /// <summary>Documents to be taken out: changed ones, and those of no events.</summary>
    public List<(StreamKey Stream, string Table)> OldDocuments { get; } = [];

    public List<(StreamKey Stream, long Version, AuditRow Row)> NewAudit { get; } = [];

    public List<(StreamKey Stream, long Version)> OldAudit { get; } = [];

    public HashSet<string> GateTypes { get; } = new(StringComparer.Ordinal);

    public async Task RunAsync(NpgsqlConnection connection, LedgerRange range, CancellationToken cancellation)
    {
        _rows = await RangeRows.ReadAsync(connection, model, range, VerificationScope.Everything, cancellation);
        await foreach (var e in RangeEvents.ReadAsync(connection, range, VerificationScope.Everything, cancellation))
        {
            Events++;
            if (_stream is null || _stream.Key != e.Stream)
            {
                Finish();
                _stream = Begin(e.Stream);
            }

            Fold(_stream, e);
        }

        Finish();
        OldDocuments.AddRange(_rows.Documents.Keys);
        OldAudit.AddRange(_rows.Audit.Keys);
    }

    private StreamFold Begin(StreamKey key)
    {
        Streams++;
        var stream = new StreamFold(key, model, _rows.Streams.TryGetValue(key, out var row) ? row : null);
        return stream.Type is not null
            ? stream
            : throw new RebuildRefusedException(
                new LedgerProblem("mt_streams", key.Tenant, key.Id, null, "the stream's row is missing or of an unknown type"));
    }

    private void Fold(StreamFold stream, StoredEvent e)
    {
        var headers = StoredHeaders.Read(e.Headers, out var problem);
        problem = stream.FindGap(e.Version) ?? problem ?? _chain.FindProblem(e, headers, stream.Head);
        RecordedEvent? recorded = null;
        try
        {
            if (problem is null)
            {
                recorded = e.Decode(model, headers);
                stream.Add(recorded, e.Timestamp);
            }
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            problem = $"it cannot be folded: {exception.Message}";
        }

        if (problem is not null || recorded is null)
        {
            // Views built from events that were tampered with would look like the truth.
            throw new RebuildRefusedException(new LedgerProblem("mt_events", e.Stream.Tenant, e.Stream.Id, e.Version, problem ?? ""));
        }

        var gates = model.Gates.KeysOf(recorded);
        if (gates.Count > 0)
        {
            GateTypes.Add(e.Type);
        }

        var row = AuditRow.Of(recorded, e.Timestamp, gates);
        var found = _rows.Audit.Remove((e.Stream, e.Version), out var audit);
        if (!found || audit != row)
        {
            NewAudit.Add((e.Stream, e.Version, row));
            if (found)
            {
                OldAudit.Add((e.Stream, e.Version));
            }
        }
    }

    private void Finish()
    {
        if (_stream is not { Type: { } type } stream)
        {
            return;
        }

        _stream = null;
        var row = stream.ToDocument();
        var found = _rows.Documents.Remove((stream.Key, type.Table), out var document);
        if (!found || document.DifferenceFrom(row) is not null)
        {
            NewDocuments.Add((stream.Key, type, row));
            if (found)
            {
                OldDocuments.Add((stream.Key, type.Table));
            }
        }
    }
}
