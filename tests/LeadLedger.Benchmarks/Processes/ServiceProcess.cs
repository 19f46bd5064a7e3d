using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace LeadLedger.Benchmarks.Processes;

/// <summary>The service as its own process, in the build that is measured.</summary>
public sealed class ServiceProcess : IDisposable
{
    public const string AccountSid = "AC11111111111111111111111111111111";
    public const string AuthToken = "benchmark-token";
    public const string AdminKey = "benchmark-admin-key";

    private readonly Process _process;

    private ServiceProcess(Process process, int port, TimeSpan ready)
    {
        _process = process;
        Port = port;
        Ready = ready;
    }

    public int Port { get; }

    /// <summary>From the start of the process to the first healthy answer.</summary>
    public TimeSpan Ready { get; }

    public int Id => _process.Id;

    public string PublicBase => $"http://127.0.0.1:{Port}";

    /// <param name="connectionString">Of the ledger's database.</param>
    /// <param name="dataFolder">For everything else.</param>
    /// <param name="dispatch">Whether it also sends.</param>
    /// <param name="settings">Further settings.</param>
    public static async Task<ServiceProcess> StartAsync(
        string connectionString, string dataFolder, bool dispatch, IReadOnlyDictionary<string, string>? settings = null)
    {
        var port = FreePort();
        var start = new ProcessStartInfo(Environment.ProcessPath!.EndsWith("dotnet", StringComparison.Ordinal) ? Environment.ProcessPath : "dotnet")
        {
            ArgumentList = { Path.Combine(AppContext.BaseDirectory, "LeadLedger.dll") },
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (key, value) in new Dictionary<string, string>
        {
            ["ASPNETCORE_URLS"] = $"http://127.0.0.1:{port}",
            ["PUBLIC_BASE_URL"] = $"http://127.0.0.1:{port}",
            ["ConnectionStrings__Ledger"] = connectionString,
            ["LEADLEDGER_DATA"] = dataFolder,
            ["LEADLEDGER_ADMIN_KEY"] = AdminKey,
            ["LEADLEDGER_DISPATCH"] = dispatch ? "on" : "off",
            ["TWILIO_ACCOUNT_SID"] = AccountSid,
            ["TWILIO_AUTH_TOKEN"] = AuthToken,
            ["TWILIO_API_BASE_URL"] = "http://127.0.0.1:1",
            ["LEADLEDGER_SENDER"] = "recorded",
        }.Concat(settings ?? new Dictionary<string, string>()))
        {
            start.Environment[key] = value;
        }

        var watch = Stopwatch.StartNew();
        var process = Process.Start(start)!;
        process.OutputDataReceived += static (_, _) => { };
        process.ErrorDataReceived += static (_, line) => Console.Error.WriteLine(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(1) };
        while (watch.Elapsed < TimeSpan.FromSeconds(30) && !process.HasExited)
        {
            try
            {
                if ((await http.GetAsync($"http://127.0.0.1:{port}/health/live")).IsSuccessStatusCode)
                {
                    return new ServiceProcess(process, port, watch.Elapsed);
                }
            }
            catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException)
            {
                await Task.Yield();
            }
        }

        process.Kill(entireProcessTree: true);
        throw new InvalidOperationException("the service did not become ready");
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            _process.WaitForExit();
        }

        _process.Dispose();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
