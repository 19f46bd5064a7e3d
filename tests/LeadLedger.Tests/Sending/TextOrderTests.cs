using LeadLedger.EventStore.Outbox;
using LeadLedger.Sending;
using LeadLedger.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;

namespace LeadLedger.Tests.Sending;

/// <summary>Many texts go out in the order in which they were asked for, each once, whatever else waits.</summary>
public sealed class TextOrderTests(TestPostgres postgres)
{
    [Fact]
    [Trait("Requirement", "RTY-05")]
    public async Task Sixty_texts_in_thirty_minutes_go_out_in_order_and_once_and_what_failed_is_there_for_a_person()
    {
        await using var app = await TestApp.StartAsync(postgres);
        var customers = Enumerable.Range(0, 60).Select(_ => People.Next()).ToArray();
        app.Texts.RejectCode = 30008;
        var bad = customers[17];
        foreach (var customer in customers)
        {
            app.Texts.Mode = customer == bad ? TwilioMode.Reject : TwilioMode.Ok;
            app.Texts.OnlyTo = bad;
            await app.Twilio.MissedCallAsync(new TestCall(customer));
            await app.AdvanceAsync(Duration.FromSeconds(30));
        }

        Assert.Equal(customers, app.Texts.Requests.Select(text => text.To).Where(customers.Contains));
        Assert.Equal(
            OutboxStates.Rejected, Assert.Single(await app.OutboxAsync("send_sms"), row => row.State != OutboxStates.Done).State);
        Assert.Contains("not delivered", (await app.LeadOfAsync(bad)).Task!.Note, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Requirement", "RTY-05")]
    public async Task Sixty_texts_at_once_are_sixty_creates_with_sixty_marks()
    {
        await using var app = await TestApp.StartAsync(postgres);
        var customers = Enumerable.Range(0, 60).Select(_ => People.Next()).ToArray();
        await Task.WhenAll(customers.Select(customer => app.Twilio.MissedCallAsync(new TestCall(customer))));
        await app.AdvanceAsync(Duration.FromMinutes(1));

        Assert.Equal(customers, app.Texts.Requests.Select(text => text.To).Where(customers.Contains).Order(StringComparer.Ordinal));
        foreach (var lead in await app.LeadsAsync())
        {
            Assert.Single(await app.FactsAsync<SmsCalling>(lead.Id));
        }
    }

    [Fact]
    [Trait("Requirement", "RTY-05")]
    public async Task A_backlog_of_mirrors_does_not_hold_up_a_text()
    {
        await using var app = await TestApp.StartAsync(postgres, TestBusiness.WithCrm());
        await using (var command = app.Database.CreateCommand(
            """
            insert into outbox (id, tenant_id, stream_id, kind, effect_key, state, due_at, body, created_at)
            select gen_random_uuid(), 'northside', gen_random_uuid(), 'mirror_lead', 'backlog:' || n, 'pending', $1, '{"target":"jobs","leadVersion":1}', $1
            from generate_series(1, 500) n
            """))
        {
            command.Parameters.Add(new Npgsql.NpgsqlParameter { Value = (TestApp.WednesdayMorning - Duration.FromDays(1)).ToDateTimeUtc() });
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        var customer = People.Next();
        await app.Twilio.MissedCallAsync(new TestCall(customer));
        await app.Services.GetRequiredService<OutboxDispatcher>().RunDueAsync(TestContext.Current.CancellationToken);

        Assert.Single(app.Texts.To(customer));
        Assert.Equal(
            OutboxDispatcher.MaxOfKind, (await app.OutboxAsync("mirror_lead")).Count(row => row.State != OutboxStates.Pending));
        await app.RunDueAsync();
        Assert.DoesNotContain(await app.OutboxAsync("mirror_lead"), row => row.State == OutboxStates.Pending);
    }
}
