using System.Threading.Channels;
using LeadLedger.EventStore.Faults;

namespace LeadLedger.Intake.Spool;

/// <summary>
/// Authentic webhooks on the disk, in order of arrival, while the database is away (I1, I2). An append is answered only when it is on the disk;
/// all that wait share one flush. Segments are read whole, replayed, and deleted.
/// </summary>
public sealed partial class WebhookSpool : IDisposable
{
    private const int MaxWaiting = 4096;
    private const int MaxTogether = 256;
    private const string AsideName = "damaged";

    private readonly SpoolOptions _options;
    private readonly ILogger<WebhookSpool> _log;
    private readonly Channel<Waiting> _waiting = Channel.CreateBounded<Waiting>(MaxWaiting);
    private readonly Task _writing;
    private readonly Lock _lock = new();
    private readonly List<Closed> _closed = [];
    private SpoolSlot? _slot;
    private SpoolKey? _key;
    private SpoolFile? _active;
    private int _activeRecords;
    private int _done;
    private long _depth;
    private ulong _sequence;
    private long _bytes;
    private long _damaged;

    private WebhookSpool(SpoolOptions options, ILogger<WebhookSpool> log)
    {
        _options = options;
        _log = log;
        _writing = Task.Run(WriteAsync);
    }

    /// <summary>Records that are not in the database yet, those being appended included.</summary>
    public long Depth => Interlocked.Read(ref _depth);

    public long Bytes => Interlocked.Read(ref _bytes);

    public long LimitBytes => _options.LimitBytes;

    /// <summary>Stretches that were no record, or could not be unsealed, since the start; their bytes are in the folder <c>damaged</c>.</summary>
    public long Damaged => Interlocked.Read(ref _damaged);

    /// <summary>Why appends fail; null while they succeed.</summary>
    public string? Trouble { get; private set; }

    /// <summary>The identities of this spool, and of those whose records it took over.</summary>
    public IReadOnlyList<Guid> Ids => _slot?.Ids ?? [];

    /// <summary>Opens the spool. Where the folder cannot be used the service still runs, without the spool's protection; every append tries again.</summary>
    /// <exception cref="InvalidDataException">Records are there and their key is not: it must be put back, or the records set aside by a person.</exception>
    public static WebhookSpool Open(SpoolOptions options, ILogger<WebhookSpool> log)
    {
        var spool = new WebhookSpool(options, log);
        try
        {
            spool.Prepare();
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            spool.Fail(problem.Message);
        }
        catch
        {
            spool.Dispose();
            throw;
        }

        return spool;
    }

    /// <summary>Keeps one webhook; returns when it is on the disk.</summary>
    /// <exception cref="SpoolRefusedException">It is not kept.</exception>
    public Task AppendAsync(byte[] text)
    {
        FailPoint.Hit(FailPoints.SpoolBeforeWrite);
        var waiting = new Waiting(text, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        Interlocked.Increment(ref _depth);
        if (!_waiting.Writer.TryWrite(waiting))
        {
            Interlocked.Decrement(ref _depth);
            return Task.FromException(new SpoolRefusedException("too many webhooks wait to be kept"));
        }

        return waiting.Done.Task;
    }

    /// <summary>The oldest segment, read; null when nothing is kept.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public SpoolSegment? Oldest()
    {
        Closed oldest;
        lock (_lock)
        {
            if (_closed.Count == 0 && _activeRecords > 0)
            {
                CloseActive();
            }

            if (_closed.Count == 0)
            {
                return null;
            }

            oldest = _closed[0];
        }

        var segment = Read(oldest.Path, report: true);
        lock (_lock)
        {
            // An append that failed may have left whole records behind; they are replayed like the others.
            Interlocked.Add(ref _depth, segment.Records.Count - oldest.Records);
            oldest.Records = segment.Records.Count;
        }

        return segment;
    }

    /// <summary>So many records of the oldest segment are in the database.</summary>
    public void Progress(int done)
    {
        lock (_lock)
        {
            Interlocked.Add(ref _depth, _done - done);
            _done = done;
        }
    }

    /// <summary>Deletes a segment all of whose records are in the database.</summary>
    public void Remove(SpoolSegment segment)
    {
        var length = new FileInfo(segment.Path).Length;
        File.Delete(segment.Path);
        Interlocked.Add(ref _bytes, -length);
        lock (_lock)
        {
            _closed.RemoveAll(closed => closed.Path == segment.Path);
            Interlocked.Add(ref _depth, _done - segment.Records.Count);
            _done = 0;
        }
    }

    public void Dispose()
    {
        _waiting.Writer.TryComplete();
        _writing.Wait();
        _active?.Dispose();
        _slot?.Dispose();
    }

    private void Prepare()
    {
        Directory.CreateDirectory(_options.DataFolder);
        var slot = SpoolSlot.Take(_options.DataFolder);
        try
        {
            var left = SpoolSegments.FilesIn(slot.Folder).ToArray();
            if (left.Length > 0 && !File.Exists(_options.KeyFile))
            {
                throw new InvalidDataException(
                    $"Webhooks are kept in {slot.Folder}, and the key that opens them, {_options.KeyFile}, is missing. Put the key file back; "
                    + "only if it is lost for good, move that folder away: what is in it cannot be read without the key.");
            }

            _key = SpoolKey.Load(_options.KeyFile);
            Closed[] found = [.. left.Select(path => new Closed(path, Read(path, report: false).Records.Count))];
            Interlocked.Add(ref _bytes, left.Sum(path => new FileInfo(path).Length));
            Interlocked.Add(ref _depth, found.Sum(segment => (long)segment.Records));
            lock (_lock)
            {
                _closed.AddRange(found);
            }

            _slot = slot;
        }
        catch
        {
            slot.Dispose();
            throw;
        }

        if (Depth > 0)
        {
            LogFound(_log, Depth, slot.Folder);
        }

        Trouble = null;
    }

    private SpoolSegment Read(string path, bool report)
    {
        var bytes = File.ReadAllBytes(path);
        var records = new List<byte[]?>();
        foreach (var part in SpoolFormat.Divide(bytes))
        {
            var stretch = bytes.AsSpan(part.Offset, part.Length);
            var text = part.Kind == SpoolPartKind.Record ? _key!.Open(stretch) : null;
            if (text is null)
            {
                SetAside(path, part, stretch, report);
            }

            if (part.Kind == SpoolPartKind.Record)
            {
                records.Add(text);
            }
        }

        return new SpoolSegment(path, records);
    }

    // Named by place, so that reading a segment twice keeps its bytes once.
    private void SetAside(string path, SpoolPart part, ReadOnlySpan<byte> bytes, bool report)
    {
        if (!report)
        {
            return;
        }

        var folder = Path.Combine(Path.GetDirectoryName(path)!, AsideName);
        Directory.CreateDirectory(folder);
        var file = Path.Combine(folder, string.Create(
            System.Globalization.CultureInfo.InvariantCulture,
            $"{Path.GetFileNameWithoutExtension(path)}-{part.Offset}-{part.Kind.ToString().ToLowerInvariant()}.bin"));
        if (!File.Exists(file))
        {
            File.WriteAllBytes(file, bytes);
            FolderSync.Flush(folder);
        }

        if (part.Kind == SpoolPartKind.Torn)
        {
            LogTorn(_log, part.Length, file);
        }
        else
        {
            Interlocked.Increment(ref _damaged);
            LogDamaged(_log, part.Length, file);
        }
    }

    private async Task WriteAsync()
    {
        var batch = new List<Waiting>(MaxTogether);
        while (await _waiting.Reader.WaitToReadAsync())
        {
            var size = 0L;
            while (batch.Count < MaxTogether && size < _options.SegmentBytes && _waiting.Reader.TryRead(out var next))
            {
                batch.Add(next);
                size += next.Text.Length;
            }

            try
            {
                Append(batch);
            }
            catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or InvalidDataException or SpoolRefusedException
                or FailPointException)
            {
                Refuse(batch, problem);
            }

            batch.Clear();
        }
    }

    private void Append(List<Waiting> batch)
    {
        if (_slot is null)
        {
            Prepare();
        }

        List<ReadOnlyMemory<byte>> records = [.. batch.Select(waiting => (ReadOnlyMemory<byte>)_key!.Seal(++_sequence, waiting.Text))];
        var size = records.Sum(record => (long)record.Length);
        if (Bytes + size > _options.LimitBytes)
        {
            throw new SpoolRefusedException($"the spool has reached its limit of {_options.LimitBytes / (1024 * 1024)} MB");
        }

        // Under the lock, because the reader closes the segment that is written when it has come to it.
        lock (_lock)
        {
            if (_active is { } full && full.Length >= _options.SegmentBytes)
            {
                CloseActive();
            }

            _active ??= SpoolFile.Create(_slot!.Folder);
            _active.Append(records);
            _activeRecords += batch.Count;
        }

        Interlocked.Add(ref _bytes, size);
        Trouble = null;
        foreach (var waiting in batch)
        {
            waiting.Done.TrySetResult();
        }
    }

    private void Refuse(List<Waiting> batch, Exception problem)
    {
        Fail(problem.Message);
        Interlocked.Add(ref _depth, -batch.Count);
        lock (_lock)
        {
            if (problem is not SpoolRefusedException && _active is { } active)
            {
                active.TryCutBack();
                CloseActive();
            }
        }

        foreach (var waiting in batch)
        {
            waiting.Done.TrySetException(new SpoolRefusedException(problem.Message, problem));
        }
    }

    private void CloseActive()
    {
        if (_active is { } active)
        {
            active.Dispose();
            if (active.Length > 0 || !active.TryDelete())
            {
                _closed.Add(new Closed(active.Path, _activeRecords));
            }

            _active = null;
            _activeRecords = 0;
        }
    }

    private void Fail(string reason)
    {
        if (Trouble is null)
        {
            LogTrouble(_log, reason);
        }

        Trouble = reason;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} webhooks are kept in {Folder} and go into the database first")]
    private static partial void LogFound(ILogger logger, long count, string folder);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The spool ended in {Bytes} bytes of an unfinished append; they are in {File}")]
    private static partial void LogTorn(ILogger logger, int bytes, string file);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Bytes} bytes of the spool cannot be read; they are in {File}")]
    private static partial void LogDamaged(ILogger logger, int bytes, string file);

    [LoggerMessage(Level = LogLevel.Error, Message = "Webhooks cannot be kept while the database is away: {Reason}")]
    private static partial void LogTrouble(ILogger logger, string reason);

    private sealed record Waiting(byte[] Text, TaskCompletionSource Done);

    private sealed class Closed(string path, int records)
    {
        public string Path { get; } = path;

        public int Records { get; set; } = records;
    }
}
