using System.Diagnostics;
using System.Globalization;
using LeadLedger.Numbers;
using LeadLedger.PhoneNumbers;

namespace LeadLedger.Benchmarks.PhoneNumbers;

/// <summary>
/// Speed and memory of reading phone numbers. Rates are per second of processor time, garbage collection included: they
/// are those of one core and do not depend on who else uses the machine. Google's JavaScript library reads the same
/// lines in the same run when LIBPHONENUMBER names the folder of the installed package google-libphonenumber.
/// </summary>
public static class PhoneBenchmark
{
    private const int Seed = 20261120;
    private const int Numbers = 200_000;
    private const int Rounds = 15;

    private static readonly string[] Areas = ["212", "214", "305", "310", "415", "512", "617", "702", "808", "972"];

    /// <summary>Must run before anything else in the process reads a number, or the cold start is a warm one.</summary>
    public static void Run()
    {
        var before = Managed();
        var cpu = Environment.CpuUsage.TotalTime;
        var cold = Stopwatch.GetTimestamp();
        var first = PhoneNumber.TryParse("(214) 555-0100", "US", out var number, out _) && number.IsValid;
        var wall = Stopwatch.GetElapsedTime(cold);
        cpu = Environment.CpuUsage.TotalTime - cpu;
        Print(
            "cold start, first US number",
            $"{wall.TotalMilliseconds:F1} ms, {cpu.TotalMilliseconds:F1} ms of it on a processor",
            first);

        var all = Stopwatch.GetTimestamp();
        var examples = ReadEveryRegion();
        Print("first use of all regions", $"{Stopwatch.GetElapsedTime(all).TotalMilliseconds:F0} ms", examples > 0);
        Print("resident for all regions", $"{(Managed() - before) / 1048576.0:F1} MB", examples > 0);

        var lines = UsNumbers();
        var checksum = 0;
        var best = TimeSpan.MaxValue;
        var times = new List<TimeSpan>();
        var allocated = 0L;
        for (var round = 0; round < Rounds; round++)
        {
            var bytes = GC.GetAllocatedBytesForCurrentThread();
            var started = Environment.CpuUsage.TotalTime;
            checksum = ReadAll(lines);
            var elapsed = Environment.CpuUsage.TotalTime - started;
            allocated = GC.GetAllocatedBytesForCurrentThread() - bytes;
            times.Add(elapsed);
            best = elapsed < best ? elapsed : best;
        }

        times.Sort();
        var median = Numbers / times[Rounds / 2].TotalSeconds;
        Print("parse + validate + E.164, median", $"{median:N0} numbers/s of one core", checksum > 0);
        Print("parse + validate + E.164, best", $"{Numbers / best.TotalSeconds:N0} numbers/s of one core", checksum > 0);
        Print("allocated per number", $"{(double)allocated / Numbers:F0} bytes", allocated > 0);

        ReadList(lines);
        CompareWithGoogle(lines, median);
    }

    /// <summary>The whole of the numbers command, from text to JSON.</summary>
    private static void ReadList(string[] lines)
    {
        var input = string.Concat(lines.Select(line => $"US\t{line}\n"));
        using var output = new StringWriter(CultureInfo.InvariantCulture);
        var started = Stopwatch.GetTimestamp();
        NumbersCommand.Run(new StringReader(input), output);
        var elapsed = Stopwatch.GetElapsedTime(started);
        Print($"numbers command, {Numbers} lines", $"{elapsed.TotalSeconds:F2} s", output.GetStringBuilder().Length > 0);
    }

    private static int ReadAll(string[] lines)
    {
        var checksum = 0;
        foreach (var line in lines)
        {
            if (PhoneNumber.TryParse(line, "US", out var number, out _) && number.IsValid)
            {
                checksum += number.E164.Length;
            }
        }

        return checksum;
    }

    /// <summary>Compiles every plan with both of its format tables, and the time zones.</summary>
    private static int ReadEveryRegion()
    {
        var examples = 0;
        foreach (var region in PhoneNumberUtil.SupportedRegions)
        {
            foreach (var type in Enum.GetValues<NumberType>())
            {
                if (PhoneNumberUtil.GetExampleNumber(region, type) is not { } example)
                {
                    continue;
                }

                examples += example.IsValidFor(region) ? 1 : 0;
                examples += example.Format(PhoneNumberFormat.National).Length;
                examples += example.Format(PhoneNumberFormat.International).Length;
                examples += example.TimeZones.Count;
            }
        }

        return examples;
    }

    private static string[] UsNumbers()
    {
        var random = new Random(Seed);
        var lines = new string[Numbers];
        for (var line = 0; line < lines.Length; line++)
        {
            var area = Areas[random.Next(Areas.Length)];
            var exchange = random.Next(200, 1000);
            var rest = random.Next(10_000).ToString("D4", CultureInfo.InvariantCulture);
            lines[line] = random.Next(5) switch
            {
                0 => $"({area}) {exchange}-{rest}",
                1 => $"{area}.{exchange}.{rest}",
                2 => $"+1 {area} {exchange} {rest}",
                3 => $"+1{area}{exchange}{rest}",
                _ => $"{area}{exchange}{rest}",
            };
        }

        return lines;
    }

    private static void CompareWithGoogle(string[] lines, double ours)
    {
        if (Environment.GetEnvironmentVariable("LIBPHONENUMBER") is not { Length: > 0 } folder)
        {
            Console.WriteLine("Google's JavaScript library: not compared, LIBPHONENUMBER is not set");
            return;
        }

        var script = Path.Combine("tests", "differential", "phone-numbers", "speed.js");
        var start = new ProcessStartInfo("node", [script, folder])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        using var node = Process.Start(start)!;
        node.StandardInput.Write(string.Join('\n', lines));
        node.StandardInput.Close();
        var theirs = double.Parse(node.StandardOutput.ReadToEnd(), CultureInfo.InvariantCulture);
        node.WaitForExit();
        Print("Google's JavaScript library, median", $"{theirs:N0} numbers/s of one core", theirs > 0);
        Print("ratio", $"{ours / theirs:F1}", theirs > 0);
    }

    private static long Managed() => GC.GetTotalMemory(forceFullCollection: true);

    private static void Print(string what, FormattableString figure, bool done) =>
        Console.WriteLine($"{what}: {(done ? FormattableString.Invariant(figure) : "failed")}");
}
