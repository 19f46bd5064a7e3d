#if FAULTS
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace LeadLedger.EventStore.Faults;

/// <summary>The fail point that the environment armed.</summary>
internal sealed class Armed
{
    private const int SigStop = 19;

    private readonly ConcurrentDictionary<string, int> _passed = new(StringComparer.Ordinal);
    private readonly string? _name;
    private readonly int _time = 1;
    private readonly string? _action;
    private readonly string? _log;
    private readonly Lock _writing = new();

    private Armed(string? armed, string? log)
    {
        _log = log;
        if (armed?.Split('=') is [var place, var action])
        {
            var parts = place.Split(':');
            _name = parts[0];
            _time = parts.Length > 1 ? int.Parse(parts[1], CultureInfo.InvariantCulture) : 1;
            _action = action;
        }
    }

    public static Armed Instance { get; } = new(
        Environment.GetEnvironmentVariable("LEADLEDGER_FAILPOINT"), Environment.GetEnvironmentVariable("LEADLEDGER_FAILPOINT_LOG"));

    public void Hit(string name)
    {
        var count = _passed.AddOrUpdate(name, 1, static (_, passed) => passed + 1);
        Log(name);
        if (name != _name || count != _time)
        {
            return;
        }

        Log($"{name}={_action}");
        switch (_action)
        {
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
