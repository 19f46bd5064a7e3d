using System.Text.Json;
using LeadLedger.Calls;
using LeadLedger.Leads;
using LeadLedger.Tests.Support;
using NodaTime;

namespace LeadLedger.Tests.Calls;

/// <summary>ING-04: callbacks come late, twice and in any order, and the outcome is the same.</summary>
public sealed class CallOrderTests(TestPostgres postgres)
{
    [Fact]
    [Trait("Requirement", "ING-04")]
    public async Task Every_order_of_a_missed_calls_callbacks_ends_in_the_same_call_lead_and_text()
    {
        await using var app = await TestApp.StartAsync(postgres);
        var orders = Permutations(["voice", "no-answer leg", "no-answer dial", "recording", "completed"]).ToArray();
        var random = new Random(7);
        var calls = orders.Select((order, index) => (Order: WithRepeats(order, random), Call: new TestCall(Number(index)))).ToArray();
        await Parallel.ForEachAsync(calls, new ParallelOptions { MaxDegreeOfParallelism = 24 }, async (item, _) =>
        {
            foreach (var callback in item.Order)
            {
                Assert.True((await PostAsync(app, item.Call, callback)).IsSuccess);
            }
        });
        await app.AdvanceAsync(Duration.FromMinutes(2));

        var leads = (await app.LeadsAsync()).ToDictionary(lead => lead.Phone!);
        Assert.Equal(orders.Length, leads.Count);
        var expected = (Call: "", Inquiry: "");
        foreach (var (order, call) in calls)
        {
            var told = string.Join(", ", order);
            var lead = leads[call.From];
            Assert.True((await app.FactsAsync<CallMissed>(lead.Id)).Count == 1, $"not one missed call after {told}");
            Assert.True(app.Texts.To(call.From).Count == 1, $"{app.Texts.To(call.From).Count} texts after {told}");
            Assert.True(lead.HasOpenTask && lead.Task!.InquiryCount == 1, $"no single task after {told}");
            var state = (Call: Shape(await CallAsync(app, call)), Inquiry: Shape(Assert.Single(lead.Inquiries)));
            expected = expected.Call.Length == 0 ? state : expected;
            Assert.True(state == expected, $"after {told}:\n{state}\nelsewhere:\n{expected}");
        }
    }

    [Fact]
    [Trait("Requirement", "ING-02")]
    public async Task No_order_of_an_answered_calls_callbacks_makes_a_missed_call()
    {
        await using var app = await TestApp.StartAsync(postgres);
        var orders = Permutations(["voice", "ringing leg", "answered leg", "answered dial", "completed"]).ToArray();
        var calls = orders.Select((order, index) => (Order: order, Call: new TestCall(Number(index)))).ToArray();
        await Parallel.ForEachAsync(calls, new ParallelOptions { MaxDegreeOfParallelism = 24 }, async (item, _) =>
        {
            foreach (var callback in item.Order)
            {
                Assert.True((await PostAsync(app, item.Call, callback)).IsSuccess);
            }
        });
        await app.AdvanceAsync(Duration.FromMinutes(2));

        Assert.Empty(await app.LeadsAsync());
        Assert.Empty(app.Texts.Requests);
        var expected = Shape(await CallAsync(app, calls[0].Call));
        foreach (var (order, call) in calls)
        {
            var record = await CallAsync(app, call);
            Assert.Equal("answered", record.Outcome);
            Assert.True(Shape(record) == expected, $"after {string.Join(", ", order)}: {Shape(record)}");
        }
    }

    [Fact]
    [Trait("Requirement", "ING-03")]
    public async Task An_answered_call_of_four_seconds_is_not_missed()
    {
        await using var app = await TestApp.StartAsync(postgres);
        var call = new TestCall(Number(1));
        await app.Twilio.VoiceAsync(call);
        await app.AdvanceAsync(Duration.FromSeconds(6));
        await app.Twilio.LegAsync(call, "in-progress");
        await app.AdvanceAsync(Duration.FromSeconds(4));
        await app.Twilio.DialAsync(call, "completed", bridged: true, seconds: 4);
        await app.Twilio.CallStatusAsync(call, "completed", 4);
        await app.AdvanceAsync(Duration.FromHours(1));
        Assert.Empty(await app.LeadsAsync());
        Assert.Equal("answered", (await CallAsync(app, call)).Outcome);
    }

    private static Task<WebReply> PostAsync(TestApp app, TestCall call, string callback) => callback switch
    {
        // Twilio's webhook carries no time; the one here makes the ring twenty seconds long whenever it arrives.
        "voice" => app.Twilio.PostAsync("/voice", TwilioWebhooks.CallStatusFields(call, "ringing", null, app.Clock.Now - Duration.FromSeconds(20))),
        "ringing leg" => app.Twilio.LegAsync(call, "ringing"),
        "no-answer leg" => app.Twilio.LegAsync(call, "no-answer"),
        "answered leg" => app.Twilio.LegAsync(call, "in-progress"),
        "no-answer dial" => app.Twilio.DialAsync(call, "no-answer"),
        "answered dial" => app.Twilio.DialAsync(call, "completed", bridged: true, seconds: 62),
        "recording" => app.Twilio.RecordingAsync(call),
        _ => app.Twilio.CallStatusAsync(call, "completed", 42, app.Clock.Now),
    };

    private static string[] WithRepeats(string[] order, Random random) =>
        [.. order.SelectMany(callback => Enumerable.Repeat(callback, random.Next(1, 3)))];

    private static async Task<CallRecord> CallAsync(TestApp app, TestCall call) =>
        (await app.Ledger.LoadAsync(LeadStreams.Call, LeadStreams.CallOf("northside", RecordCall.Twilio, call.Sid)))!;

    private static string Shape(CallRecord call) => JsonSerializer.Serialize(
        call with
        {
            Id = Guid.Empty, Head = null, Version = 0, CallSid = "", From = "", Lead = null, Inquiry = null, WaitEnded = false,
            Voicemail = call.Voicemail is null ? null : call.Voicemail with { RecordingSid = "", Url = "" },
        },
        LedgerJsonContext.Default.CallRecord);

    private static string Shape(Inquiry inquiry) => (inquiry with
    {
        Id = Guid.Empty, CallSid = "", Voicemail = inquiry.Voicemail! with { RecordingSid = "", Url = "" },
    }).ToString();

    private static string Number(int index) => $"+1214555{2000 + index}";

    private static IEnumerable<string[]> Permutations(string[] items) => items.Length <= 1
        ? [items]
        : items.SelectMany(first => Permutations([.. items.Where(item => item != first)]).Select(rest => (string[])[first, .. rest]));
}
