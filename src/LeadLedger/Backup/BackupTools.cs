using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using LeadLedger.Postgres;

namespace LeadLedger.Backup;

/// <summary>PostgreSQL's own programs for backups, of the server's major version: others cannot read its log.</summary>
public sealed class BackupTools
{
    private static readonly string[] Names = ["pg_basebackup", "pg_receivewal", "pg_verifybackup", "pg_waldump"];
    private readonly string _folder;

    private BackupTools(string folder) => _folder = folder;

    /// <exception cref="BackupException">They are not installed; the message says what to install.</exception>
    public static async Task<BackupTools> FindAsync(int major, Func<string, string?> environment, CancellationToken cancellation)
    {
        var places = BinaryPlaces.OfThisMachine(null, ServerAccount.Own, Path.GetTempPath(), environment);
        var candidates = (places.Configured is { } configured ? [configured] : places.SearchPath.Concat(places.Installed)).Distinct()
            .Where(folder => Names.All(name => File.Exists(Program(folder, name))));
        foreach (var folder in candidates)
        {
            var answer = await Command.RunAsync([Program(folder, Names[0]), "--version"], "/", cancellation);
            var version = answer.Output.Split(' ').FirstOrDefault(word => word.Length > 0 && char.IsAsciiDigit(word[0])) ?? "";
            if (answer.Succeeded && int.TryParse(version.Split('.')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var found) && found == major)
            {
                return new BackupTools(folder);
            }
        }

        throw new BackupException(string.Create(CultureInfo.InvariantCulture,
            $"Backups need pg_basebackup, pg_receivewal, pg_verifybackup and pg_waldump of PostgreSQL {major}, and they were not found. Install them (Debian, Ubuntu: sudo apt-get install postgresql-{major}; macOS: brew install postgresql@{major}), or name their folder in {BinaryPlaces.FolderVariable}."));
    }

    /// <summary>Runs one of them to its end.</summary>
    /// <param name="name">Such as pg_basebackup.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="server">Whom it connects to; null when it works on files.</param>
    /// <param name="line">Receives each line it writes.</param>
    /// <param name="cancellation">Asks it to end in good order, as Ctrl+C would.</param>
    /// <returns>Its exit code and its last lines.</returns>
    public async Task<(int Code, string Said)> RunAsync(
        string name, IReadOnlyList<string> arguments, ServerIdentity? server, Action<string>? line, CancellationToken cancellation)
    {
        using var process = new Process { StartInfo = Command.Describe([Program(_folder, name), .. arguments], _folder) };
        process.StartInfo.RedirectStandardOutput = true;
        process.StartInfo.RedirectStandardError = true;
        foreach (var (variable, value) in server?.Environment() ?? [])
        {
            process.StartInfo.Environment[variable] = value;
        }

        var said = new Queue<string>();
        void Take(string? text)
        {
            if (string.IsNullOrWhiteSpace(text))
            {
                return;
            }

            lock (said)
            {
                said.Enqueue(text.Trim());
                if (said.Count > 12)
                {
                    said.Dequeue();
                }
            }

            line?.Invoke(text.Trim());
        }

        process.OutputDataReceived += (_, data) => Take(data.Data);
        process.ErrorDataReceived += (_, data) => Take(data.Data);
        try
        {
            process.Start();
        }
        catch (Win32Exception problem)
        {
            throw new BackupException($"{name} cannot be started: {problem.Message}");
        }

        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        await using (cancellation.Register(() => End(process)))
        {
            await process.WaitForExitAsync(CancellationToken.None);
        }

        cancellation.ThrowIfCancellationRequested();
        lock (said)
        {
            return (process.ExitCode, string.Join('\n', said));
        }
    }

    private static void End(Process process)
    {
        try
        {
            if (OperatingSystem.IsWindows())
            {
                process.Kill();
            }
            else
            {
                PostmasterProcess.AskToStop(process.Id);
            }
        }
        catch (InvalidOperationException)
        {
            // It has ended by itself just now.
        }
    }

    private static string Program(string folder, string name) => Path.Combine(folder, OperatingSystem.IsWindows() ? name + ".exe" : name);
}
