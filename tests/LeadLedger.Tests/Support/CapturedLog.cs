using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace LeadLedger.Tests.Support;

/// <summary>Every warning and error of the service. One that a test did not announce fails the test.</summary>
public sealed class CapturedLog : ILoggerProvider
{
    private const int LongestDetail = 500;

    private readonly ConcurrentQueue<string> _lines = new();
    private readonly ConcurrentBag<string> _expected = [];
    private readonly ConcurrentBag<(string Part, TaskCompletionSource Seen)> _awaited = [];

    /// <summary>Lines containing this text are part of what the test does.</summary>
    public void Expect(string part) => _expected.Add(part);

    /// <summary>Ends when a line with this text comes from now on; the line is expected.</summary>
    public Task SeenAsync(string part)
    {
        Expect(part);
        var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _awaited.Add((part, seen));
        return seen.Task;
    }

    public IReadOnlyList<string> Unexpected() =>
        [.. _lines.Where(line => !_expected.Any(part => line.Contains(part, StringComparison.Ordinal)))];

    public ILogger CreateLogger(string categoryName) => new Writer(Keep, categoryName);

    public void Dispose()
    {
    }

    private void Keep(string line)
    {
        _lines.Enqueue(line);
        foreach (var (part, seen) in _awaited)
        {
            if (line.Contains(part, StringComparison.Ordinal))
            {
                seen.TrySetResult();
            }
        }
    }

    private sealed class Writer(Action<string> keep, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                var detail = exception?.ToString();
                keep($"{logLevel} {category}: {formatter(state, exception)} {(detail?.Length > LongestDetail ? detail[..LongestDetail] : detail)}");
            }
        }
    }
}
