using System.Globalization;
using LeadLedger.EventStore.Verification;
using Spectre.Console;

namespace LeadLedger.Cli;

/// <summary>Progress of long work: a bar for each step on a terminal, a line for each tenth anywhere else.</summary>
internal static class ProgressDisplay
{
    public static Task<T> RunAsync<T>(Func<IProgress<LedgerProgress>, Task<T>> work) =>
        Console.IsOutputRedirected || Console.IsErrorRedirected ? work(new Lines()) : ShowBarsAsync(work);

    private static Task<T> ShowBarsAsync<T>(Func<IProgress<LedgerProgress>, Task<T>> work) =>
        AnsiConsole.Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .StartAsync(context => work(new Bars(context)));

    private sealed class Bars(ProgressContext context) : IProgress<LedgerProgress>
    {
        private readonly Lock _lock = new();
        private readonly Dictionary<string, ProgressTask> _steps = [];

        public void Report(LedgerProgress value)
        {
            lock (_lock)
            {
                if (!_steps.TryGetValue(value.Step, out var task))
                {
                    task = _steps[value.Step] = context.AddTask(value.Step);
                }

                task.MaxValue = Math.Max(value.Total, Math.Max(value.Done, 1));
                task.Value = value.Total == 0 ? task.Value : Math.Max(task.Value, value.Done);
            }
        }
    }

    private sealed class Lines : IProgress<LedgerProgress>
    {
        private readonly Lock _lock = new();
        private readonly Dictionary<string, long> _shown = [];

        public void Report(LedgerProgress value)
        {
            lock (_lock)
            {
                var tenths = value.Total == 0 ? 0 : value.Done * 10 / value.Total;
                if (_shown.TryGetValue(value.Step, out var shown) && tenths <= shown)
                {
                    return;
                }

                _shown[value.Step] = tenths;
                Console.Error.WriteLine(string.Create(
                    CultureInfo.InvariantCulture, $"{value.Step}: {value.Done:N0} of {value.Total:N0}"));
            }
        }
    }
}
