using System.Globalization;
using System.Runtime.InteropServices;

namespace LeadLedger.Faults.Processes;

/// <summary>Signals to processes this harness started, by id and never by name.</summary>
public static class Signals
{
    public const int Kill = 9;
    public const int Terminate = 15;

    /// <summary>PostgreSQL: stop at once without a checkpoint.</summary>
    public const int Quit = 3;

    /// <summary>PostgreSQL: end sessions, write a checkpoint, stop.</summary>
    public const int Interrupt = 2;

    private static readonly bool IsMac = OperatingSystem.IsMacOS();

    public static int Stop => IsMac ? 17 : 19;

    public static int Continue => IsMac ? 19 : 18;

    /// <returns>False when there is no such process.</returns>
    public static bool Send(int pid, int signal)
    {
        // 0, 1 and negative ids address groups or everything.
        ArgumentOutOfRangeException.ThrowIfLessThan(pid, 2);
        return kill(pid, signal) == 0;
    }

    public static bool IsAlive(int pid) => StateOf(pid) is { } state && state != 'Z';

    /// <summary>Whether the process stands still after SIGSTOP.</summary>
    public static bool IsStopped(int pid) => StateOf(pid) is 'T';

    /// <summary>The direct children of a process, from /proc.</summary>
    public static IReadOnlyList<int> ChildrenOf(int pid)
    {
        var children = new List<int>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var id) && FieldsOf(id) is [_, var parent, ..]
                && parent == pid.ToString(CultureInfo.InvariantCulture))
            {
                children.Add(id);
            }
        }

        return children;
    }

    private static char? StateOf(int pid) => FieldsOf(pid) is [[var state, ..], ..] ? state : null;

    // The name in the second field may hold anything, so everything up to its last bracket is skipped.
    private static string[]? FieldsOf(int pid)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{pid}/stat");
            return stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

#pragma warning disable SYSLIB1054 // One call without marshalling.
    [DllImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int kill(int pid, int signal);
#pragma warning restore SYSLIB1054
}
