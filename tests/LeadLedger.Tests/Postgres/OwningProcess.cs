using System.Diagnostics;
using System.Globalization;
using LeadLedger.Postgres;
using LeadLedger.Tests.Support;

namespace LeadLedger.Tests.Postgres;

/// <summary>
/// A second process that owns a server, so that a test can kill it: this test program again, running only the explicit
/// test of <see cref="OwningProcessChild"/>, which holds the server until its input ends.
/// </summary>
internal sealed class OwningProcess : IDisposable
{
    public const string FolderVariable = "LEADLEDGER_TEST_OWNED_FOLDER";
    public const string WatchdogVariable = "LEADLEDGER_TEST_WATCHDOG";
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    private readonly Process _process;

    private OwningProcess(Process process) => _process = process;

    internal static async Task<OwningProcess> StartAsync(ScratchFolder folder, bool watchdog)
    {
        File.Delete(ReadyFile(folder.Path));
        var program = Path.Combine(
            AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "LeadLedger.Tests.exe" : "LeadLedger.Tests");
        var start = new ProcessStartInfo(
            program,
            ["--filter-method", $"{typeof(OwningProcessChild).FullName}.{nameof(OwningProcessChild.Holds_a_server_until_its_input_ends)}",
             "--explicit", "only", "--no-progress"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            Environment =
            {
                [FolderVariable] = folder.Path,
                [WatchdogVariable] = watchdog.ToString(CultureInfo.InvariantCulture),
            },
        };
        var owner = new OwningProcess(Process.Start(start)!);
        if (!await Poll.UntilAsync(() => File.Exists(ReadyFile(folder.Path)), Limit, CancellationToken.None))
        {
            owner.Dispose();
            Assert.Fail("The owning process did not start a server.");
        }

        return owner;
    }

    internal async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _process.Dispose();
    }

    public static string ReadyFile(string folder) => Path.Combine(folder, "ready");
}
