using LeadLedger.Postgres;
using LeadLedger.Tests.Support;

namespace LeadLedger.Tests.Postgres;

/// <summary>
/// A stopped cluster with one row in it, shared by the tests of a class, which run one after another. Each leaves it
/// stopped; were one to leave a server behind, the next would take it over.
/// </summary>
public sealed class PrivateCluster : IAsyncLifetime
{
    public ScratchFolder Folder { get; } = new();

    public async ValueTask InitializeAsync()
    {
        await using var postgres = await EmbeddedPostgres.StartAsync(Options(Folder), CancellationToken.None);
        await Sql.RunAsync(
            postgres.ConnectionString, "create table lead (name text); insert into lead values ('Ada')");
    }

    public ValueTask DisposeAsync()
    {
        Folder.Dispose();
        return ValueTask.CompletedTask;
    }

    public static EmbeddedPostgresOptions Options(ScratchFolder folder) =>
        new() { DataFolder = folder.Path, Durable = false };

    public static Task<string?> NameInAsync(EmbeddedPostgres postgres) =>
        Sql.ReadAsync<string>(postgres.ConnectionString, "select name from lead where name = 'Ada'");
}
