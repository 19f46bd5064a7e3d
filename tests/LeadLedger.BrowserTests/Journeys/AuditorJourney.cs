using System.Text.Json;
using System.Text.RegularExpressions;
using LeadLedger.BrowserTests.Site;
using LeadLedger.Staff.Accounts;
using LeadLedger.Staff.Frame;
using LeadLedger.Tests.Support;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using NodaTime;

namespace LeadLedger.BrowserTests.Journeys;

/// <summary>Somebody who checks the record: sees what happened, whom it happened to only for a reason, and changes nothing.</summary>
public sealed partial class AuditorJourney(TestPostgres postgres, Chromium chromium)
{
    private const string Name = "=1+1 <b>Oddname</b>\u202e";
    private const string Message = "=HYPERLINK(1) <script>alert(1)</script> attic hatch";

    [Fact]
    [Trait("Requirement", "SCR-21")]
    public async Task An_auditor_unmasks_a_lead_with_a_reason_that_is_kept_and_takes_its_history_away_as_an_inert_file()
    {
        await using var site = await StaffSite.StartAsync(postgres, chromium);
        var customer = People.Next();
        var lead = (await site.App.Forms.WebsiteAsync(Name, customer, "odd@example.com", Message)).Lead;
        await site.App.AdvanceAsync(Duration.FromMinutes(1));
        var auditor = await site.SignInAsync("ada", StaffUser.Auditor);
        foreach (var path in StaffPages.Of(lead).Append("/audit").Append("/leads"))
        {
            await auditor.GotoAsync(path);
            await auditor.ShowsNotAsync("Oddname", customer, customer[^7..], "odd@example.com", "attic hatch");
        }

        await auditor.GotoAsync($"/leads/{lead}");
        await auditor.GetByLabel("Reason to see personal data").FillAsync("complaint seventeen");
        await auditor.PressButtonAsync("Unmask with this reason");
        await auditor.SaysAsync("You see this lead's personal data for");
        await auditor.ShowsAsync("Oddname", "attic hatch");

        await auditor.GotoAsync("/audit");
        await auditor.GetByLabel("Lead its id").FillAsync(lead.ToString());
        await auditor.GetByLabel("What it is for").FillAsync("yearly audit");
        var pack = await auditor.DownloadAsync(() => auditor.PressButtonAsync("Download it"));
        Assert.DoesNotContain("<script>", pack, StringComparison.Ordinal);
        Assert.DoesNotContain('\u202e', pack);
        using var read = JsonDocument.Parse(pack);
        Assert.True(read.RootElement.GetProperty("verified").GetBoolean() && read.RootElement.GetProperty("complete").GetBoolean());
        Assert.Equal(Name, read.RootElement.GetProperty("events")[0].GetProperty("data").GetProperty("name").GetString());
        await auditor.GotoAsync("/leads");
        var masked = await auditor.DownloadAsync(() => auditor.FollowAsync("Export this list"));
        Assert.DoesNotContain("Oddname", masked, StringComparison.Ordinal);
        Assert.DoesNotContain(customer[^7..], masked, StringComparison.Ordinal);

        var owner = await site.SignInAsync("owner", StaffUser.Owner);
        await owner.GotoAsync("/audit");
        await owner.GetByRole(AriaRole.Region, new() { Name = "The latest views of leads" }).ShowsAsync("auditor:ada", "unmasked", "complaint seventeen", "exported");
        await owner.GetByRole(AriaRole.Region, new() { Name = "The latest security events" }).ShowsAsync("history exported", "yearly audit");
        await owner.GotoAsync("/leads");
        var cells = await owner.DownloadAsync(() => owner.FollowAsync("Export this list"));
        Assert.Contains(",\"'=1+1 <b>Oddname</b>\",\"'" + customer + "\",", cells, StringComparison.Ordinal);
        await owner.GotoAsync("/consent");
        await owner.GetByLabel("Number or mailbox").FillAsync(customer);
        await owner.PressButtonAsync("Look up");
        var receipt = await owner.DownloadAsync(() => owner.PressButtonAsync("Save it"));
        Assert.Contains("form_submitted", receipt, StringComparison.Ordinal);
        Assert.DoesNotContain("\n=", receipt, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Requirement", "SCR-21")]
    public async Task An_auditor_has_no_button_on_any_page_that_changes_something()
    {
        await using var site = await StaffSite.StartAsync(postgres, chromium);
        var (customer, shared) = (People.Next(), People.Next());
        site.App.Mail.RecipientAnswer = 450;
        await site.App.Twilio.MissedCallAsync(new TestCall(customer));
        await site.App.Forms.WebsiteAsync("Maria Lopez", shared, "maria@example.com", "Roof");
        await site.App.Forms.WebsiteAsync("Peter Novak", shared, "peter@example.com", "Gutter");
        await site.App.Forms.WebsiteAsync("Maria Lopes", People.Next(), "lopes@example.com", "Water coming in");
        await site.App.Twilio.MissedCallAsync(new TestCall(shared));
        await site.App.AdvanceAsync(Duration.FromMinutes(40));
        var lead = await site.App.LeadOfAsync(customer);
        var reading = site.App.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(route => route.Metadata.GetMetadata<PagePolicy>() is { Access: PageAccess.Read } && route.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods.Contains("POST"))
            .Select(route => new Regex($"^{Hole().Replace(route.RoutePattern.RawText!, "[^/]+")}$")).ToArray();
        var auditor = await site.SignInAsync("ada", StaffUser.Auditor);
        var seen = 0;
        foreach (var path in StaffPages.ForEverybody.Concat(StaffPages.Of(lead.Id)).Append($"/callbacks/{lead.Task!.Id}"))
        {
            await auditor.GotoAsync(path);
            await Assertions.Expect(auditor.Locator("h1")).ToBeVisibleAsync();
            foreach (var action in await auditor.EvaluateAsync<string[]>("[...document.forms].filter(form => form.method === 'post').map(form => new URL(form.action).pathname)"))
            {
                Assert.True(reading.Any(route => route.IsMatch(action)), $"{path} offers an auditor {action}");
                seen++;
            }
        }

        Assert.True(seen > 0, "no form was looked at");
    }

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex Hole();
}
