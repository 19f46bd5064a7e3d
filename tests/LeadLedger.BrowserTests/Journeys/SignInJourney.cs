using LeadLedger.BrowserTests.Site;
using LeadLedger.Staff.Accounts;
using LeadLedger.Tests.Support;
using Microsoft.Playwright;

namespace LeadLedger.BrowserTests.Journeys;

/// <summary>The first link, a password, the next sign-in, and the end of it.</summary>
public sealed class SignInJourney(TestPostgres postgres, Chromium chromium)
{
    private const string Password = "wet shingle bicycle tuesday";

    [Fact]
    public async Task A_link_signs_in_once_a_password_is_chosen_and_signs_in_again_until_signing_out()
    {
        await using var site = await StaffSite.StartAsync(postgres, chromium);
        var dana = await site.SignInAsync("dana");
        await dana.GetByLabel("New password").FillAsync(Password);
        await dana.GetByLabel("The same again").FillAsync(Password);
        await dana.GetByRole(AriaRole.Button, new() { Name = "Save the password" }).ClickAsync();
        await Assertions.Expect(dana.GetByRole(AriaRole.Status)).ToContainTextAsync("Your password is saved");
        await dana.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await dana.GotoAsync("/leads");
        await Assertions.Expect(dana).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("/sign-in\\?next="));
        await dana.GetByLabel("Login").FillAsync("DANA");
        await dana.GetByLabel("Password").FillAsync(Password);
        await dana.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await Assertions.Expect(dana).ToHaveURLAsync($"{site.Address}/leads");
    }

    [Fact]
    public async Task A_wrong_password_says_so_and_keeps_the_login()
    {
        await using var site = await StaffSite.StartAsync(postgres, chromium);
        site.Windows.Expect("401");
        var nobody = await site.Windows.OpenAsync();
        await nobody.GotoAsync("/sign-in");
        await nobody.GetByLabel("Login").FillAsync("dana");
        await nobody.GetByLabel("Password").FillAsync("not this one at all");
        await nobody.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await Assertions.Expect(nobody.GetByRole(AriaRole.Alert)).ToContainTextAsync("do not fit together");
        await Assertions.Expect(nobody.GetByLabel("Login")).ToHaveValueAsync("dana");
    }

    [Fact]
    public async Task An_auditor_sees_masked_numbers_and_no_button_that_changes_anything()
    {
        await using var site = await StaffSite.StartAsync(postgres, chromium);
        var customer = People.Next();
        await site.App.Twilio.MissedCallAsync(new TestCall(customer));
        var auditor = await site.SignInAsync("auditor", StaffUser.Auditor);
        await auditor.GotoAsync("/");
        await Assertions.Expect(auditor.Locator("[data-row]")).ToHaveCountAsync(1);
        Assert.DoesNotContain(customer[^7..], await auditor.ContentAsync(), StringComparison.Ordinal);
        await Assertions.Expect(auditor.GetByRole(AriaRole.Button, new() { Name = "Take it" })).ToHaveCountAsync(0);
    }
}
