using LeadLedger.EventStore;
using LeadLedger.EventStore.Outbox;
using LeadLedger.Sending;
using LeadLedger.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using Npgsql;

namespace LeadLedger.Tests.Sending;

/// <summary>What leaves through a held scope waits; everything else goes on.</summary>
public sealed class HeldScopeTests(TestPostgres postgres)
{
    private const string Line = "+12145550121";

    [Theory]
    [InlineData("northside", "text")]
    [InlineData("*", "*")]
    [InlineData("*", "text")]
    [InlineData("northside", "*")]
    public async Task A_text_under_a_hold_waits_and_leaves_when_it_is_gone(string business, string scope)
    {
        await using var app = await TestApp.StartAsync(postgres);
        await HoldAsync(app, business, scope);
        var customer = People.Next();
        await app.Twilio.MissedCallAsync(new TestCall(customer));
        await app.AdvanceAsync(Duration.FromMinutes(5));
        Assert.Empty(app.Texts.To(customer));
        var row = Assert.Single(await app.OutboxAsync(WorkKinds.SendSms));
        Assert.Equal((OutboxStates.Pending, 0), (row.State, row.Attempts));

        await ReleaseAsync(app);
        await app.RunDueAsync();
        Assert.Single(app.Texts.To(customer));
    }

    [Fact]
    public async Task A_hold_on_another_sender_or_business_and_on_a_longer_name_holds_nothing()
    {
        await using var app = await TestApp.StartAsync(postgres);
        await HoldAsync(app, "northside", "text:+15005550000");
        await HoldAsync(app, "northside", "tex");
        await HoldAsync(app, "southside", "text");
        var customer = People.Next();
        await app.Twilio.MissedCallAsync(new TestCall(customer));
        await app.RunDueAsync();
        Assert.Single(app.Texts.To(customer));
    }

    [Fact]
    public async Task Alerts_and_timers_go_on_while_texts_to_leads_are_held()
    {
        await using var app = await TestApp.StartAsync(postgres);
        await HoldAsync(app, "northside", SendingScopes.Texts);
        await app.Twilio.MissedCallAsync(new TestCall(People.Next()));
        await app.RunDueAsync();
        Assert.Contains(app.Texts.Requests, text => text.To == Line);
    }

    [Fact]
    public async Task A_hold_that_comes_between_the_claim_and_the_mark_still_holds()
    {
        await using var app = await TestApp.StartAsync(postgres);
        var customer = People.Next();
        await app.Twilio.MissedCallAsync(new TestCall(customer));
        var claimed = Assert.Single(
            await app.Services.GetRequiredService<OutboxClaims>().ClaimAsync(app.Clock.Now, 100, CancellationToken.None),
            item => item.Kind == WorkKinds.SendSms);
        await HoldAsync(app, "northside", SendingScopes.Texts);

        await app.Services.GetServices<IOutboxHandler>().OfType<SendSmsHandler>().Single().HandleAsync(claimed, CancellationToken.None);

        Assert.Empty(app.Texts.To(customer));
        var row = Assert.Single(await app.OutboxAsync(WorkKinds.SendSms));
        Assert.Equal((OutboxStates.Pending, 0), (row.State, row.Attempts));
    }

    private static async Task HoldAsync(TestApp app, string business, string scope)
    {
        await using var command = app.Database.CreateCommand(
            "insert into sending_hold (tenant_id, scope, reason, since, set_by) values ($1, $2, 'a test', $3, 'staff:dana')");
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = business });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = scope });
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = app.Clock.Now.ToTimestamp() });
        await command.ExecuteNonQueryAsync();
    }

    private static async Task ReleaseAsync(TestApp app)
    {
        await using var command = app.Database.CreateCommand("delete from sending_hold");
        await command.ExecuteNonQueryAsync();
    }
}
