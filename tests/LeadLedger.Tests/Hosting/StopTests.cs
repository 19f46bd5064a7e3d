using LeadLedger.Hosting;
using LeadLedger.Tests.Support;
using Npgsql;

namespace LeadLedger.Tests.Hosting;

/// <summary>SIGTERM under load: what was accepted is stored, no work stays claimed by nobody, and it is over in time.</summary>
public sealed class StopTests(TestPostgres postgres)
{
    private const int Senders = 8;
    private const int MostCalls = 400;
    private const int CallsBeforeTheStop = 40;

    private static readonly TimeSpan StopBound = TimeSpan.FromSeconds(25);

    [Theory]
    [InlineData(TwilioMode.Ok)]
    [InlineData(TwilioMode.Hang)]
    [Trait("Requirement", "I26")]
    public async Task A_stop_under_load_loses_nothing_that_was_accepted_and_leaves_no_claimed_row(TwilioMode provider)
    {
        var database = await postgres.CreateDatabaseAsync(await postgres.TemplateAsync("ledger", TestApp.MigrateAsync));
        await using var outside = new Outside();
        await outside.StartAsync();
        outside.Twilio.Mode = provider;
        await using var service = await ServiceProcess.StartAsync(database, outside);
        var twilio = new TwilioWebhooks(service.Http, TestApp.PublicBase, new ManualClock(SystemTime.Clock.GetCurrentInstant()));
        var accepted = new System.Collections.Concurrent.ConcurrentQueue<string>();
        var enough = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var failed = new System.Collections.Concurrent.ConcurrentQueue<string>();

        var sending = Enumerable.Range(0, Senders).Select(_ => Task.Run(async () =>
        {
            for (var n = 0; n < MostCalls / Senders; n++)
            {
                var call = new TestCall(People.Next());
                try
                {
                    var reply = await twilio.CallStatusAsync(call, "no-answer", 0);
                    if (!reply.IsSuccess)
                    {
                        failed.Enqueue(reply.Body);
                        continue;
                    }
                }
                catch (HttpRequestException)
                {
                    // It listens no more, or closed an idle connection: nothing was confirmed, and the sender goes to another process.
                    break;
                }

                accepted.Enqueue(call.Sid);
                if (accepted.Count == CallsBeforeTheStop)
                {
                    enough.SetResult();
                }
            }
        })).ToArray();
        await enough.Task.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        var (exitCode, took) = await service.TerminateAsync();
        await Task.WhenAll(sending);
        outside.Twilio.StopHanging();

        Assert.Equal(0, exitCode);
        Assert.True(took < StopBound, $"it took {took} to stop:\n{service.Output}");
        Assert.Empty(failed);
        await using var source = LedgerDatabase.CreateDataSource(database);
        var stored = await LinesAsync(source, "select dedupe_key from inbox");
        Assert.All(accepted, sid => Assert.Contains(stored, key => key.Contains(sid, StringComparison.Ordinal)));
        Assert.Empty(await LinesAsync(source, "select kind || ' ' || state from outbox where state in ('claimed', 'calling')"));
        if (provider == TwilioMode.Hang)
        {
            Assert.NotEmpty(await LinesAsync(source, "select id::text from outbox where state = 'ambiguous'"));
        }

        await postgres.DropDatabaseAsync(database);
    }

    private static async Task<List<string>> LinesAsync(NpgsqlDataSource database, string sql)
    {
        await using var command = database.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync();
        var lines = new List<string>();
        while (await reader.ReadAsync())
        {
            lines.Add(reader.GetString(0));
        }

        return lines;
    }
}
