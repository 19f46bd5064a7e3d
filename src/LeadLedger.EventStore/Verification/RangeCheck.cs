using Npgsql;

namespace LeadLedger.EventStore.Verification;

/// <summary>Verifies one stretch: every event's link, the fold of every stream, and every row that is derived from them.</summary>
internal sealed class RangeCheck(LedgerModel model, VerificationScope scope)
{
    private readonly ChainCheck _chain = new();
    private RangeRows _rows = new();
    private StreamFold? _stream;

    public List<LedgerProblem> Problems { get; } = [];

    public long Events { get; private set; }

    public long Streams { get; private set; }

    public long Documents { get; private set; }

    public long AuditRows { get; private set; }

    /// <summary>The event types met that change gate rows; only these are read again for them.</summary>
    public HashSet<string> GateTypes { get; } = new(StringComparer.Ordinal);

    public async Task RunAsync(NpgsqlConnection connection, LedgerRange range, CancellationToken cancellation)
    {
        _rows = await RangeRows.ReadAsync(connection, model, range, scope, cancellation);
        Streams = _rows.Streams.Count;
        Documents = _rows.Documents.Count;
        AuditRows = _rows.Audit.Count;
        await foreach (var e in RangeEvents.ReadAsync(connection, range, scope, cancellation))
        {
            Events++;
            if (_stream is null || _stream.Key != e.Stream)
            {
                Finish();
                _stream = new StreamFold(e.Stream, model, _rows.Streams.TryGetValue(e.Stream, out var row) ? row : null);
            }

            Check(_stream, e);
        }

        Finish();
        CheckLeftOvers();
    }

    private void Check(StreamFold stream, StoredEvent e)
    {
        var headers = StoredHeaders.Read(e.Headers, out var problem);
        problem = stream.FindGap(e.Version) ?? problem ?? _chain.FindProblem(e, headers, stream.Head);
        RecordedEvent? recorded = null;
        try
        {
            recorded = e.Decode(model, headers);
            stream.Add(recorded, e.Timestamp);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            stream.Add(e.Version, headers.Hash);
            problem ??= $"it cannot be folded: {exception.Message}";
        }

        if (problem is not null)
        {
            stream.IsDamaged = true;
            Add("mt_events", e.Stream, e.Version, problem);
        }

        if (recorded is not null)
        {
            CheckAudit(e, recorded);
        }
    }

    private void CheckAudit(StoredEvent e, RecordedEvent recorded)
    {
        var gates = model.Gates.KeysOf(recorded);
        if (gates.Count > 0)
        {
            GateTypes.Add(e.Type);
        }

        if (!_rows.Audit.Remove((e.Stream, e.Version), out var audit))
        {
            Add("audit_trail", e.Stream, e.Version, "the row of this event is missing");
        }
        else if (audit != AuditRow.Of(recorded, e.Timestamp, gates))
        {
            Add("audit_trail", e.Stream, e.Version, "the row does not say what the event says");
        }
    }

    private void Finish()
    {
        if (_stream is not { } stream)
        {
            return;
        }

        _stream = null;
        if (!_rows.Streams.Remove(stream.Key, out var row))
        {
            Add("mt_streams", stream.Key, null, "the stream's row is missing");
            return;
        }

        CheckStreamRow(stream, row);
        if (stream.Type is not { } type)
        {
            Add("mt_streams", stream.Key, null, $"the stream's type '{row.Type}' is unknown");
            return;
        }

        var found = _rows.Documents.Remove((stream.Key, type.Table), out var document);

        // The fold of damaged events says nothing about the document.
        if (stream.IsDamaged)
        {
            return;
        }

        var difference = found ? document.DifferenceFrom(stream.ToDocument()) : "the document of the stream is missing";
        if (difference is not null)
        {
            Add(type.Table, stream.Key, null, difference);
        }
    }

    private void CheckStreamRow(StreamFold stream, StreamRow row)
    {
        if (row.Version != stream.Count || stream.Count != stream.Version)
        {
            Add("mt_streams", stream.Key, null, string.Create(
                System.Globalization.CultureInfo.InvariantCulture,
                $"the stream is said to have {row.Version} events, the ledger holds {stream.Count}"));
        }
        else if (row.Created != stream.FirstAt || row.Timestamp != stream.LastAt)
        {
            Add("mt_streams", stream.Key, null, "the stream's times are not those of its first and last event");
        }
        else if (row.IsArchived)
        {
            Add("mt_streams", stream.Key, null, "the stream is marked as archived");
        }
    }

    // What no event accounted for has lost its events, or never had any.
    private void CheckLeftOvers()
    {
        foreach (var (key, row) in _rows.Streams.OrderBy(entry => entry.Key.Id))
        {
            Add("mt_streams", key, null, string.Create(
                System.Globalization.CultureInfo.InvariantCulture,
                $"the stream is said to have {row.Version} events, the ledger holds none"));
        }

        foreach (var (key, table) in _rows.Documents.Keys.OrderBy(key => key.Stream.Id))
        {
            Add(table, key, null, "the document belongs to no events of its kind");
        }

        foreach (var (key, version) in _rows.Audit.Keys.OrderBy(key => key.Stream.Id).ThenBy(key => key.Version))
        {
            Add("audit_trail", key, version, "the row belongs to no event");
        }
    }

    private void Add(string table, StreamKey stream, long? version, string what) =>
        Problems.Add(new LedgerProblem(table, stream.Tenant, stream.Id, version, what));
}
