using LeadLedger.Contacting;
using LeadLedger.EventStore.Outbox;
using LeadLedger.Leads;
using LeadLedger.Sending;
using LeadLedger.Tests.Support;
using NodaTime;

namespace LeadLedger.Tests.Sending;

/// <summary>Whoever makes the business text numbers for money meets a limit, however many processes send.</summary>
public sealed class TextCapTests(TestPostgres postgres)
{
    private const int Triggers = 200;

    [Fact]
    public async Task Two_hundred_inquiries_of_one_number_at_once_in_two_processes_never_exceed_its_limit()
    {
        await using var app = await TestApp.StartAsync(postgres, Limited("numberPerHour", 5));
        await using var second = await SecondAsync(app, Limited("numberPerHour", 5));
        var customer = People.Next();
        var posts = Enumerable.Range(0, Triggers).Select(n => (n % 2 == 0 ? app : second).Forms.WebsiteAsync("Maria Lopez", customer, null, $"Roof {n}"));
        Assert.All(await Task.WhenAll(posts), reply => Assert.True(reply.IsSuccess));

        await Task.WhenAll(app.RunDueAsync(), second.RunDueAsync());
        await app.RunDueAsync();

        Assert.Equal(5, app.Texts.To(customer).Count + second.Texts.To(customer).Count);
        var lead = await app.LeadAsync();
        Assert.Equal(5, (await app.FactsAsync<SmsCalling>(lead.Id)).Count);
        Assert.All(await app.FactsAsync<SmsWithheld>(lead.Id), fact => Assert.Equal([ReasonCodes.SmsCapNumber], fact.Codes));
    }

    [Theory]
    [InlineData("prefixPerHour", ReasonCodes.SmsCapPrefix)]
    [InlineData("formPerHour", ReasonCodes.SmsCapForm)]
    [InlineData("businessPerHour", ReasonCodes.SmsCapBusiness)]
    public async Task Two_hundred_numbers_at_once_in_two_processes_never_exceed_the_limit_and_people_keep_their_task(string limit, string code)
    {
        const int most = 20;
        await using var app = await TestApp.StartAsync(postgres, Limited(limit, most));
        await using var second = await SecondAsync(app, Limited(limit, most));
        var posts = Enumerable.Range(0, Triggers).Select(n => (n % 2 == 0 ? app : second).Forms.WebsiteAsync("Maria Lopez", $"+1214777{n:0000}", null, "Roof"));
        Assert.All(await Task.WhenAll(posts), reply => Assert.True(reply.IsSuccess));

        await Task.WhenAll(app.RunDueAsync(), second.RunDueAsync());
        await app.RunDueAsync();

        Assert.Equal(most, LeadTexts(app) + LeadTexts(second));
        var leads = await app.LeadsAsync();
        var held = leads.Where(lead => lead.Messages[0].State == "withheld").ToArray();
        Assert.Equal((Triggers, Triggers - most), (leads.Count, held.Length));
        Assert.All(held, lead => Assert.Equal(code, lead.Messages[0].Code));
        Assert.All(held, lead => Assert.Contains("too many texts", lead.Task!.Note, StringComparison.Ordinal));
        Assert.All(leads, lead => Assert.True(lead.HasOpenTask));
        var withheld = Assert.Single(await app.FactsAsync<SmsWithheld>(held[0].Id));
        Assert.StartsWith($"It would be sent if fewer than {most} texts had gone ", withheld.Counterfactual, StringComparison.Ordinal);
        Assert.Equal(Triggers - most, (await app.OutboxAsync("send_sms")).Count(row => row.State == OutboxStates.Parked && row.Error == code));
    }

    [Fact]
    public async Task An_hour_later_there_is_room_again()
    {
        await using var app = await TestApp.StartAsync(postgres, Limited("prefixPerHour", 1));
        string[] customers = [People.Next(), People.Next(), People.Next()];
        await app.Twilio.MissedCallAsync(new TestCall(customers[0]));
        await app.AdvanceAsync(Duration.FromMinutes(50));
        await app.Twilio.MissedCallAsync(new TestCall(customers[1]));
        await app.AdvanceAsync(Duration.FromMinutes(20));
        await app.Twilio.MissedCallAsync(new TestCall(customers[2]));
        await app.AdvanceAsync(Duration.FromMinutes(1));

        Assert.Equal([1, 0, 1], customers.Select(customer => app.Texts.To(customer).Count));
    }

    [Fact]
    [Trait("Requirement", "CON-17")]
    public async Task The_confirmation_of_an_opt_out_goes_beyond_the_limit_and_counts()
    {
        await using var app = await TestApp.StartAsync(postgres, Limited("businessPerHour", 1));
        string[] customers = [People.Next(), People.Next()];
        await app.Twilio.SmsAsync(customers[0], "Cancel please");
        await app.Twilio.SmsAsync(customers[1], "Cancel please");
        await app.AdvanceAsync(Duration.FromMinutes(1));
        var last = People.Next();
        await app.Twilio.MissedCallAsync(new TestCall(last));
        await app.AdvanceAsync(Duration.FromMinutes(1));

        Assert.Equal([1, 1, 0], customers.Append(last).Select(customer => app.Texts.To(customer).Count));
    }

    [Fact]
    public async Task A_text_that_is_tried_again_counts_once()
    {
        await using var app = await TestApp.StartAsync(postgres, Limited("businessPerHour", 2));
        string[] customers = [People.Next(), People.Next()];
        app.Texts.OnlyTo = customers[0];
        app.Texts.Next(TwilioMode.TooManyRequests, TwilioMode.TooManyRequests);
        await app.Twilio.MissedCallAsync(new TestCall(customers[0]));
        await app.AdvanceAsync(Duration.FromMinutes(4));
        await app.Twilio.MissedCallAsync(new TestCall(customers[1]));
        await app.AdvanceAsync(Duration.FromMinutes(1));

        Assert.Equal([3, 1], customers.Select(customer => app.Texts.To(customer).Count));
        Assert.Equal(
            [3, 0, 0], (await app.FactsAsync<SmsCalling>((await app.LeadOfAsync(customers[0])).Id)).Select(mark => mark.Counters.Count + (mark.Counters.Count > 0 ? 1 : 0)));
    }

    [Theory]
    [InlineData("+12145557001", "block:+1214555")]
    [InlineData("+442079460123", "block:+44207946")]
    public void A_block_is_ten_thousand_neighbours(string number, string block) => Assert.Equal(block, TextCaps.BlockOf(number));

    private static System.Text.Json.Nodes.JsonObject Limited(string limit, int most) => TestBusiness.Northside(file =>
    {
        file["textLimits"]![limit] = most;
        file["textLimits"]!["numberPerDay"] = 500;
        file["acknowledgement"]!["repeatWindow"] = "0s";
    });

    private static int LeadTexts(TestApp app) => app.Texts.Requests.Count(text => text.To.StartsWith("+1214777", StringComparison.Ordinal));

    private Task<TestApp> SecondAsync(TestApp first, System.Text.Json.Nodes.JsonObject business) =>
        TestApp.StartAsync(postgres, TestApp.WednesdayMorning, [business], connectionString: first.ConnectionString);
}
