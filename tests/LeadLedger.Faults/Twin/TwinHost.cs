using System.Globalization;
using System.Text;
using System.Text.Json;
using LeadLedger.Faults.Processes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace LeadLedger.Faults.Twin;

/// <summary>
/// The stand-in for everything outside, as its own process that no nemesis touches: texts and their list, a CRM, a team channel and a mail
/// server. It ends when its standard input ends, that is, with whoever started it.
/// </summary>
public static class TwinHost
{
    public static async Task<int> RunAsync(string[] args)
    {
        var port = int.Parse(args[0], CultureInfo.InvariantCulture);
        var smtpPort = int.Parse(args[1], CultureInfo.InvariantCulture);
        await using var log = new TwinLog(args[2]);
        using var callbacks = new TwinCallbacks(log);
        var texts = new TextsTwin(log, callbacks);
        var calls = new CallsTwin();
        var crm = new CrmTwin(log);
        await using var mail = new MailTwin(log, smtpPort);
        mail.Start();

        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders().AddFilter(static _ => false);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenLocalhost(port));
        var app = builder.Build();
        app.MapGet("/control/live", () => "live");
        app.MapPost("/control/plan", async (HttpContext http) =>
        {
            var plan = (await JsonSerializer.DeserializeAsync(http.Request.Body, TwinJson.Default.TwinPlan))!;
            callbacks.Use(plan);
            texts.Use(plan);
            crm.Use(plan);
        });
        app.MapPost("/control/next", async (HttpContext http) =>
        {
            using var reader = new StreamReader(http.Request.Body, Encoding.UTF8);
            texts.Next((await reader.ReadToEndAsync()).Split(',').Select(Enum.Parse<TwinMode>));
        });
        app.MapPost("/control/call/{sid}/{from}/{minutes:int}", (string sid, string from, int minutes) => calls.Add(sid, from, minutes));
        app.MapGet("/control/pending", () => callbacks.Pending.ToString(CultureInfo.InvariantCulture));
        app.MapGet(CallsTwin.Path, calls.ServeAsync);
        app.MapMethods("/2010-04-01/{**rest}", ["POST", "GET"], texts.ServeAsync);
        app.MapPost("/crm", crm.ServeAsync);
        app.MapPost("/channel", async (HttpContext http) =>
        {
            using var reader = new StreamReader(http.Request.Body, Encoding.UTF8);
            await log.WriteAsync(new TwinRecord { What = "channel", At = TwinLog.Now, Detail = await reader.ReadToEndAsync() });
        });
        await app.StartAsync();
        await Console.In.ReadToEndAsync();
        await app.StopAsync(new CancellationTokenSource(TimeSpan.FromSeconds(1)).Token);
        return 0;
    }
}

/// <summary>The stand-in's log, written to the disk before anything is answered.</summary>
internal sealed class TwinLog(string path) : IAsyncDisposable
{
    private readonly FsyncedLog _log = new(path);

    /// <summary>Microseconds since 1970.</summary>
    public static long Now => (DateTimeOffset.UtcNow - DateTimeOffset.UnixEpoch).Ticks / 10;

    public Task WriteAsync(TwinRecord record) => _log.AppendAsync(JsonSerializer.SerializeToUtf8Bytes(record, TwinJson.Default.TwinRecord));

    public ValueTask DisposeAsync() => _log.DisposeAsync();
}
