using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using LeadLedger.Demo;
using LeadLedger.Hosting;

namespace LeadLedger.Cli;

/// <summary><c>leadledger demo</c>: the service with a full day in it.</summary>
internal static class DemoVerb
{
    private const int UsualPort = 5080;

    private const string Description =
        """
        Starts the service with a believable history: a roofing company's storm, replayed in seconds through the service's
        own signed webhooks, then served with the usual clock. Everybody in it is made up, and nothing leaves the machine:
        texts go to a stand-in for the phone provider inside this process, mail is recorded. It keeps a folder and a database
        of its own and never touches a real ledger. A later start opens the same folder as it was left.
        """;

    private const string Examples =
        """
        Examples:
          leadledger demo
          leadledger demo --fresh
          leadledger demo --port 5090 --data /tmp/northside-demo

        Exit codes: 0 it was stopped; 2 it could not start; 130 it was stopped while the history was being replayed.
        """;

    public static Command Create()
    {
        var data = new Option<string?>("--data") { Description = $"The demo's folder; default: LEADLEDGER_DATA, else {DemoFolder.Default}." };
        var port = new Option<int>("--port") { Description = "Port on this machine.", DefaultValueFactory = _ => UsualPort };
        var fresh = new Option<bool>("--fresh") { Description = "Remove the demo that is in the folder and make it anew." };
        var command = new Verb("demo", Description, Examples) { data, port, fresh };
        command.SetAction((parsed, cancellation) => RunAsync(parsed.GetValue(data), parsed.GetValue(port), parsed.GetValue(fresh), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(string? data, int port, bool fresh, CancellationToken cancellation)
    {
        try
        {
            if (port is < 1 or > 65535)
            {
                throw new SettingsException("--port must be 1 to 65535, such as 5081.");
            }

            var folder = OpenFolder(LedgerAccess.Environment(), data, fresh);

            // Not even to a proxy: everything that is called stands on this machine.
            HttpClient.DefaultProxy = new WebProxy();
            await using var host = await DemoHost.StartAsync(folder, $"http://localhost:{port}", SystemTime.Clock, cancellation);
            if (!folder.IsComplete)
            {
                await ReplayAsync(host, cancellation);
            }

            await PrintReadyAsync(host.Service, Console.Out);
            await host.ServeAsync(cancellation);
            return ExitCodes.Fine;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return ExitCodes.Interrupted;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException && StartupReport.Explain(exception) is null)
        {
            await Console.Error.WriteLineAsync($"{exception.Message} Make room or correct the permissions, or name another folder with --data.");
            return ExitCodes.CouldNotRun;
        }
        catch (Exception exception) when (StartupReport.Explain(exception) is { } explanation)
        {
            await Console.Error.WriteLineAsync(explanation.Replace("set ASPNETCORE_URLS to a free one, such as http://localhost:5081", "choose a free one, such as --port 5081", StringComparison.Ordinal));
            return ExitCodes.CouldNotRun;
        }
    }

    /// <summary>The demo's own folder; a ledger that is no demo is refused before anything is touched.</summary>
    /// <exception cref="SettingsException">The environment names somebody's ledger.</exception>
    internal static DemoFolder OpenFolder(IConfiguration environment, string? data, bool fresh) =>
        string.IsNullOrWhiteSpace(environment.GetConnectionString("Ledger"))
            ? DemoFolder.Open(data ?? environment["LEADLEDGER_DATA"] ?? DemoFolder.Default, fresh)
            : throw new SettingsException(
                "ConnectionStrings__Ledger names a database, and the demo writes to none but its own: unset it, and start the demo again.");

    private static async Task ReplayAsync(DemoHost host, CancellationToken cancellation)
    {
        await Console.Out.WriteLineAsync(
            "Replaying the history of Northside Roofing through signed webhooks. Everybody in it is made up; nothing is sent outside this machine.");
        var started = Stopwatch.GetTimestamp();
        var report = await ProgressDisplay.RunAsync(progress => host.ReplayAsync(DemoStory.UsualSeed, progress, cancellation));
        await Console.Out.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"Accepted {report.Webhooks:N0} webhooks in {Stopwatch.GetElapsedTime(started).TotalSeconds:N1} s, {report.Texts:N0} of them about texts that the stand-in took."));
    }

    /// <summary>What a person needs to look around, once the service serves.</summary>
    internal static async Task PrintReadyAsync(BuiltService service, TextWriter output)
    {
        var settings = service.Settings;
        await output.WriteLineAsync($"LeadLedger demo at {settings.PublicBase}");
        await output.WriteLineAsync($"  Businesses {string.Join(", ", settings.Businesses.Select(b => $"{b.Name} ({b.Id})"))} - made up, as is everybody in it");
        foreach (var (login, token) in await DemoSignIn.LinksAsync(service.App.Services, settings.Businesses[0], CancellationToken.None))
        {
            await output.WriteLineAsync($"  Sign in    {settings.PublicBase}/sign-in/link/{token}   as {login}, once");
        }

        await output.WriteLineAsync("  Texts      taken by a stand-in inside this process, never sent; mail is recorded and shown");
        await output.WriteLineAsync($"  Folder     {settings.DataFolder}: --fresh makes it anew, removing the folder removes the demo");
        await output.WriteLineAsync($"  Admin API key of this demo: {settings.AdminKey}");
        await output.WriteLineAsync($"  Trying out secrets that sign the demo's webhooks are in {Path.Combine(settings.DataFolder, "trial")}");
        await output.WriteLineAsync($"  Verify     LEADLEDGER_DATA=\"{settings.DataFolder}\" leadledger verify");
        await output.WriteLineAsync($"  API        {settings.PublicBase}/docs   Health {settings.PublicBase}/health/ready");
        await output.WriteLineAsync("  Stop       Ctrl+C");
    }
}
