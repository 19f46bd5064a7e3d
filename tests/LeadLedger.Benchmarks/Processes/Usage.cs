using System.Globalization;

namespace LeadLedger.Benchmarks.Processes;

/// <summary>CPU seconds and resident memory of processes, from /proc.</summary>
public static class Usage
{
    private const double TicksPerSecond = 100;

    /// <summary>User and system CPU seconds of a process; 0 when it is gone.</summary>
    public static double CpuSeconds(int pid)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{pid}/stat");
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return (long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture)) / TicksPerSecond;
        }
        catch (IOException)
        {
            return 0;
        }
    }

    /// <summary>Resident megabytes.</summary>
    public static double Megabytes(int pid)
    {
        var line = File.ReadLines($"/proc/{pid}/status").FirstOrDefault(l => l.StartsWith("VmRSS:", StringComparison.Ordinal));
        return line is null ? 0 : double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;
    }

    /// <summary>CPU seconds of every process of that name, as the kernel knows it: PostgreSQL rewrites its command lines.</summary>
    public static Dictionary<int, double> CpuByProcess(string name) =>
        Directory.GetDirectories("/proc").Select(Path.GetFileName)
            .Where(id => int.TryParse(id, CultureInfo.InvariantCulture, out _) && Comm(id!) == name)
            .Select(id => int.Parse(id!, CultureInfo.InvariantCulture)).ToDictionary(id => id, CpuSeconds);

    private static string? Comm(string id)
    {
        try
        {
            return File.ReadAllText($"/proc/{id}/comm").Trim();
        }
        catch (IOException)
        {
            return null;
        }
    }
}
