using System.Net;
using LeadLedger.Leads;
using LeadLedger.Tests.Support;
using NodaTime;

namespace LeadLedger.Tests.Scenarios;

/// <summary>What arrives at once is still one person, one inquiry, one text.</summary>
public sealed class SimultaneityTests(TestPostgres postgres)
{
    [Fact]
    [Trait("Requirement", "MRG-01")]
    public async Task Fifty_simultaneous_webhooks_about_one_person_make_one_lead()
    {
        await using var app = await TestApp.StartAsync(postgres);
        var customer = People.Next();
        var random = new Random(11);
        var posts = Enumerable.Range(0, 50).Select(index => random.Next(4) switch
        {
            0 => (Func<Task<WebReply>>)(() => app.Twilio.CallStatusAsync(new TestCall(customer), "no-answer", 0)),
            1 => () => app.Forms.WebsiteAsync("Maria Lopez", customer, "maria@example.com", "Roof"),
            2 => () => app.Forms.WebsiteAsync("Maria Lopez", customer, null, "Roof"),
            _ => () => app.Twilio.SmsAsync(customer, $"Please call me, number {index}"),
        }).ToArray();
        var replies = await Task.WhenAll(posts.Select(post => Task.Run(post)));
        Assert.All(replies, reply => Assert.Equal(HttpStatusCode.OK, reply.Status));
        await app.AdvanceAsync(Duration.FromMinutes(1));

        var lead = await app.LeadAsync();
        Assert.Equal(50, (await app.FactsAsync<IInquiry>(lead.Id)).Count);
        Assert.Equal(50, lead.InquiryCount);
        Assert.Single(app.Texts.To(customer));
        Assert.Single(await app.FactsAsync<TaskOpened>(lead.Id));
        Assert.Equal(50, lead.Task!.InquiryCount);
    }

    [Fact]
    [Trait("Requirement", "ING-37")]
    public async Task Fifty_identical_submissions_are_one_inquiry_and_one_text()
    {
        await using var app = await TestApp.StartAsync(postgres);
        string[] customers = [People.Next(), People.Next()];
        var withId = Enumerable.Range(0, 50).Select(_ => app.Forms.WebsiteAsync("Maria Lopez", customers[0], null, "Roof", id: "sub-same"));
        var withoutId = Enumerable.Range(0, 50).Select(_ => app.Forms.PostAsync(
            "website", new { name = "Peter Novak", phone = customers[1], message = "Gutter", sms_consent = "yes" }));
        var replies = await Task.WhenAll(withId.Concat(withoutId));
        Assert.All(replies, reply => Assert.Equal(HttpStatusCode.OK, reply.Status));
        Assert.Equal(2, replies.Select(reply => reply.Json.GetProperty("inquiryId").GetGuid()).Distinct().Count());
        await app.AdvanceAsync(Duration.FromMinutes(1));
        foreach (var customer in customers)
        {
            Assert.Equal(1, (await app.LeadOfAsync(customer)).InquiryCount);
            Assert.Single(app.Texts.To(customer));
        }
    }

    [Fact]
    [Trait("Requirement", "C-11")]
    public async Task Three_calls_in_ninety_seconds_are_one_text_three_events_and_one_task()
    {
        await using var app = await TestApp.StartAsync(postgres);
        var customer = People.Next();
        for (var call = 0; call < 3; call++)
        {
            await app.Twilio.MissedCallAsync(new TestCall(customer));
            await app.AdvanceAsync(Duration.FromSeconds(45));
        }

        var lead = await app.LeadAsync();
        Assert.Single(app.Texts.To(customer));
        Assert.Equal(3, (await app.FactsAsync<CallMissed>(lead.Id)).Count);
        Assert.Equal(3, Assert.Single(await app.LeadsAsync()).Task!.InquiryCount);
        Assert.Single(await app.FactsAsync<TaskOpened>(lead.Id));
        Assert.Single(await app.FactsAsync<OwnerAlertRequested>(lead.Id));
    }

    [Fact]
    [Trait("Requirement", "C-11")]
    public async Task A_form_with_news_inside_the_repeat_window_alerts_again_without_a_text()
    {
        await using var app = await TestApp.StartAsync(postgres);
        var customer = People.Next();
        await app.Twilio.MissedCallAsync(new TestCall(customer));
        await app.AdvanceAsync(Duration.FromMinutes(1));
        await app.Forms.WebsiteAsync("Maria Lopez", customer, null, "The kitchen too");
        await app.AdvanceAsync(Duration.FromMinutes(1));
        Assert.Single(app.Texts.To(customer));
        Assert.Equal(2, (await app.FactsAsync<OwnerAlertRequested>((await app.LeadAsync()).Id)).Count);
    }

    [Theory]
    [Trait("Requirement", "MRG-10")]
    [InlineData(239, 1)]
    [InlineData(241, 2)]
    public async Task The_second_text_waits_for_four_hours(int minutes, int texts)
    {
        await using var app = await TestApp.StartAsync(postgres);
        var customer = People.Next();
        await app.Twilio.MissedCallAsync(new TestCall(customer));
        await app.AdvanceAsync(Duration.FromMinutes(minutes));
        await app.Twilio.MissedCallAsync(new TestCall(customer));
        await app.AdvanceAsync(Duration.FromMinutes(1));
        Assert.Equal(texts, app.Texts.To(customer).Count);
        Assert.Equal(2, (await app.LeadAsync()).Task!.InquiryCount);
    }

    [Fact]
    [Trait("Requirement", "MRG-03")]
    public async Task Similar_names_on_different_phones_are_suggested_and_never_merged()
    {
        await using var app = await TestApp.StartAsync(postgres);
        var jon = (await app.Forms.WebsiteAsync("Jon Smith", People.Next())).Lead;
        var john = (await app.Forms.WebsiteAsync("John Smith", People.Next())).Lead;
        await app.AdvanceAsync(Duration.FromMinutes(1));
        Assert.NotEqual(jon, john);
        var suggested = (await app.FactsAsync<MergeSuggested>(jon)).Concat(await app.FactsAsync<MergeSuggested>(john)).ToArray();
        Assert.NotEmpty(suggested);
        Assert.All(suggested, suggestion => Assert.True(suggestion.Score > 0 && suggestion.Reasons.Count > 0));
        Assert.All(await app.LeadsAsync(), lead => Assert.Null(lead.MergedInto));
    }
}
