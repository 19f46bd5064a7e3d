using System.Net;
using LeadLedger.Leads;
using LeadLedger.Tests.Support;
using NodaTime;

namespace LeadLedger.Tests.Staff;

/// <summary>What a lead's page says will happen by itself.</summary>
public sealed class NextActionTests(TestPostgres postgres)
{
    [Fact]
    [Trait("Requirement", "SCR-04")]
    public async Task Somebody_of_another_business_finds_no_such_lead()
    {
        await using var app = await TestApp.StartAsync(postgres, TestBusiness.Northside(), TestBusiness.Lakeside());
        await app.Twilio.MissedCallAsync(new TestCall(People.Next()));
        var lead = await app.LeadAsync();
        using var dana = await StaffBrowser.SignInAsync(app);
        using var stranger = await StaffBrowser.SignInAsync(app, "erin", business: "lakeside");
        foreach (var path in new[] { $"/leads/{lead.Id}", $"/leads/{lead.Id}/timeline", $"/leads/{lead.Id}/timeline/json", $"/callbacks/{lead.Task!.Id}" })
        {
            Assert.Equal(HttpStatusCode.OK, (await dana.GetAsync(path)).Status);
            Assert.Equal(HttpStatusCode.NotFound, (await stranger.GetAsync(path)).Status);
        }
    }

    [Fact]
    [Trait("Requirement", "SCR-04")]
    public async Task What_waits_for_the_morning_is_shown_with_its_time_and_the_way_to_stop_it()
    {
        // 22:00 in Chicago.
        await using var app = await TestApp.StartAsync(postgres, Instant.FromUtc(2026, 11, 19, 4, 0), []);
        await app.Twilio.MissedCallAsync(new TestCall(People.Next()));
        var lead = await app.LeadAsync();
        var decision = await app.DecisionAsync(lead.Id);
        Assert.Equal("deferred", decision.Outcome);
        using var visitor = await StaffBrowser.SignInAsync(app);
        var page = await visitor.GetAsync($"/leads/{lead.Id}");
        page.Says("decided again whether they may be texted", LeadLedger.Staff.Frame.Shown.Full(decision.SendAfter!.Value, DateTimeZoneProviders.Tzdb["America/Chicago"]), "Cancel it");
        Assert.Contains($"/callbacks/{lead.Task!.Id}#cancel", page.Html, StringComparison.Ordinal);
        (await visitor.GetAsync($"/leads/{lead.Id}/timeline")).Says("Not texted yet: quiet hours until Thu 19 Nov, ");
        (await visitor.GetAsync($"/callbacks/{lead.Task.Id}")).Says("The text that waits to go to them is then held back");

        // And so it is: nothing leaves in the morning once the callback is cancelled.
        await visitor.PressAsync($"/callbacks/{lead.Task.Id}/cancel", ("reason", "spoke to them in the shop"));
        await app.AdvanceAsync(Duration.FromHours(14));
        Assert.Empty(await app.FactsAsync<SmsAccepted>(lead.Id));
    }
}
