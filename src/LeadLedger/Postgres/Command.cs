using System.Collections;
using System.ComponentModel;
using System.Diagnostics;

namespace LeadLedger.Postgres;

/// <summary>Runs one of PostgreSQL's or the system's programs to its end.</summary>
internal static class Command
{
    /// <summary>
    /// Runs a command; a program that cannot be started counts as exit code 127, as in a shell.
    /// Without <paramref name="capture"/> the output is not read: on Windows a started server keeps our pipe open.
    /// With <paramref name="spareChildren"/> a cancelled command ends alone, and what it has started lives on.
    /// </summary>
    public static async Task<CommandResult> RunAsync(
        IReadOnlyList<string> command, string workingFolder, CancellationToken ct,
        bool capture = true, bool spareChildren = false)
    {
        using var process = new Process { StartInfo = Describe(command, workingFolder) };
        process.StartInfo.RedirectStandardOutput = capture;
        process.StartInfo.RedirectStandardError = capture;
        try
        {
            process.Start();
        }
        catch (Win32Exception problem)
        {
            return new CommandResult(127, problem.Message);
        }

        try
        {
            if (!capture)
            {
                await process.WaitForExitAsync(ct);
                return new CommandResult(process.ExitCode, "");
            }

            var output = process.StandardOutput.ReadToEndAsync(ct);
            var errors = process.StandardError.ReadToEndAsync(ct);
            await process.WaitForExitAsync(ct);
            return new CommandResult(process.ExitCode, (await output + await errors).Trim());
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: !spareChildren);
            throw;
        }
    }

    /// <summary>Start information in a neutral environment: English messages, none of the user's PG* settings.</summary>
    public static ProcessStartInfo Describe(IReadOnlyList<string> command, string workingFolder)
    {
        var start = new ProcessStartInfo(command[0], command.Skip(1))
        {
            WorkingDirectory = workingFolder,
            UseShellExecute = false,
            CreateNoWindow = true,
        };
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
        {
            var name = (string)variable.Key;
            if (name.StartsWith("PG", StringComparison.Ordinal) || name.StartsWith("LC_", StringComparison.Ordinal))
            {
                start.Environment.Remove(name);
            }
        }

        start.Environment["LC_ALL"] = "C";
        return start;
    }
}

/// <summary>How a command ended and what it said on either stream.</summary>
internal readonly record struct CommandResult(int ExitCode, string Output)
{
    public bool Succeeded => ExitCode == 0;
}
