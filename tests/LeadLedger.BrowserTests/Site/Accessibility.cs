using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace LeadLedger.BrowserTests.Site;

/// <summary>Axe on the page as it is.</summary>
public static class Accessibility
{
    private static readonly RunOnlyOptions Everything = RunOnlyOptions.Tags("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice");

    private static readonly RunOnlyOptions OfColors = RunOnlyOptions.Rules("color-contrast", "link-in-text-block");

    /// <summary>WCAG 2.2 A and AA, and its best practices.</summary>
    public static Task AssertNothingFoundAsync(IPage page, string look) => AssertAsync(page, look, Everything);

    /// <summary>What depends on colors, when everything else was looked at in others already.</summary>
    public static Task AssertColorsAsync(IPage page, string look) => AssertAsync(page, look, OfColors);

    private static async Task AssertAsync(IPage page, string look, RunOnlyOptions rules)
    {
        var result = await page.RunAxe(new AxeRunOptions { RunOnly = rules });
        Assert.True(result.Violations.Length == 0, $"{page.Url} ({look}):\n" + string.Join('\n', result.Violations.Select(violation =>
            $"{violation.Id}: {violation.Help}\n" + string.Join('\n', violation.Nodes.Take(3).Select(node => $"    {node.Html}")))));
    }
}
