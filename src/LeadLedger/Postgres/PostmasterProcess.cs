using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace LeadLedger.Postgres;

/// <summary>
/// Tells whether the process named in a <c>postmaster.pid</c> is still the server of that folder. A process id alone
/// proves nothing: after a crash it may belong to a zombie nobody reaps or to an unrelated program.
/// </summary>
internal static class PostmasterProcess
{
    private const int Interrupt = 2;
    private const int Quit = 3;

    // Seconds; clocks are corrected while a machine starts.
    private const long StartTolerance = 120;

    public static bool IsAlive(PostmasterFile file) =>
        OperatingSystem.IsLinux() ? IsAliveOnLinux(file) : IsAliveElsewhere(file);

    /// <summary>True while processes of a dead server still work in the folder (Linux; elsewhere the server checks).</summary>
    public static bool HasSurvivors(string cluster)
    {
        if (!OperatingSystem.IsLinux())
        {
            return false;
        }

        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var process)
                && StateOf(process) is not (null or 'Z' or 'X')
                && LinkTarget(Path.Combine(folder, "cwd")) == cluster
                && IsServerProgram(process))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Fast stop: open transactions are rolled back, everything committed is written.</summary>
    public static void AskToStop(int process) => _ = Signal(process, Interrupt);

    /// <summary>Immediate stop: nothing committed is lost, but the next start has to replay the log.</summary>
    public static void StopAtOnce(int process) => _ = Signal(process, Quit);

    private static bool IsAliveOnLinux(PostmasterFile file)
    {
        if (StateOf(file.ProcessId) is null or 'Z' or 'X' || !IsServerProgram(file.ProcessId))
        {
            return false;
        }

        // A server works inside its data directory, so the file seen from there is its own, by whatever path.
        // Where we may not look, it counts as alive: the connection attempt decides, and nothing is deleted.
        try
        {
            var own = File.ReadAllText($"/proc/{file.ProcessId}/cwd/postmaster.pid");
            return own.Split('\n')[0] == file.Content.Split('\n')[0];
        }
        catch (Exception problem) when (problem is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return true;
        }
    }

    /// <summary>
    /// Without /proc the name and the start time have to do. Should a living server be taken for a dead one, nothing is
    /// lost: PostgreSQL itself notices the shared memory of the other and refuses to start.
    /// </summary>
    private static bool IsAliveElsewhere(PostmasterFile file)
    {
        try
        {
            using var found = Process.GetProcessById(file.ProcessId);
            var started = new DateTimeOffset(found.StartTime).ToUnixTimeSeconds();
            return !found.HasExited
                && found.ProcessName is ("postgres" or "postmaster")
                && Math.Abs(started - file.StartedAt) <= StartTolerance;
        }
        catch (Exception problem) when (problem is ArgumentException or InvalidOperationException or Win32Exception)
        {
            return false;
        }
    }

    /// <summary>The letter the kernel keeps for a process; it follows the last bracket, names may hold brackets too.</summary>
    private static char? StateOf(int process)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{process}/stat");
            var end = stat.LastIndexOf(')');
            return end >= 0 && end + 2 < stat.Length ? stat[end + 2] : null;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static bool IsServerProgram(int process)
    {
        try
        {
            var program = File.ReadAllText($"/proc/{process}/cmdline").Split('\0')[0];
            return program.StartsWith("postgres:", StringComparison.Ordinal)
                || Path.GetFileName(program) is "postgres" or "postmaster";
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static string? LinkTarget(string link)
    {
        try
        {
            return new FileInfo(link).LinkTarget;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Signal(int process, int signal);
}
