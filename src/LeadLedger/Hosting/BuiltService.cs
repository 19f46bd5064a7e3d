namespace LeadLedger.Hosting;

/// <summary>The service with its database, built and not yet listening.</summary>
public sealed record BuiltService(WebApplication App, ServiceSettings Settings, LedgerDatabase Database) : IAsyncDisposable
{
    public async ValueTask DisposeAsync()
    {
        await App.DisposeAsync();
        await Database.DisposeAsync();
    }
}
