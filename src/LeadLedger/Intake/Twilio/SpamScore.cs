using System.Globalization;
using System.Text;

namespace LeadLedger.Intake;

/// <summary>
/// A call's spam score from 0 to 100 (ING-10), from a plain parameter or from the add-on results that Twilio passes as
/// JSON in <c>AddOns</c>. Several sources give the highest score.
/// </summary>
public static class SpamScore
{
    public static int? Read(IReadOnlyList<KeyValuePair<string, string>> fields)
    {
        int? highest = null;
        foreach (var (name, value) in fields)
        {
            var score = name switch
            {
                "SpamScore" or "spam_score" or "CallScore" => Number(value),
                "AddOns" => ReadAddOns(value),
                _ => null,
            };
            highest = Max(highest, score);
        }

        return highest;
    }

    private static int? ReadAddOns(string json)
    {
        var root = JsonTree.TryRead(Encoding.UTF8.GetBytes(json), new HashSet<string>(), out _);
        var results = root?.Member("results")?.Members;
        if (results is null)
        {
            return null;
        }

        int? highest = null;
        foreach (var (name, addOn) in results)
        {
            var result = addOn.Member("result");
            if (result is null)
            {
                continue;
            }

            // Nomorobo answers 1 for a robocaller and 0 for anybody else; Marchex recommends PASS or BLOCK.
            var score = name.StartsWith("nomorobo", StringComparison.OrdinalIgnoreCase)
                ? result.Member("score")?.Scalar switch { "1" => 100, "0" => 0, _ => null }
                : (result.Member("result")?.Member("recommendation") ?? result.Member("recommendation"))?.Scalar switch
                {
                    "BLOCK" => 100,
                    "PASS" => 0,
                    _ => Number(result.Member("spam_score")?.Scalar ?? result.Member("score")?.Scalar),
                };
            highest = Max(highest, score);
        }

        return highest;
    }

    private static int? Number(string? text) =>
        decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var score)
        && score is >= 0 and <= 100
            ? (int)decimal.Round(score, MidpointRounding.AwayFromZero)
            : null;

    private static int? Max(int? left, int? right) => left is null || right > left ? right : left;
}
