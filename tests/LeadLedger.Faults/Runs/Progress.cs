using System.Diagnostics;
using System.Globalization;

namespace LeadLedger.Faults.Runs;

/// <summary>A line on standard error now and then, so that a long run is seen to live.</summary>
public sealed class Progress : IDisposable
{
    private readonly Timer _timer;

    private Progress(Timer timer) => _timer = timer;

    public static Progress Start(string name, Stopwatch watch, Func<string> words) => new(new Timer(
        _ => Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name} {watch.Elapsed:mm\\:ss}: {words()}")),
        null, TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(15)));

    public void Dispose() => _timer.Dispose();
}
