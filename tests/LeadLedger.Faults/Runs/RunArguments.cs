using System.Globalization;

namespace LeadLedger.Faults.Runs;

/// <summary>Words and options of the command line: <c>soak sends --seed 7</c>.</summary>
public sealed class RunArguments
{
    private readonly Dictionary<string, string> _options = new(StringComparer.Ordinal);

    public RunArguments(IEnumerable<string> args)
    {
        string? name = null;
        foreach (var arg in args)
        {
            if (arg.StartsWith("--", StringComparison.Ordinal))
            {
                name = arg[2..];
                _options[name] = "";
            }
            else if (name is not null)
            {
                _options[name] = arg;
                name = null;
            }
            else
            {
                Words.Add(arg);
            }
        }
    }

    public List<string> Words { get; } = [];

    public int Number(string name, int otherwise) =>
        _options.TryGetValue(name, out var text) ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;

    public string? Text(string name) => _options.GetValueOrDefault(name);
}
