using Npgsql;

namespace LeadLedger.Tests.Support;

public sealed class TestPostgresTests(TestPostgres postgres)
{
    [Fact]
    public async Task A_database_made_from_a_template_has_its_tables()
    {
        var template = await postgres.TemplateAsync("template-test", async connectionString =>
        {
            await using var source = NpgsqlDataSource.Create(connectionString);
            await using var create = source.CreateCommand("create table thing (id int); insert into thing values (7)");
            await create.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        });

        var copy = await postgres.CreateDatabaseAsync(template);
        await using (var source = NpgsqlDataSource.Create(copy))
        await using (var read = source.CreateCommand("select id from thing"))
        {
            Assert.Equal(7, await read.ExecuteScalarAsync(TestContext.Current.CancellationToken));
        }

        await postgres.DropDatabaseAsync(copy);
        await using var gone = new NpgsqlConnection(copy);
        var refusal = await Assert.ThrowsAsync<PostgresException>(
            () => gone.OpenAsync(TestContext.Current.CancellationToken));
        Assert.Equal(PostgresErrorCodes.InvalidCatalogName, refusal.SqlState);
    }
}
