using System.Diagnostics;
using System.Globalization;

namespace LeadLedger.Postgres;

/// <summary>
/// A small shell that reads a pipe from us. When we are killed the pipe ends and it stops the server, unless another
/// service has taken the server over by then. When we stop in good order we tell it so, and it goes away.
/// </summary>
internal sealed class Watchdog : IDisposable
{
    private const string Farewell = "done";

    // $1 owner file, $2 our token, $3 postmaster.pid, $4 the server's process id. Signals for the terminal's process
    // group must not end it before it has done its work.
    private const string Script = $"""
        trap '' HUP INT TERM
        exec >/dev/null 2>&1
        while read -r word; do [ "$word" = {Farewell} ] && exit 0; done
        read -r owner < "$1" && [ "$owner" = "$2" ] || exit 0
        read -r pid < "$3" && [ "$pid" = "$4" ] && kill -INT "$pid"
        """;

    private readonly Process _shell;

    private Watchdog(Process shell) => _shell = shell;

    public int ProcessId => _shell.Id;

    public static Watchdog? Start(ClusterFolder folder, string token, int postmaster)
    {
        if (OperatingSystem.IsWindows())
        {
            return null;
        }

        var start = Command.Describe(
            [
                "/bin/sh", "-c", Script, "leadledger-watchdog", folder.Owner, token, folder.PostmasterFile,
                postmaster.ToString(CultureInfo.InvariantCulture),
            ],
            "/");
        start.RedirectStandardInput = true;
        return new Watchdog(Process.Start(start)!);
    }

    public void Dispose()
    {
        if (!_shell.HasExited)
        {
            try
            {
                _shell.StandardInput.WriteLine(Farewell);
            }
            catch (IOException)
            {
                // Somebody has ended it just now.
            }

            Abandon();
        }

        _shell.Dispose();
    }

    /// <summary>Ends the pipe without a word, as our own sudden end would, and waits for what the shell does then.</summary>
    internal void Abandon()
    {
        try
        {
            _shell.StandardInput.Close();
        }
        catch (IOException)
        {
        }

        _shell.WaitForExit();
    }
}
