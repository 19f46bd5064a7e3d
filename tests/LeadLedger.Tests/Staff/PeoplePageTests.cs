using System.Net;
using LeadLedger.Staff.Accounts;
using LeadLedger.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace LeadLedger.Tests.Staff;

/// <summary>Who may sign in: owners decide, links are shown once, and an owner always remains.</summary>
public sealed class PeoplePageTests(TestPostgres postgres)
{
    [Fact]
    public async Task A_person_is_added_with_a_link_that_signs_them_in_and_the_change_is_on_record()
    {
        await using var app = await TestApp.StartAsync(postgres);
        using var owner = await StaffBrowser.SignInAsync(app, "dana", StaffUser.Owner, null);

        var page = await owner.PostAsync("/people/add", ("login", "luis"), ("name", "Luis Ortega"), ("role", "staff"), ("business", "northside"));

        Assert.Equal(HttpStatusCode.OK, page.Status);
        var token = page.Decoded.Split($"{TestApp.PublicBase}/sign-in/link/")[1][..43];
        Assert.Contains("Acts as Luis Ortega of the business file", page.Decoded, StringComparison.Ordinal);
        Assert.DoesNotContain("/sign-in/link/", (await owner.GetAsync("/people")).Decoded, StringComparison.Ordinal);
        var signedIn = await app.Services.GetRequiredService<SignInLinks>().UseAsync(token, TestContext.Current.CancellationToken);
        Assert.Equal(("luis", "staff", "northside"), (signedIn!.Login, signedIn.Role, signedIn.Business));
        Assert.Contains("person added", (await owner.GetAsync("/audit")).Decoded, StringComparison.Ordinal);
        Assert.StartsWith("!The login luis is taken", (await owner.PostAsync("/people/add", ("login", "LUIS"), ("name", "x"), ("role", "staff"), ("business", ""))).Said.Replace("LUIS", "luis", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Somebody_who_is_shut_out_is_signed_out_at_once_and_may_be_let_in_again()
    {
        await using var app = await TestApp.StartAsync(postgres);
        using var owner = await StaffBrowser.SignInAsync(app, "dana", StaffUser.Owner, null);
        using var staff = await StaffBrowser.SignInAsync(app, "luis");
        Assert.Equal(HttpStatusCode.Forbidden, (await staff.GetAsync("/people")).Status);

        Assert.StartsWith("+luis is shut out", (await owner.PostAsync($"/people/{staff.User!.Id}/disable")).Said, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Redirect, (await staff.GetAsync("/outbox")).Status);

        await owner.PostAsync($"/people/{staff.User!.Id}/enable");
        var user = await app.Services.GetRequiredService<StaffUsers>().FindAsync("luis", TestContext.Current.CancellationToken);
        Assert.Null(user!.DisabledAt);
    }

    [Fact]
    public async Task Owners_who_shut_each_other_out_at_the_same_moment_leave_one()
    {
        await using var app = await TestApp.StartAsync(postgres);
        var users = app.Services.GetRequiredService<StaffUsers>();
        foreach (var login in new[] { "a", "b", "c" })
        {
            await users.AddAsync(login, login, StaffUser.Owner, null, TestContext.Current.CancellationToken);
        }

        var owners = await users.ListAsync(null, TestContext.Current.CancellationToken);
        Assert.Equal(4, owners.Count);
        var shut = await Task.WhenAll(owners.Select(owner => users.DisableAsync(owner.Id, TestContext.Current.CancellationToken)));

        Assert.Equal(3, shut.Count(done => done));
        Assert.Single(await users.ListAsync(null, TestContext.Current.CancellationToken), user => user.DisabledAt is null);
    }

    [Fact]
    public async Task An_owner_of_one_business_sees_and_adds_people_of_that_business_only_and_no_keys()
    {
        await using var app = await TestApp.StartAsync(postgres, TestBusiness.Northside(), TestBusiness.Lakeside());
        using var owner = await StaffBrowser.SignInAsync(app, "dana", StaffUser.Owner);
        using var other = await StaffBrowser.SignInAsync(app, "mia", business: "lakeside");

        var page = await owner.GetAsync("/people");
        Assert.DoesNotContain("mia", page.Decoded, StringComparison.Ordinal);
        Assert.DoesNotContain("API keys", page.Decoded, StringComparison.Ordinal);
        Assert.StartsWith("!There is no such person", (await owner.PostAsync($"/people/{other.User!.Id}/disable")).Said, StringComparison.Ordinal);
        Assert.StartsWith("!You may add people of your own business", (await owner.PostAsync("/people/add", ("login", "x"), ("name", "X"), ("role", "owner"), ("business", ""))).Said, StringComparison.Ordinal);
        Assert.StartsWith("!Only an admin key", (await owner.PostAsync("/people/keys/add", ("name", "x"), ("role", "admin"))).Said, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await other.GetAsync("/outbox")).Status);
    }

    [Fact]
    public async Task A_key_is_shown_once_works_and_ends_at_a_press()
    {
        await using var app = await TestApp.StartAsync(postgres);
        using var owner = await StaffBrowser.SignInAsync(app, "dana", StaffUser.Owner, null);

        var page = await owner.PostAsync("/people/keys/add", ("name", "website"), ("role", "staff"), ("business", "northside"));

        var key = "ll_" + page.Decoded.Split("<code>ll_")[1][..64];
        Assert.Equal(HttpStatusCode.OK, (await app.GetAsync("/api/status", key)).Status);
        var id = (await app.GetAsync("/api/keys")).Items().Single(item => item.Text("name") == "website").Text("id");
        Assert.StartsWith("+The key has ended", (await owner.PostAsync($"/people/keys/{id}/revoke")).Said, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Unauthorized, (await app.GetAsync("/api/status", key)).Status);
        Assert.DoesNotContain(key, (await owner.GetAsync("/people")).Decoded, StringComparison.Ordinal);
    }
}
