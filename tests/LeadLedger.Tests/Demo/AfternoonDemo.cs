using LeadLedger.Tests.Support;
using NodaTime;

namespace LeadLedger.Tests.Demo;

/// <summary>One demo for the tests that only look at it: Thursday, 15:30 in Dallas, so the storm was at half past noon.</summary>
public sealed class AfternoonDemo(TestPostgres postgres) : IAsyncLifetime
{
    internal PlayedDemo Demo { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Demo = await PlayedDemo.PlayAsync(postgres, Instant.FromUtc(2026, 11, 19, 21, 30));

    public ValueTask DisposeAsync() => Demo.DisposeAsync();
}
