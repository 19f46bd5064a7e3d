using System.Security.Cryptography;

namespace LeadLedger.Faults.Processes;

/// <summary>A folder of this run and the watchdog that removes it, whatever happens to us.</summary>
public sealed class Scratch : IDisposable
{
    public Scratch(string? below = null)
    {
        Folder = Path.Combine(below ?? Path.GetTempPath(), "leadledger-faults-" + RandomNumberGenerator.GetHexString(10, lowercase: true));
        Directory.CreateDirectory(Folder);
        if (!OperatingSystem.IsWindows())
        {
            // The account that PostgreSQL runs as must be able to pass.
            File.SetUnixFileMode(Folder, (UnixFileMode)0b111_101_101);
        }

        Watchdog = new Watchdog(Folder);
    }

    public string Folder { get; }

    public Watchdog Watchdog { get; }

    public string Below(string name) => Path.Combine(Folder, name);

    public void Dispose() => Watchdog.Dispose();
}
