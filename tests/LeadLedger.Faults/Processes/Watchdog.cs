using System.Diagnostics;
using System.Globalization;

namespace LeadLedger.Faults.Processes;

/// <summary>
/// A small shell that reads a pipe from us. However this process ends, the pipe ends with it, and the shell then kills every process that
/// was recorded, unmounts what this run mounted below the scratch folder and removes it, so that no test outlives the one who started it.
/// </summary>
public sealed class Watchdog : IDisposable
{
    // Children of a server that was frozen are thawed with it: they could not see that it is gone.
    // A recorded id counts only with its start time: the kernel may have given the number to somebody else since.
    private const string Script = """
        trap '' HUP INT TERM
        exec >/dev/null 2>&1
        started() { line=$(cat "/proc/$1/stat" 2>/dev/null) || return 1; set -- ${line##*) }; shift 19; echo "$1"; }
        pids=
        while read -r word id; do
          case "$word" in
            watch) pids="$pids $id:$(started "$id")" ;;
            forget) rest=; for p in $pids; do [ "${p%%:*}" = "$id" ] || rest="$rest $p"; done; pids=$rest ;;
          esac
        done
        for p in $pids; do id=${p%%:*}; [ "$(started "$id")" = "${p#*:}" ] && kill -CONT "$id" $(cat "/proc/$id/task/$id/children") && kill -KILL "$id"; done
        release() { while read -r _ place _; do case "$place" in "$1"/*) umount "$place" || umount -l "$place" ;; esac; done </proc/mounts; }
        [ -n "$1" ] && for again in 1 2 3 4 5; do release "$1"; rm -rf -- "$1" && break; sleep 1; done
        """;

    private readonly Process _shell;
    private readonly Lock _lock = new();

    public Watchdog(string folder)
    {
        _shell = Process.Start(new ProcessStartInfo("/bin/sh")
        {
            ArgumentList = { "-c", Script, "faults-watchdog", folder },
            RedirectStandardInput = true,
            WorkingDirectory = "/",
        })!;
        _shell.StandardInput.AutoFlush = true;
    }

    public void Watch(int pid) => Say("watch", pid);

    public void Forget(int pid) => Say("forget", pid);

    /// <summary>Ends everything that is still recorded and removes the folder.</summary>
    public void Dispose()
    {
        _shell.StandardInput.Close();
        _shell.WaitForExit();
        _shell.Dispose();
    }

    private void Say(string word, int pid)
    {
        lock (_lock)
        {
            _shell.StandardInput.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{word} {pid}"));
        }
    }
}
