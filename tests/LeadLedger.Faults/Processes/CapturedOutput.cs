using System.Diagnostics;

namespace LeadLedger.Faults.Processes;

/// <summary>
/// Starts processes and keeps what they print, bounded; all of it in files, one for each process, when LEADLEDGER_FAULTS_LOGS names a folder.
/// </summary>
public sealed class CapturedOutput
{
    private const int MostLines = 2000;
    private static readonly string? Folder = Environment.GetEnvironmentVariable("LEADLEDGER_FAULTS_LOGS");
    private readonly Queue<string> _lines = new();
    private readonly Lock _lock = new();
    private string? _file;

    /// <summary>The latest lines, oldest first.</summary>
    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_lock)
            {
                return [.. _lines];
            }
        }
    }

    public static (Process Process, CapturedOutput Output) Start(
        IReadOnlyList<string> command, IReadOnlyDictionary<string, string>? environment = null, string folder = "/", bool pipeIn = false)
    {
        var start = new ProcessStartInfo(command[0], command.Skip(1))
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = pipeIn,
            WorkingDirectory = folder,
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        var output = new CapturedOutput();
        var process = Process.Start(start)!;
        if (Folder is not null)
        {
            Directory.CreateDirectory(Folder);
            output._file = Path.Combine(Folder, FormattableString.Invariant($"{DateTime.UtcNow:HHmmss.fff}-{process.Id}.log"));
        }

        process.OutputDataReceived += (_, line) => output.Keep(line.Data);
        process.ErrorDataReceived += (_, line) => output.Keep(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return (process, output);
    }

    /// <summary>Runs a command to its end.</summary>
    public static async Task<(int Code, IReadOnlyList<string> Lines)> RunAsync(
        IReadOnlyList<string> command, IReadOnlyDictionary<string, string>? environment = null, TimeSpan? limit = null)
    {
        var (process, output) = Start(command, environment);
        using (process)
        using (var deadline = new CancellationTokenSource(limit ?? TimeSpan.FromSeconds(60)))
        {
            try
            {
                await process.WaitForExitAsync(deadline.Token);
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
                return (-1, [.. output.Lines, "stopped: it took too long"]);
            }

            return (process.ExitCode, output.Lines);
        }
    }

    public override string ToString() => string.Join('\n', Lines);

    private void Keep(string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (_lock)
        {
            if (_file is not null)
            {
                File.AppendAllText(_file, line + '\n');
            }

            _lines.Enqueue(line);
            if (_lines.Count > MostLines)
            {
                _lines.Dequeue();
            }
        }
    }
}
