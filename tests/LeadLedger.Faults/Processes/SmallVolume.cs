using System.Globalization;

namespace LeadLedger.Faults.Processes;

/// <summary>
/// A small file system in memory that can be filled without touching anybody else's disk. It lives below a scratch folder, whose watchdog
/// unmounts it however the run ends. Memory needs no flush, so it shows what a full disk does and nothing of what a power cut does.
/// </summary>
public sealed class SmallVolume(string folder)
{
    private readonly string _ballast = Path.Combine(folder, "ballast");

    /// <summary>Why this account cannot mount; null when it can.</summary>
    public static async Task<string?> WhyNotAsync()
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess)
        {
            return "mounting a small volume needs root on Linux";
        }

        using var scratch = new Scratch();
        return await MountAsync(scratch.Below("probe"), 1);
    }

    /// <summary>Makes the folder and mounts a volume there.</summary>
    public static async Task<SmallVolume> CreateAsync(string folder, int megabytes) =>
        await MountAsync(folder, megabytes) is { } problem ? throw new InvalidOperationException(problem) : new SmallVolume(folder);

    /// <summary>Writes until nothing more fits, and again into what was given back meanwhile. At most the volume's size.</summary>
    public long Fill()
    {
        using var file = new FileStream(_ballast, FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0);
        var room = new DriveInfo(folder).TotalSize;
        foreach (var size in (int[])[256 * 1024, 4096])
        {
            var block = new byte[size];
            try
            {
                while (file.Length <= room)
                {
                    file.Write(block);
                }
            }
            catch (IOException)
            {
                // Full for blocks of this size.
            }
        }

        return file.Length;
    }

    public void Empty() => File.Delete(_ballast);

    private static async Task<string?> MountAsync(string folder, int megabytes)
    {
        Directory.CreateDirectory(folder);
        try
        {
            var (code, lines) = await CapturedOutput.RunAsync(
                ["mount", "-t", "tmpfs", "-o", string.Create(CultureInfo.InvariantCulture, $"size={megabytes}m,mode=0755"), "tmpfs", folder]);
            return code == 0 ? null : $"mounting was refused: {string.Join(' ', lines)}";
        }
        catch (System.ComponentModel.Win32Exception missing)
        {
            return $"mounting is not possible: {missing.Message}";
        }
    }
}
