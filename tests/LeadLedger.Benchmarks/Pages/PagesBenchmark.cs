using LeadLedger.Benchmarks.Load;
using LeadLedger.Benchmarks.Processes;
using LeadLedger.Businesses;
using LeadLedger.Hosting;
using LeadLedger.Postgres;
using LeadLedger.Staff.Accounts;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace LeadLedger.Benchmarks.Pages;

/// <summary>The staff pages over a large ledger: how soon they answer, search, live updates, and what open pages cost.</summary>
public static class PagesBenchmark
{
    public static async Task RunAsync(PagesPlan plan)
    {
        var folder = plan.Keep is null ? Directory.CreateTempSubdirectory("leadledger-pages-").FullName : Directory.CreateDirectory(plan.Keep).FullName;
        Console.WriteLine($"Pages over {plan.Leads} leads, {Environment.ProcessorCount} cores shared by client, service and PostgreSQL (fsync on)");
        try
        {
            await using var server = await EmbeddedPostgres.StartAsync(new EmbeddedPostgresOptions { DataFolder = folder, MaxConnections = 100 }, default);
            await MeasureAsync(plan, folder, new FilledLedger(server, folder, plan.Leads), server);
        }
        finally
        {
            if (plan.Keep is null)
            {
                Directory.Delete(folder, recursive: true);
            }
        }
    }

    private static async Task MeasureAsync(PagesPlan plan, string folder, FilledLedger ledger, EmbeddedPostgres server)
    {
        var connectionString = await ledger.CopyAsync();
        await using var database = NpgsqlDataSource.Create(connectionString);
        using var service = await ServiceProcess.StartAsync(connectionString, Path.Combine(folder, "service"), dispatch: false, ledger.Settings);
        var token = await SignInAsync(database);
        using var visitor = new PageVisitor(service.PublicBase, $"leadledger={token}", Tokens.FormTokenOf(token), 500);
        if (plan.Parts.Contains("pages"))
        {
            await PageSpeed.RunAsync(visitor, await AddressesAsync(folder, ledger, database, service), plan.Requests);
        }

        if (plan.Parts.Contains("search"))
        {
            await SearchSpeed.RunAsync(visitor, plan.Leads, plan.Searches);
        }

        var live = new LiveSpeed(service, visitor, new SignedCalls(service.PublicBase, ServiceProcess.AccountSid, ServiceProcess.AuthToken, "eeeeeeeeeeee"));
        if (plan.Parts.Contains("live"))
        {
            Console.WriteLine();
            await live.ChangesAsync(plan.Changes, 1);
        }

        if (plan.Parts.Contains("ingestion"))
        {
            await live.IngestionAsync(plan.OpenPages, plan.IngestionSeconds);
        }

        if (plan.Parts.Contains("indexes"))
        {
            await IndexCost.RunAsync(database, service, plan.IngestionSeconds, live.Call);
        }

        Console.WriteLine($"service memory after the run: {Usage.Megabytes(service.Id):F0} MB; PostgreSQL: {server.Describe.Split(" in ")[0]}");
    }

    // An owner, who sees every page.
    private static async Task<string> SignInAsync(NpgsqlDataSource database)
    {
        var users = new StaffUsers(database, SystemTime.Clock);
        var user = await users.AddAsync("benchmark", "Benchmark", StaffUser.Owner, null, default);
        return (await new StaffSessions(database, SystemTime.Clock).BeginAsync(user!, default)).Token;
    }

    // The route table of the service itself, built here on an empty database without being started.
    private static async Task<IReadOnlyList<string>> AddressesAsync(string folder, FilledLedger ledger, NpgsqlDataSource database, ServiceProcess service)
    {
        string[] arguments =
        [
            $"--LEADLEDGER_CONFIG={ledger.Settings["LEADLEDGER_CONFIG"]}", $"--ConnectionStrings:Ledger={await ledger.EmptyAsync()}",
            $"--LEADLEDGER_DATA={Path.Combine(folder, "routes")}", "--LEADLEDGER_DISPATCH=off",
        ];
        await using var built = await ServiceHost.BuildAsync(arguments, new HostOptions(), default);
        var business = built.App.Services.GetRequiredService<BusinessDirectory>().Find(FilledLedger.Business)!;
        var links = new LeadLinks(
            database, built.App.Services.GetRequiredService<BusinessDirectory>(), new StaffUsers(database, SystemTime.Clock), new ServiceAddress(service.PublicBase), SystemTime.Clock);
        var routes = ((IEndpointRouteBuilder)built.App).DataSources.SelectMany(source => source.Endpoints);
        return await PageAddresses.AllAsync(routes, database, lead => links.TokenAsync(business, business.Staff[0], lead, default));
    }
}
