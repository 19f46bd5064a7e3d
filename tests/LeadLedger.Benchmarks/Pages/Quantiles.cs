namespace LeadLedger.Benchmarks.Pages;

/// <summary>Quantiles of measured times.</summary>
public static class Quantiles
{
    /// <summary>The nearest rank; NaN of nothing.</summary>
    public static double Of(IEnumerable<double> values, double quantile)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length == 0 ? double.NaN : sorted[Math.Clamp((int)Math.Ceiling(quantile * sorted.Length) - 1, 0, sorted.Length - 1)];
    }
}
