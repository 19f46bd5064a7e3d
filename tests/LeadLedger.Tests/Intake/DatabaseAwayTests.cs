using System.Diagnostics;
using System.Net;
using LeadLedger.Tests.Support;
using Npgsql;

namespace LeadLedger.Tests.Intake;

/// <summary>Without its database the service promises nothing: 503 at once, and the sender tries again.</summary>
public sealed class DatabaseAwayTests(TestPostgres postgres)
{
    [Fact]
    [Trait("Requirement", "ING-34")]
    public async Task Every_webhook_is_told_to_come_back_and_nothing_is_confirmed_that_is_not_stored()
    {
        await using var app = await TestApp.StartAsync(postgres);
        app.Log.Expect("");
        var customer = People.Next();
        await DenyAsync(app, false);
        var watch = Stopwatch.StartNew();
        WebReply[] replies =
        [
            await app.Twilio.CallStatusAsync(new TestCall(customer), "no-answer", 0),
            await app.Twilio.VoiceAsync(new TestCall(customer)),
            await app.Twilio.SmsAsync(customer, "Call me"),
            await app.Forms.WebsiteAsync("Maria Lopez", customer),
            await app.Forms.GhlAsync($$"""{ "phone_number": "{{customer}}" }"""),
        ];
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(30), $"{watch.Elapsed} for five refusals");
        Assert.All(replies, reply => Assert.Equal(HttpStatusCode.ServiceUnavailable, reply.Status));
        Assert.All(replies, reply => Assert.False(string.IsNullOrEmpty(reply.RetryAfter)));

        await DenyAsync(app, true);
        Assert.Equal(0, await app.CountAsync("inbox"));
        Assert.Equal(HttpStatusCode.OK, (await app.Twilio.CallStatusAsync(new TestCall(customer), "no-answer", 0)).Status);
        Assert.Equal(customer, (await app.LeadAsync()).Phone);
    }

    // The server stays; it only refuses this database, as after a failover to a server that is not ready.
    private static async Task DenyAsync(TestApp app, bool allow)
    {
        var given = new NpgsqlConnectionStringBuilder(app.ConnectionString);
        var name = given.Database!;
        await using var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(app.ConnectionString) { Database = "postgres", Pooling = false }.ConnectionString);
        await using var change = source.CreateCommand($"alter database \"{name}\" allow_connections {(allow ? "true" : "false")}");
        await change.ExecuteNonQueryAsync();
        await using var end = source.CreateCommand($"select pg_terminate_backend(pid) from pg_stat_activity where datname = '{name}'");
        await end.ExecuteNonQueryAsync();
    }
}
