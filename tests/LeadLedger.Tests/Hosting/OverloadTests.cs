using System.Net;
using LeadLedger.Hosting;
using LeadLedger.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace LeadLedger.Tests.Hosting;

/// <summary>More than can be stored is refused politely and at once; whatever was accepted is stored.</summary>
public sealed class OverloadTests(TestPostgres postgres)
{
    private const int Burst = 5 * IntakePlaces.Most;

    [Fact]
    [Trait("Requirement", "I25")]
    public async Task A_burst_of_five_times_the_places_is_stored_or_told_to_come_back_and_nothing_in_between()
    {
        await using var app = await TestApp.StartAsync(postgres);
        app.Log.Expect("");
        await using var blocker = await app.Database.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using var block = await blocker.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using (var command = blocker.CreateCommand())
        {
            // While nothing can be appended, everything that is let in stays.
            command.CommandText = "lock table mt_events in share mode";
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        var calls = Enumerable.Range(0, Burst).Select(_ => new TestCall(People.Next())).ToArray();
        var posts = calls.Select(call => app.Twilio.CallStatusAsync(call, "no-answer", 0)).ToArray();
        var places = app.Services.GetRequiredService<IntakePlaces>();
        for (var answered = 0; answered < Burst - IntakePlaces.Most && places.Refused == 0; answered++)
        {
            await Task.WhenAny(posts);
        }

        await block.RollbackAsync(TestContext.Current.CancellationToken);
        var replies = await Task.WhenAll(posts);

        Assert.InRange(places.Peak, 1, IntakePlaces.Most);
        Assert.True(places.Refused > 0, "nobody was refused: the burst was no burst");
        Assert.Equal(0, places.Taken);
        Assert.All(replies.Where(reply => !reply.IsSuccess), reply =>
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, reply.Status);
            Assert.False(string.IsNullOrEmpty(reply.RetryAfter));
        });
        var stored = (await app.InboxAsync()).Select(line => line.Key).ToHashSet(StringComparer.Ordinal);
        var accepted = calls.Zip(replies).Where(pair => pair.Second.IsSuccess).Select(pair => pair.First.Sid).ToArray();
        Assert.NotEmpty(accepted);
        Assert.All(accepted, sid => Assert.Contains(stored, key => key.Contains(sid, StringComparison.Ordinal)));
    }
}
