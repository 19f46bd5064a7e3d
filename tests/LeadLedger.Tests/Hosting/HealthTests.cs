using LeadLedger.EventStore.Writing;
using LeadLedger.Hosting;
using LeadLedger.Leads;
using Microsoft.Extensions.Logging.Abstractions;
using NodaTime;
using Npgsql;

namespace LeadLedger.Tests.Hosting;

public sealed class HealthTests
{
    [Fact]
    public async Task Without_a_database_it_is_not_ready_and_says_so_within_seconds()
    {
        await using var nowhere = NpgsqlDataSource.Create("Host=127.0.0.1;Port=1;Username=nobody;Database=none;Timeout=1");
        using var writer = new LedgerWriter(nowhere, LeadStreams.Model, NullLogger<LedgerWriter>.Instance);
        await writer.StartAsync(TestContext.Current.CancellationToken);
        using var health = new Health(nowhere, writer, SystemTime.Clock);
        var report = await health.CheckAsync();
        Assert.False(report.Ready);
        Assert.False(report.Database);
        Assert.False(report.Writer);
        await writer.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_writer_that_does_not_answer_is_not_ready()
    {
        await using var nowhere = NpgsqlDataSource.Create("Host=127.0.0.1;Port=1;Username=nobody;Database=none;Timeout=1");
        using var never = new LedgerWriter(nowhere, LeadStreams.Model, NullLogger<LedgerWriter>.Instance);
        using var health = new Health(nowhere, never, SystemTime.Clock);
        var began = SystemTime.Clock.GetCurrentInstant();
        Assert.False((await health.CheckAsync()).Writer);
        Assert.True(SystemTime.Clock.GetCurrentInstant() - began < Duration.FromSeconds(4));
    }
}
