using System.Threading.Channels;

namespace LeadLedger.Faults.Processes;

/// <summary>A file of JSON lines. Appending ends when the line is on the disk; lines that come together share one fsync.</summary>
public sealed class FsyncedLog : IAsyncDisposable
{
    private readonly Channel<(byte[] Line, TaskCompletionSource Done)> _lines =
        Channel.CreateUnbounded<(byte[], TaskCompletionSource)>(new UnboundedChannelOptions { SingleReader = true });

    private readonly FileStream _file;
    private readonly Task _writer;

    public FsyncedLog(string path)
    {
        _file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read, 64 * 1024);
        _writer = Task.Run(WriteAsync);
    }

    public Task AppendAsync(byte[] line)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        if (!_lines.Writer.TryWrite((line, done)))
        {
            throw new InvalidOperationException("the log is closed");
        }

        return done.Task;
    }

    public async ValueTask DisposeAsync()
    {
        _lines.Writer.TryComplete();
        await _writer;
        await _file.DisposeAsync();
    }

    private async Task WriteAsync()
    {
        var together = new List<TaskCompletionSource>();
        while (await _lines.Reader.WaitToReadAsync())
        {
            while (together.Count < 500 && _lines.Reader.TryRead(out var next))
            {
                _file.Write(next.Line);
                _file.WriteByte((byte)'\n');
                together.Add(next.Done);
            }

            _file.Flush(flushToDisk: true);
            together.ForEach(done => done.TrySetResult());
            together.Clear();
        }
    }
}
