using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using LeadLedger.Benchmarks.Load;
using LeadLedger.Benchmarks.Processes;
using LeadLedger.Businesses;
using LeadLedger.Postgres;
using Npgsql;

namespace LeadLedger.Benchmarks.Pages;

/// <summary>
/// A ledger as it is after a year: made once through signed webhooks and the API, then copied for each run, so that a run that writes leaves
/// nothing behind.
/// </summary>
public sealed class FilledLedger(EmbeddedPostgres server, string folder, int leads)
{
    public const string Business = "northside";

    private const string FormSecret = "benchmark-form-secret";
    private const long Callers = 39_000_000;

    // A prime that shares no factor with the number of callers, so that leads spread over every area code and no caller comes twice.
    private const long Step = 15_485_863;

    private const int LongHistories = 10;
    private const int CallsOfLongHistory = 120;
    private const int Open = 400;

    private readonly string _name = $"filled_{leads}";

    public IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["LEADLEDGER_CONFIG"] = Path.Combine(folder, "business.json"),
        ["LEADLEDGER_FORM_SECRET"] = FormSecret,
    };

    /// <summary>The number of a lead, E.164.</summary>
    public static string Phone(long lead) => SignedCalls.Caller(lead * Step % Callers);

    /// <summary>Every second lead has a name.</summary>
    public static string? Name(long lead) => lead % 2 == 0 ? PeopleNames.Of(lead) : null;

    /// <summary>The connection string of a fresh copy, filled first when there is nothing to copy yet.</summary>
    public async Task<string> CopyAsync()
    {
        // The shipped example with room for as many forms as the load sends.
        await File.WriteAllTextAsync(
            Settings["LEADLEDGER_CONFIG"],
            BusinessFile.Example.Replace(
                $"\"id\": \"{Business}\",", $"\"id\": \"{Business}\", \"limits\": {{ \"requestsPerMinutePerIp\": 100000, \"requestsPerMinutePerForm\": 1000000 }},",
                StringComparison.Ordinal));
        await using var admin = NpgsqlDataSource.Create(server.ConnectionString);
        if (!await ExistsAsync(admin))
        {
            await SqlAsync(admin, "drop database if exists filling (force)");
            await SqlAsync(admin, "create database filling");
            await FillAsync(server.ConnectionStringFor("filling"));
            await SqlAsync(admin, $"alter database filling rename to {_name}");
        }

        await SqlAsync(admin, "drop database if exists run (force)");
        await SqlAsync(admin, $"create database run template {_name} strategy file_copy");
        return server.ConnectionStringFor("run");
    }

    /// <summary>The connection string of a database with nothing in it.</summary>
    public async Task<string> EmptyAsync()
    {
        await using var admin = NpgsqlDataSource.Create(server.ConnectionString);
        await SqlAsync(admin, "drop database if exists empty (force)");
        await SqlAsync(admin, "create database empty");
        return server.ConnectionStringFor("empty");
    }

    private async Task<bool> ExistsAsync(NpgsqlDataSource admin)
    {
        await using var command = admin.CreateCommand("select exists (select 1 from pg_database where datname = $1)");
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = _name });
        return await command.ExecuteScalarAsync() is true;
    }

    private async Task FillAsync(string connectionString)
    {
        using (var service = await ServiceProcess.StartAsync(connectionString, Path.Combine(folder, "filling"), dispatch: false, Settings))
        {
            var calls = new SignedCalls(service.PublicBase, ServiceProcess.AccountSid, ServiceProcess.AuthToken, "dddddddddddd");
            await StepAsync("missed calls of new leads", leads, service, 64, n => calls.Request(n, Phone(n), Name(n)));
            await StepAsync("calls of people who call often", LongHistories * CallsOfLongHistory, service, LongHistories,
                n => calls.Request(1_000_000_000 + n, Phone(1 + (n % LongHistories)), null));
            await StepAsync("calls without a number", Math.Min(300, leads / 50), service, 8, n => calls.Request(2_000_000_000 + n, "+266696687", null));
            await StepAsync("forms of every twentieth lead", leads / 20, service, 32, n => Form(n * 20));
            using var api = new HttpClient { BaseAddress = new Uri(service.PublicBase) };
            api.DefaultRequestHeaders.Authorization = new("Bearer", ServiceProcess.AdminKey);
            var tasks = await TasksAsync(api);
            await StepAsync("callbacks completed", tasks.Count - Open, service, 32, n => Api(
                "PUT", $"/api/tasks/{tasks[(int)n - 1]}/completion", new JsonObject { ["outcome"] = (n % 3) switch { 0 => "spoke", 1 => "voicemail", _ => "no_interest" } }));
            var ids = await IdsAsync(connectionString);
            await StepAsync("opt-outs", Math.Min(200, leads / 50), service, 8, n => Api("PUT", "/api/contact-points/suppression", new JsonObject
            {
                ["value"] = Phone(100 + (n * 3)),
                ["reason"] = "said so on the phone",
                ["business"] = Business,
            }));
            await StepAsync("merges", Math.Min(120, leads / 50), service, 8, n => Api(
                "POST", $"/api/leads/{ids[(int)n * 4]}/mergers", new JsonObject { ["other"] = ids[((int)n * 4) + 1].ToString(), ["reason"] = "the same person" }));
        }

        await using var database = NpgsqlDataSource.Create(connectionString);
        await SettleAsync(database);
    }

    // What leaves the building is not what is measured: the work counts as done, but for what is due later, and some that was given up.
    private static async Task SettleAsync(NpgsqlDataSource database)
    {
        await SqlAsync(database,
            """
            update outbox o set state = 'done', finished_at = now()
            where o.id not in (select n.id from outbox n order by n.id desc limit 300)
            """);
        await SqlAsync(database,
            """
            update outbox o set state = 'parked', attempts = 8, last_error = 'the other side did not answer'
            where o.id in (select n.id from outbox n where n.state = 'done' and n.kind in ('send_sms', 'alert_sms', 'alert_email', 'mirror_lead') order by n.id desc limit 40)
            """);
        await SqlAsync(database, "update outbox o set due_at = now() + interval '2 hours' where o.state = 'pending'");
        await SqlAsync(database, "vacuum analyze");
        await SqlAsync(database, "checkpoint");
        await using var count = database.CreateCommand(
            "select (select count(*) from mt_doc_leadview), (select count(*) from mt_events), (select count(*) from outbox), pg_database_size(current_database()) / 1048576");
        await using var reader = await count.ExecuteReaderAsync();
        await reader.ReadAsync();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"filled: {reader.GetInt64(0)} leads, {reader.GetInt64(1)} events, {reader.GetInt64(2)} work items, {reader.GetInt64(3)} MB"));
    }

    private static async Task StepAsync(string name, int count, ServiceProcess service, int connections, Func<long, byte[]> request)
    {
        var result = await LoadClient.RunCountAsync(service.Port, connections, count, request);
        var keptAside = await Spool.DrainedAsync(service);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{name,-32} {result.Requests,8} in {result.Seconds,6:F1} s, failed {result.Failures}, kept aside at first {keptAside}"));
    }

    private static byte[] Form(long lead) => LoadClient.Http(
        "POST", "/api/webhooks/forms/website", $"Content-Type: application/json\r\nX-Form-Secret: {FormSecret}\r\n", new JsonObject
        {
            ["id"] = string.Create(CultureInfo.InvariantCulture, $"bench-{lead}"),
            ["name"] = PeopleNames.Of(lead),
            ["phone"] = Phone(lead),
            ["email"] = string.Create(CultureInfo.InvariantCulture, $"{PeopleNames.Surname(lead).ToLowerInvariant()}.{lead}@mail.example"),
            ["message"] = lead % 200 == 0 ? "Water is coming through the ceiling, it is urgent" : "Some shingles came off, please have a look",
            ["page"] = "https://northside.example/quote",
            ["sms_consent"] = "yes",
        }.ToJsonString());

    private static byte[] Api(string method, string path, JsonObject body) => LoadClient.Http(
        method, path, $"Authorization: Bearer {ServiceProcess.AdminKey}\r\nContent-Type: application/json\r\n", body.ToJsonString());

    private static async Task<List<string>> TasksAsync(HttpClient api)
    {
        var ids = new List<string>();
        string? next = "";
        while (next is not null)
        {
            var page = await api.GetFromJsonAsync<JsonElement>($"/api/tasks?limit=200{(next.Length == 0 ? "" : $"&cursor={Uri.EscapeDataString(next)}")}");
            ids.AddRange(page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetString()!));
            next = page.GetProperty("next").GetString();
        }

        return ids;
    }

    private static async Task<List<Guid>> IdsAsync(string connectionString)
    {
        await using var database = NpgsqlDataSource.Create(connectionString);
        await using var command = database.CreateCommand("select id from mt_doc_leadview where data ->> 'kind' = 'lead' order by id desc limit 2000");
        await using var reader = await command.ExecuteReaderAsync();
        var ids = new List<Guid>();
        while (await reader.ReadAsync())
        {
            ids.Add(reader.GetGuid(0));
        }

        return ids;
    }

    private static async Task SqlAsync(NpgsqlDataSource database, string sql)
    {
        await using var command = database.CreateCommand(sql);
        command.CommandTimeout = 600;
        await command.ExecuteNonQueryAsync();
    }
}
