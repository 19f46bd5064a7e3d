using LeadLedger.Postgres;

namespace LeadLedger.Tests.Postgres;

/// <summary>The child's side of <see cref="OwningProcess"/>; an ordinary run leaves it out.</summary>
public sealed class OwningProcessChild
{
    [Fact(Explicit = true)]
    public async Task Holds_a_server_until_its_input_ends()
    {
        Assert.SkipUnless(
            Environment.GetEnvironmentVariable(OwningProcess.FolderVariable) is { Length: > 0 }, "Only a child process runs this.");
        var folder = Environment.GetEnvironmentVariable(OwningProcess.FolderVariable)!;
        await using var postgres = await EmbeddedPostgres.StartAsync(
            new EmbeddedPostgresOptions
            {
                DataFolder = folder,
                Durable = false,
                Watchdog = bool.Parse(Environment.GetEnvironmentVariable(OwningProcess.WatchdogVariable)!),
            },
            TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(OwningProcess.ReadyFile(folder), "", TestContext.Current.CancellationToken);
        Assert.Null(await Console.In.ReadLineAsync(TestContext.Current.CancellationToken));
    }
}
