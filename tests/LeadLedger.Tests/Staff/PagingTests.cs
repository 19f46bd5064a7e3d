using System.Net;
using System.Text.RegularExpressions;
using LeadLedger.Staff.Accounts;
using LeadLedger.Tests.Support;
using NodaTime;

namespace LeadLedger.Tests.Staff;

/// <summary>Lists that are longer than a page: every row once, in order, and a way back to the beginning.</summary>
public sealed partial class PagingTests(TestPostgres postgres)
{
    [Fact]
    [Trait("Requirement", "SCR-03")]
    public async Task Every_list_goes_on_where_its_first_page_ends_and_leads_back()
    {
        await using var app = await TestApp.StartAsync(postgres);
        for (var person = 0; person < 52; person++)
        {
            await app.Twilio.MissedCallAsync(new TestCall(People.Next()));
        }

        var busy = (await app.LeadsAsync())[0];
        for (var note = 0; note < 60; note++)
        {
            Assert.True((await app.PostAsync($"/api/leads/{busy.Id}/notes", new { text = $"note {note}" })).IsSuccess);
        }

        await app.AdvanceAsync(Duration.FromSeconds(1));
        using var owner = await StaffBrowser.SignInAsync(app, "owner", StaffUser.Owner);
        var leads = await RowsAsync(owner, "/leads", "<a href=\"/leads/([0-9a-f-]{36})\" data-open");
        Assert.Equal([.. (await app.LeadsAsync()).Select(lead => lead.Id.ToString()).Order(StringComparer.Ordinal)], leads.Order(StringComparer.Ordinal));
        var work = await RowsAsync(owner, "/outbox", "id=\"work-([0-9a-f-]{36})\"");
        Assert.Equal([.. (await app.OutboxAsync()).Select(line => line.Id.ToString()).Order(StringComparer.Ordinal)], work.Order(StringComparer.Ordinal));
        var history = await RowsAsync(owner, $"/leads/{busy.Id}/timeline", "id=\"e-([0-9a-f-]{36})\"");
        Assert.Equal((await app.HistoryAsync(busy.Id)).Select(recorded => recorded.Id.ToString()), history);
        var found = await RowsAsync(owner, $"/audit?lead={busy.Id}", "<code title=\"([0-9a-f]{64})\"");
        Assert.Equal((await app.HistoryAsync(busy.Id)).Select(recorded => recorded.Hash).Reverse(), found);
    }

    /// <summary>The rows of all pages of a list, each once.</summary>
    private static async Task<IReadOnlyList<string>> RowsAsync(StaffBrowser owner, string first, string row)
    {
        var rows = new List<string>();
        var pages = new List<WebPage>();
        for (var path = first; path is not null; path = LinkOf(pages[^1], "next"))
        {
            Assert.True(pages.Count < 20, $"{first} has no end");
            pages.Add(await owner.GetAsync(path));
            Assert.Equal(HttpStatusCode.OK, pages[^1].Status);
            var here = Regex.Matches(pages[^1].Html, row).Select(match => match.Groups[1].Value).Distinct(StringComparer.Ordinal).ToArray();
            Assert.NotEmpty(here);
            Assert.Empty(rows.Intersect(here, StringComparer.Ordinal));
            rows.AddRange(here);
            if (pages.Count > 1)
            {
                var back = await owner.GetAsync(LinkOf(pages[^1], "first") ?? throw new InvalidOperationException($"no way back from {path}"));
                Assert.Equal(rows[0], Regex.Match(back.Html, row).Groups[1].Value);
            }
        }

        Assert.True(pages.Count > 1, $"{first} fits one page");
        return rows;
    }

    private static string? LinkOf(WebPage page, string relation) =>
        LinkPattern().Matches(page.Html).Where(match => match.Groups[2].Value == relation).Select(match => WebUtility.HtmlDecode(match.Groups[1].Value)).FirstOrDefault();

    [GeneratedRegex("<a href=\"([^\"]*)\" rel=\"([a-z]+)\"")]
    private static partial Regex LinkPattern();
}
