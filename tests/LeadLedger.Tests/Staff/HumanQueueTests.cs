using System.Net;
using LeadLedger.Leads;
using LeadLedger.Staff.Accounts;
using LeadLedger.Tests.Support;
using NodaTime;

namespace LeadLedger.Tests.Staff;

/// <summary>Escalations and inquiries that are nobody's yet: what the rules leave to a person.</summary>
public sealed class HumanQueueTests(TestPostgres postgres)
{
    private const string Customer = "+12145557601";

    [Fact]
    [Trait("Requirement", "SCR-13")]
    public async Task What_nobody_took_in_time_or_is_urgent_or_held_is_listed_with_the_reason_and_settled_there()
    {
        await using var app = await TestApp.StartAsync(postgres);
        using var dana = await StaffBrowser.SignInAsync(app);
        Assert.Contains("Nothing waits for a person", (await dana.GetAsync("/escalations")).Decoded, StringComparison.Ordinal);
        await app.Twilio.MissedCallAsync(new TestCall(Customer));
        await app.Twilio.SmsAsync("+12145557602", "please don't text me any more thanks");
        await app.Forms.WebsiteAsync("Ann Ford", "+12145557603", null, "Water coming in over the bed!");
        await app.AdvanceAsync(Duration.FromMinutes(35));
        var late = await app.LeadOfAsync(Customer);
        var held = await app.LeadOfAsync("+12145557602");
        var page = (await dana.GetAsync("/escalations")).Decoded;
        Assert.Contains("Nobody has taken the callback", page, StringComparison.Ordinal);
        Assert.Contains("Words that may be an opt-out", page, StringComparison.Ordinal);
        Assert.Contains("Urgent words were read (water coming in)", page, StringComparison.Ordinal);
        Assert.True(page.IndexOf("Ann Ford", StringComparison.Ordinal) < page.IndexOf($"matter-{late.Id}", StringComparison.Ordinal));

        var task = late.Task!.Id;
        Assert.False((await dana.PostAsync($"/escalations/{task}/assign", ("owner", "luis"), ("reason", "his street"))).Refused);
        Assert.Equal("luis", (await app.LeadAsync(late.Id)).Task!.Owner);
        Assert.False((await dana.PostAsync($"/escalations/{task}/take", ("by", "dana"))).Refused);
        Assert.True((await dana.PostAsync($"/escalations/{task}/take", ("by", "luis"))).Refused);
        Assert.True((await dana.PostAsync($"/escalations/{task}/resolve", ("outcome", "spoke"), ("reason", " "))).Refused);
        Assert.False((await dana.PostAsync($"/escalations/{task}/resolve", ("outcome", "cancelled"), ("reason", "wrong business"))).Refused);
        Assert.Equal("wrong business", Assert.Single(await app.FactsAsync<TaskCancelled>(late.Id)).Reason);
        Assert.False((await dana.PostAsync($"/escalations/{held.Id}/phrase", ("optOut", "yes"))).Refused);
        Assert.True((await app.LeadAsync(held.Id)).OptedOut);
        Assert.DoesNotContain($"matter-{late.Id}", (await dana.GetAsync("/escalations")).Decoded, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Requirement", "SCR-13")]
    public async Task An_auditor_sees_the_queue_masked_and_settles_nothing()
    {
        await using var app = await TestApp.StartAsync(postgres);
        await app.Forms.WebsiteAsync("Ann Ford", Customer, null, "Water coming in over the bed!");
        var lead = await app.LeadAsync();
        using var auditor = await StaffBrowser.SignInAsync(app, "ann", StaffUser.Auditor);
        var page = (await auditor.GetAsync("/escalations")).Decoded;
        Assert.Contains("Urgent words", page, StringComparison.Ordinal);
        Assert.DoesNotContain("Ford", page, StringComparison.Ordinal);
        Assert.DoesNotContain("557601", page, StringComparison.Ordinal);
        Assert.DoesNotContain("over the bed", page, StringComparison.Ordinal);
        foreach (var press in new[] { $"{lead.Task!.Id}/take", $"{lead.Task.Id}/assign", $"{lead.Task.Id}/resolve", $"{lead.Id}/phrase" })
        {
            Assert.Equal(HttpStatusCode.Forbidden, (await auditor.PostAsync($"/escalations/{press}", ("by", "dana"), ("owner", "luis"), ("reason", "x"))).Status);
        }

        Assert.Null((await app.LeadAsync(lead.Id)).Task!.ClaimedBy);
    }

    [Fact]
    [Trait("Requirement", "SCR-11")]
    public async Task A_call_on_a_shared_number_is_given_to_the_one_who_made_it()
    {
        await using var app = await TestApp.StartAsync(postgres);
        var (first, second, unknown) = await SharedAsync(app);
        using var dana = await StaffBrowser.SignInAsync(app);
        var page = (await dana.GetAsync("/who-is-this")).Decoded;
        Assert.Contains("One of 2 on this number", page, StringComparison.Ordinal);
        Assert.Contains("Maria Lopez", page, StringComparison.Ordinal);
        Assert.Contains("Peter Novak", page, StringComparison.Ordinal);
        Assert.True((await dana.PostAsync($"/who-is-this/{unknown}/pick", ("lead", "somebody"), ("reason", "x"))).Refused);
        Assert.False((await dana.PostAsync($"/who-is-this/{unknown}/pick", ("lead", second.ToString()), ("reason", "named the gutter"))).Refused);
        Assert.Equal(second, (await app.LeadAsync(unknown)).MergedInto);
        Assert.Equal([1, 2], (await Task.WhenAll(app.LeadAsync(first), app.LeadAsync(second))).Select(lead => lead.InquiryCount));
        Assert.Contains("Nothing to find out", (await dana.GetAsync("/who-is-this")).Decoded, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Requirement", "SCR-11")]
    public async Task A_withheld_caller_is_taken_as_new_or_left_with_a_reason()
    {
        await using var app = await TestApp.StartAsync(postgres);
        await app.Twilio.MissedCallAsync(new TestCall("anonymous"));
        var lead = await app.LeadAsync();
        using var dana = await StaffBrowser.SignInAsync(app);
        Assert.Contains("number withheld", (await dana.GetAsync("/who-is-this")).Decoded, StringComparison.Ordinal);
        Assert.False((await dana.PostAsync($"/who-is-this/{lead.Id}/own", ("by", "dana"))).Refused);
        Assert.Equal("dana", (await app.LeadAsync()).Task!.ClaimedBy);
        Assert.True((await dana.PostAsync($"/who-is-this/{lead.Id}/leave", ("reason", ""))).Refused);
        Assert.False((await dana.PostAsync($"/who-is-this/{lead.Id}/leave", ("reason", "silence on the voicemail"))).Refused);
        Assert.False((await app.LeadAsync()).HasOpenTask);
        Assert.Contains("closed as cancelled", (await dana.GetAsync("/who-is-this")).Decoded, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Requirement", "SCR-11")]
    public async Task An_auditor_sees_who_it_may_be_masked_and_picks_nobody()
    {
        await using var app = await TestApp.StartAsync(postgres);
        var (_, second, unknown) = await SharedAsync(app);
        using var auditor = await StaffBrowser.SignInAsync(app, "ann", StaffUser.Auditor);
        var page = (await auditor.GetAsync("/who-is-this")).Decoded;
        Assert.Contains("uses the same number", page, StringComparison.Ordinal);
        Assert.DoesNotContain("Novak", page, StringComparison.Ordinal);
        Assert.DoesNotContain("557601", page, StringComparison.Ordinal);
        foreach (var press in new[] { "pick", "own", "leave" })
        {
            Assert.Equal(HttpStatusCode.Forbidden, (await auditor.PostAsync($"/who-is-this/{unknown}/{press}", ("lead", second.ToString()), ("reason", "x"))).Status);
        }

        Assert.Null((await app.LeadAsync(unknown)).MergedInto);
    }

    private static async Task<(Guid First, Guid Second, Guid Unknown)> SharedAsync(TestApp app)
    {
        var first = (await app.Forms.WebsiteAsync("Maria Lopez", Customer, "maria@example.com", "Roof")).Lead;
        var second = (await app.Forms.WebsiteAsync("Peter Novak", Customer, "peter@example.com", "Gutter")).Lead;
        await app.AdvanceAsync(Duration.FromMinutes(1));
        await app.Twilio.MissedCallAsync(new TestCall(Customer));
        await app.AdvanceAsync(Duration.FromMinutes(1));
        return (first, second, Assert.Single(await app.LeadsAsync(), lead => lead.Kind == LeadKind.NumberLevel).Id);
    }
}
