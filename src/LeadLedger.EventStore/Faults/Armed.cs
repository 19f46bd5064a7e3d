#if FAULTS
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace LeadLedger.EventStore.Faults;

/// <summary>The fail point that a file arms, at any time while the process runs.</summary>
internal sealed class Armed
{
    private const int SigStop = 19;

    private readonly string? _file;
    private readonly string? _log;
    private readonly Lock _writing = new();

    private Armed(string? file, string? log) => (_file, _log) = (file, log);

    public static Armed Instance { get; } = new(
        Environment.GetEnvironmentVariable("LEADLEDGER_FAILPOINT"), Environment.GetEnvironmentVariable("LEADLEDGER_FAILPOINT_LOG"));

    public void Hit(string name)
    {
        Log(name);
        switch (Take(name))
        {
            case null:
                break;
            case "kill":
                Process.GetCurrentProcess().Kill();
                break;
            case "stop":
                _ = Kill(Environment.ProcessId, SigStop);
                break;
            default:
                throw new FailPointException(name);
        }
    }

    // Renamed, which can be done once: of all threads and processes that share the file, the first to pass the place is hit.
    private string? Take(string name)
    {
        if (_file is null || !File.Exists(_file))
        {
            return null;
        }

        try
        {
            if (File.ReadAllText(_file).Split('=') is [var place, var action] && place == name)
            {
                File.Move(_file, _file + ".taken", overwrite: true);
                return action;
            }
        }
        catch (IOException)
        {
            // Somebody else was first.
        }

        return null;
    }

    private void Log(string line)
    {
        if (_log is null)
        {
            return;
        }

        lock (_writing)
        {
            File.AppendAllText(_log, line + "\n");
        }
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int pid, int signal);
}
#endif
