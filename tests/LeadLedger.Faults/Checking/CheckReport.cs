using System.Globalization;
using System.Text;

namespace LeadLedger.Faults.Checking;

/// <summary>What was looked at and what was wrong, by invariant.</summary>
public sealed class CheckReport
{
    private const int MostShown = 12;
    private readonly SortedDictionary<string, Entry> _entries = new(Comparer<string>.Create(Compare));
    private readonly List<(string Name, string Value)> _figures = [];

    /// <summary>Names and values of what was measured.</summary>
    public IReadOnlyList<(string Name, string Value)> Figures => _figures;

    public int Violations => _entries.Values.Sum(entry => entry.Violations);

    /// <summary>Checks without a violation, of those that had something to look at.</summary>
    public int Passed => _entries.Values.Count(entry => entry is { Violations: 0, Trials: > 0 });

    public int Failed => _entries.Values.Count(entry => entry.Violations > 0);

    /// <summary>The first violations in words.</summary>
    public IReadOnlyList<string> Words => [.. _entries.SelectMany(entry => entry.Value.Shown.Select(words => $"{entry.Key}: {words}"))];

    /// <summary>One trial of an invariant is one thing that could have been wrong.</summary>
    public void Trials(string invariant, string title, long count) => Of(invariant, title).Trials += count;

    public void Violation(string invariant, string title, string words)
    {
        var entry = Of(invariant, title);
        entry.Violations++;
        if (entry.Shown.Count < MostShown)
        {
            entry.Shown.Add($"{title}: {words}");
        }
    }

    public void Check(string invariant, string title, bool holds, string words)
    {
        Trials(invariant, title, 1);
        if (!holds)
        {
            Violation(invariant, title, words);
        }
    }

    public void Figure(string name, string value) => _figures.Add((name, value));

    public void Figure(string name, double value) => Figure(name, value.ToString("0.###", CultureInfo.InvariantCulture));

    public int ViolationsOf(string invariant) => _entries.Where(entry => entry.Key.StartsWith(invariant + " ", StringComparison.Ordinal)).Sum(entry => entry.Value.Violations);

    /// <summary>A Markdown table: with no violation in N trials the true rate is below 3/N at 95 %.</summary>
    public string ToMarkdown()
    {
        var text = new StringBuilder();
        text.AppendLine("| Invariant | What is counted | Trials N | Violations | 95 % bound |").AppendLine("|---|---|---|---|---|");
        foreach (var (key, entry) in _entries)
        {
            var bound = entry.Violations > 0 ? "-" : entry.Trials == 0 ? "not run" : (3.0 / entry.Trials).ToString("0.0e+0", CultureInfo.InvariantCulture);
            text.AppendLine(CultureInfo.InvariantCulture, $"| {key.Split(' ')[0]} | {entry.Title} | {entry.Trials:N0} | {entry.Violations:N0} | {bound} |");
        }

        if (_figures.Count > 0)
        {
            text.AppendLine().AppendLine("| Figure | Value |").AppendLine("|---|---|");
            foreach (var (name, value) in _figures)
            {
                text.AppendLine(CultureInfo.InvariantCulture, $"| {name} | {value} |");
            }
        }

        return text.ToString();
    }

    private static int Compare(string a, string b)
    {
        var byNumber = Number(a).CompareTo(Number(b));
        return byNumber != 0 ? byNumber : string.CompareOrdinal(a, b);

        static int Number(string key) => int.TryParse(key.Split(' ')[0].AsSpan(1), CultureInfo.InvariantCulture, out var number) ? number : 999;
    }

    private Entry Of(string invariant, string title)
    {
        var key = $"{invariant} {title}";
        if (!_entries.TryGetValue(key, out var entry))
        {
            _entries[key] = entry = new Entry(title);
        }

        return entry;
    }

    private sealed class Entry(string title)
    {
        public string Title => title;

        public long Trials { get; set; }

        public int Violations { get; set; }

        public List<string> Shown { get; } = [];
    }
}
