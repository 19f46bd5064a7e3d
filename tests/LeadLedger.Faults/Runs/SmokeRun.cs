using LeadLedger.Faults.Processes;
using LeadLedger.Faults.Twin;
using LeadLedger.Faults.Webhooks;
using Npgsql;

namespace LeadLedger.Faults.Runs;

/// <summary>Whether the pieces fit: one missed call on a killed and restarted service and server ends in one accepted text.</summary>
public static class SmokeRun
{
    public static async Task<int> RunAsync()
    {
        using var scratch = new Scratch();
        await using var server = await PrivateServer.CreateAsync(scratch.Below("postgres"), scratch.Watchdog);
        await using var twin = await TruthTwin.StartAsync(scratch);
        TestBusiness.Write(scratch.Below("config"), twin.Url);
        var options = new ServiceOptions
        {
            Program = ServiceOptions.FindProgram(),
            ConnectionString = server.ConnectionString,
            Config = scratch.Below("config"),
            Data = scratch.Below("service"),
            Port = Loopback.FreePort(),
            TwinUrl = twin.Url,
            SmtpUrl = twin.SmtpUrl,
        };
        await using (var first = await ServiceProcess.StartAsync(options, scratch.Watchdog))
        {
            Console.WriteLine($"service up after {first.StartTook.TotalSeconds:0.00} s");
            await first.KillAsync();
        }

        await server.KillAsync();
        Console.WriteLine($"PostgreSQL up after kill -9 and {(await server.StartAsync()).TotalSeconds:0.00} s");
        await using var service = await ServiceProcess.StartAsync(options, scratch.Watchdog);
        Console.WriteLine($"service up after {service.StartTook.TotalSeconds:0.00} s");
        await twin.PlanAsync(new TwinPlan { Services = [service.Url] });
        using var http = new HttpClient();
        const string Sid = "CA00000000000000000000000000000001";
        foreach (var webhook in new[] { SignedWebhooks.Voice(Sid, "+12145550123"), SignedWebhooks.DialNoAnswer(Sid, "+12145550123"), SignedWebhooks.FormPost("s1", "Maria Lopez", "+12145550124", "m@home.example", "hi"), SignedWebhooks.Text("SN1", "+12145550125", "hello"), SignedWebhooks.Stop("SN2", "+12145550126") })
        {
            using var answer = await http.SendAsync(webhook.RequestTo(service.Url));
            Console.WriteLine($"{webhook.Kind}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
        }

        await Task.Delay(3000);
        foreach (var record in twin.ReadLog())
        {
            Console.WriteLine(record);
        }

        await using var source = NpgsqlDataSource.Create(server.ConnectionString);
        foreach (var sql in new[] { "select source || ' ' || dedupe_key || ' ' || outcome from inbox", "select type || ' ' || version || ' ' || data::text from mt_events order by seq_id", "select kind || ' ' || state || ' ' || effect_key || ' ' || body::text from outbox", "select data::text from mt_doc_leadview", "select kind || value || data::text || streams::text from contact_point", "select step || ' ' || outcome || ' ' || coalesce(token, '') from outbox_attempt", "select headers::text from mt_events limit 2", "select coalesce(correlation_id, 'none') || ' ' || coalesce(causation_id, 'none') from mt_events limit 5" })
        {
            await using var command = source.CreateCommand(sql);
            await using var reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync())
            {
                Console.WriteLine(reader.GetString(0));
            }
        }

        return 0;
    }
}
