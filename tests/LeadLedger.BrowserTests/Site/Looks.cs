using Microsoft.Playwright;

namespace LeadLedger.BrowserTests.Site;

/// <summary>The four ways in which a page is seen: on a phone and on a desk, light and dark.</summary>
public static class Looks
{
    private static readonly (int Width, int Height)[] Sizes = [(390, 844), (1280, 900)];

    /// <summary>Opens a page and looks at it in all four ways: axe finds nothing, and nothing reaches out of the window.</summary>
    /// <returns>The page's answer.</returns>
    public static async Task<IResponse> AssertSoundAsync(IPage page, string path)
    {
        var answer = await page.GotoAsync(path);
        Assert.True(answer!.Ok, $"{path} answered {answer.Status}");
        foreach (var (width, height) in Sizes)
        {
            await page.SetViewportSizeAsync(width, height);
            await page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = ColorScheme.Light });
            await Accessibility.AssertNothingFoundAsync(page, $"{width} wide, light");
            await page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = ColorScheme.Dark });
            await Accessibility.AssertColorsAsync(page, $"{width} wide, dark");
            var tooWide = await page.EvaluateAsync<bool>("document.documentElement.scrollWidth > document.documentElement.clientWidth + 1");
            Assert.False(tooWide, $"{path} is wider than the window of {width}");
        }

        return answer;
    }
}
