using LeadLedger.Backup;
using LeadLedger.Hosting;
using LeadLedger.Postgres;
using LeadLedger.Tests.EventStore;
using LeadLedger.Tests.Support;
using NodaTime;

namespace LeadLedger.Tests.Backup;

public sealed class SafeStartTests(TestPostgres postgres)
{
    private static readonly Func<string, string?> Allowing = name => name == SafeServerCheck.AllowVariable ? "true" : null;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Requirement", "I30")]
    public async Task A_good_start_is_not_refused_and_an_unsafe_server_is()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await using var connection = await ledger.Database.OpenConnectionAsync(Ct);

        // The server of the test run has no fsync, which is allowed here by name.
        Assert.All(
            await SafeStart.VerifyAsync(connection, SystemTime.Clock, Allowing, Ct),
            warning => Assert.StartsWith("Unsafe server, allowed", warning, StringComparison.Ordinal));
        await using var unsafeSession = connection.CreateCommand();
        unsafeSession.CommandText = "set synchronous_commit = off";
        await unsafeSession.ExecuteNonQueryAsync(Ct);
        await Assert.ThrowsAsync<UnsafeServerException>(() => SafeStart.VerifyAsync(connection, SystemTime.Clock, _ => null, Ct));
    }

    [Fact]
    [Trait("Requirement", "I30")]
    public async Task A_schema_newer_than_the_program_is_refused_and_named()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await ledger.ExecuteAsync("insert into schema_script (name) values ('950_from_the_future')");
        await using var connection = await ledger.Database.OpenConnectionAsync(Ct);

        var refusal = await Assert.ThrowsAsync<UnsafeStartException>(() => SafeStart.VerifyAsync(connection, SystemTime.Clock, Allowing, Ct));

        Assert.Contains("950_from_the_future", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("start that version", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [Trait("Requirement", "I30")]
    [InlineData(3, "behind")]
    [InlineData(-3, "ahead of")]
    public async Task Clocks_that_are_apart_are_refused(int seconds, string says)
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await using var connection = await ledger.Database.OpenConnectionAsync(Ct);
        var wrong = new ManualClock(SystemTime.Clock.GetCurrentInstant() + Duration.FromSeconds(seconds));

        var refusal = await Assert.ThrowsAsync<UnsafeStartException>(() => SafeStart.VerifyAsync(connection, wrong, Allowing, Ct));

        Assert.Contains(says, refusal.Message, StringComparison.Ordinal);
        Assert.Contains("NTP", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Clocks_within_the_bound_are_accepted()
    {
        SafeStart.JudgeClock(SafeStart.MostSkew);
        SafeStart.JudgeClock(-SafeStart.MostSkew);
        Assert.Throws<UnsafeStartException>(() => SafeStart.JudgeClock(SafeStart.MostSkew + Duration.FromMilliseconds(1)));
    }

    [Fact]
    [Trait("Requirement", "I30")]
    public void A_secret_that_was_there_and_is_gone_is_refused_unless_allowed()
    {
        var refusal = Assert.Throws<UnsafeStartException>(() => KnownSecrets.Judge(["env:LEADLEDGER_FORM_SECRET"], allowed: false));
        Assert.Contains("env:LEADLEDGER_FORM_SECRET", refusal.Message, StringComparison.Ordinal);
        Assert.Contains(KnownSecrets.AllowVariable, refusal.Message, StringComparison.Ordinal);
        KnownSecrets.Judge(["env:LEADLEDGER_FORM_SECRET"], allowed: true);
        KnownSecrets.Judge([], allowed: false);
    }

    [Fact]
    [Trait("Requirement", "I30")]
    public async Task Secrets_are_remembered_by_name_between_starts()
    {
        await using var app = await TestApp.StartAsync(postgres);
        var settings = (ServiceSettings)app.Services.GetService(typeof(ServiceSettings))!;
        await KnownSecrets.VerifyAsync(app.Database, settings, _ => null, Ct);

        var refusal = await Assert.ThrowsAsync<UnsafeStartException>(
            () => KnownSecrets.VerifyAsync(app.Database, settings with { Twilio = null }, _ => null, Ct));

        Assert.Contains("TWILIO_AUTH_TOKEN", refusal.Message, StringComparison.Ordinal);
        await KnownSecrets.VerifyAsync(app.Database, settings with { Twilio = null }, name => name == KnownSecrets.AllowVariable ? "true" : null, Ct);
        await KnownSecrets.VerifyAsync(app.Database, settings with { Twilio = null }, _ => null, Ct);
    }
}
