using LeadLedger.Postgres;
using LeadLedger.Tests.Support;
using Npgsql;

namespace LeadLedger.Tests.Postgres;

public sealed class SafeServerCheckTests(TestPostgres postgres)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("off", "on", "on", "fsync is off")]
    [InlineData("on", "off", "on", "full_page_writes is off")]
    [InlineData("on", "on", "off", "synchronous_commit is off")]
    public void Each_unsafe_setting_is_named_in_the_refusal(string fsync, string pages, string commit, string named)
    {
        var refusal = Assert.Throws<UnsafeServerException>(
            () => SafeServerCheck.Judge(fsync, pages, commit, "on", allowUnsafe: false));
        Assert.Contains(named, refusal.Message, StringComparison.Ordinal);
        Assert.Contains(SafeServerCheck.AllowVariable, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void All_unsafe_settings_are_named_at_once()
    {
        var refusal = Assert.Throws<UnsafeServerException>(
            () => SafeServerCheck.Judge("off", "off", "off", "off", allowUnsafe: false));
        Assert.Equal(3, refusal.Message.Split(" is off: ").Length - 1);
        Assert.Contains("data checksums are off", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("local")]
    [InlineData("remote_write")]
    [InlineData("on")]
    [InlineData("remote_apply")]
    public void Every_synchronous_commit_that_waits_for_our_own_disk_is_safe(string synchronousCommit) =>
        Assert.Empty(SafeServerCheck.Judge("on", "on", synchronousCommit, "on", allowUnsafe: false));

    [Fact]
    [Trait("Requirement", "I30")]
    public void Missing_checksums_are_refused_with_the_remedy()
    {
        var refusal = Assert.Throws<UnsafeServerException>(() => SafeServerCheck.Judge("on", "on", "on", "off", allowUnsafe: false));
        Assert.Contains("pg_checksums --enable", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("data checksums are off", Assert.Single(SafeServerCheck.Judge("on", "on", "on", "off", allowUnsafe: true)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_real_session_that_does_not_wait_for_the_disk_is_refused_or_allowed_with_a_warning()
    {
        await using var connection = await Sql.OpenAsync(await postgres.CreateDatabaseAsync());
        await using (var command = new NpgsqlCommand("set synchronous_commit = off", connection))
        {
            await command.ExecuteNonQueryAsync(Ct);
        }

        var refusal = await Assert.ThrowsAsync<UnsafeServerException>(
            () => SafeServerCheck.VerifyAsync(connection, allowUnsafe: false, Ct));
        Assert.Contains("synchronous_commit is off", refusal.Message, StringComparison.Ordinal);

        var warnings = await SafeServerCheck.VerifyAsync(connection, allowUnsafe: true, Ct);
        Assert.Contains(warnings, warning => warning.Contains("synchronous_commit is off", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("true", true)]
    [InlineData("True", true)]
    [InlineData("false", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void Only_the_word_true_allows_an_unsafe_server(string? value, bool allowed) =>
        Assert.Equal(allowed, SafeServerCheck.IsAllowed(name => name == SafeServerCheck.AllowVariable ? value : null));
}
