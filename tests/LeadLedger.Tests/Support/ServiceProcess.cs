using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json.Nodes;

namespace LeadLedger.Tests.Support;

/// <summary>The service as people run it: its own executable, its own process, the machine's clock. It ends with the test.</summary>
public sealed class ServiceProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(90);

    private readonly Process _process;
    private readonly ScratchFolder _folder;
    private readonly ConcurrentQueue<string> _output;

    private ServiceProcess(Process process, ScratchFolder folder, Uri address, ConcurrentQueue<string> output)
    {
        _process = process;
        _folder = folder;
        _output = output;
        Http = new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromSeconds(60) };
    }

    public HttpClient Http { get; }

    /// <summary>What it has written so far.</summary>
    public string Output => string.Join('\n', _output);

    public static async Task<ServiceProcess> StartAsync(string connectionString, Outside outside, params JsonObject[] businesses)
    {
        var folder = new ScratchFolder();
        TestApp.WriteBusinesses(folder.Path, businesses.Length == 0 ? [TestBusiness.Northside()] : businesses, outside.Url);
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder.Path };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "LeadLedger.dll"));
        foreach (var argument in (string[])
        [
            "--environment=Testing", "--urls=http://127.0.0.1:0", $"--contentRoot={folder.Path}", $"--LEADLEDGER_DATA={folder.Below("data")}",
            $"--LEADLEDGER_CONFIG={folder.Below("businesses")}", "--LEADLEDGER_STOP_WAIT=1", $"--PUBLIC_BASE_URL={TestApp.PublicBase}",
            $"--TWILIO_ACCOUNT_SID={TwilioTwin.AccountSid}", $"--TWILIO_AUTH_TOKEN={TwilioTwin.AuthToken}",
            $"--TWILIO_API_BASE_URL={outside.Url}", $"--LEADLEDGER_ADMIN_KEY={TestApp.AdminKey}", $"--ConnectionStrings:Ledger={connectionString}",
        ])
        {
            start.ArgumentList.Add(argument);
        }

        var output = new ConcurrentQueue<string>();
        var address = new TaskCompletionSource<Uri>(TaskCreationOptions.RunContinuationsAsynchronously);
        var process = new Process { StartInfo = start, EnableRaisingEvents = true };
        void Read(string? line)
        {
            if (line is null)
            {
                return;
            }

            output.Enqueue(line);
            const string Listening = "Now listening on: ";
            if (line.IndexOf(Listening, StringComparison.Ordinal) is var at and >= 0)
            {
                address.TrySetResult(new Uri(line[(at + Listening.Length)..].Trim()));
            }
        }

        process.OutputDataReceived += (_, data) => Read(data.Data);
        process.ErrorDataReceived += (_, data) => Read(data.Data);
        process.Exited += (_, _) => address.TrySetException(new InvalidOperationException("it ended: " + string.Join('\n', output)));
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return new ServiceProcess(process, folder, await address.Task.WaitAsync(StartPatience), output);
    }

    /// <summary>Asks it to stop, as a supervisor does, and waits.</summary>
    /// <returns>Its exit code and how long it took.</returns>
    public async Task<(int ExitCode, TimeSpan Took)> TerminateAsync()
    {
        var began = Stopwatch.GetTimestamp();
        using (var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]))
        {
            await kill.WaitForExitAsync();
        }

        await _process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(60));
        return (_process.ExitCode, Stopwatch.GetElapsedTime(began));
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        Http.Dispose();
        _process.Dispose();
        _folder.Dispose();
    }
}
