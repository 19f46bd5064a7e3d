using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace LeadLedger.Tests.Support;

/// <summary>Every warning and error of the service. One that a test did not announce fails the test.</summary>
public sealed class CapturedLog : ILoggerProvider
{
    private const int LongestDetail = 500;

    private readonly ConcurrentQueue<string> _lines = new();
    private readonly ConcurrentBag<string> _expected = [];

    /// <summary>Lines containing this text are part of what the test does.</summary>
    public void Expect(string part) => _expected.Add(part);

    public IReadOnlyList<string> Unexpected() =>
        [.. _lines.Where(line => !_expected.Any(part => line.Contains(part, StringComparison.Ordinal)))];

    public ILogger CreateLogger(string categoryName) => new Writer(_lines, categoryName);

    public void Dispose()
    {
    }

    private sealed class Writer(ConcurrentQueue<string> lines, string category) : ILogger
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
                lines.Enqueue($"{logLevel} {category}: {formatter(state, exception)} {(detail?.Length > LongestDetail ? detail[..LongestDetail] : detail)}");
            }
        }
    }
}
