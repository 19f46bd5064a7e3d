namespace LeadLedger.Businesses;

/// <summary>Guesses which known name a misspelled one stands for.</summary>
internal static class NearestName
{
    /// <summary>The nearest name when few enough letters differ to be a slip; null otherwise.</summary>
    public static string? Of(string given, IEnumerable<string> known) => known
        .Select(name => (Name: name, Distance: Distance(given.ToLowerInvariant(), name.ToLowerInvariant())))
        .Where(each => each.Distance <= Math.Max(1, Math.Min(given.Length, each.Name.Length) / 3))
        .OrderBy(each => each.Distance)
        .ThenBy(each => each.Name, StringComparer.Ordinal)
        .FirstOrDefault().Name;

    /// <summary>Says which name was probably meant, else which ones there are.</summary>
    public static string Advice(string given, IReadOnlyCollection<string> known) =>
        Of(given, known) is { } name ? $"Did you mean \"{name}\"?"
        : known.Count == 0 ? "None is known here"
        : $"Known are {string.Join(", ", known)}";

    /// <summary>Letters to insert, drop, replace or swap with their neighbour to get from one to the other.</summary>
    private static int Distance(string from, string to)
    {
        var rows = new int[from.Length + 1, to.Length + 1];
        for (var i = 0; i <= from.Length; i++)
        {
            for (var j = 0; j <= to.Length; j++)
            {
                rows[i, j] = i == 0 ? j
                    : j == 0 ? i
                    : Math.Min(
                        Math.Min(rows[i - 1, j], rows[i, j - 1]) + 1,
                        rows[i - 1, j - 1] + (from[i - 1] == to[j - 1] ? 0 : 1));
                if (i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1])
                {
                    rows[i, j] = Math.Min(rows[i, j], rows[i - 2, j - 2] + 1);
                }
            }
        }

        return rows[from.Length, to.Length];
    }
}
