namespace LeadLedger.Tests.Support;

/// <summary>One service for all tests of a class; each of them uses people of its own (<see cref="People"/>) and moves the clock a little.</summary>
public sealed class SharedApp(TestPostgres postgres) : IAsyncLifetime
{
    public TestApp App { get; private set; } = null!;

    public async ValueTask InitializeAsync() => App = await TestApp.StartAsync(postgres);

    public ValueTask DisposeAsync() => App.DisposeAsync();
}
