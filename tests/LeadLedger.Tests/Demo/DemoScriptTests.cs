using System.Text.Json;
using LeadLedger.Demo;
using LeadLedger.EventStore.Verification;
using LeadLedger.Leads;
using LeadLedger.Tests.Support;
using NodaTime;

namespace LeadLedger.Tests.Demo;

/// <summary>The whole history against the real service: what a person who starts the demo finds in it.</summary>
public sealed class DemoScriptTests(AfternoonDemo afternoon, TestPostgres postgres) : IClassFixture<AfternoonDemo>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_history_has_everything_that_staff_can_meet()
    {
        var demo = afternoon.Demo;

        var leads = await demo.ItemsAsync("/api/leads");
        var all = await Task.WhenAll(leads.Select(async lead => await demo.GetAsync($"/api/leads/{Id(lead)}")));
        var decisions = (await Task.WhenAll(leads.Select(lead => demo.ItemsAsync($"/api/leads/{Id(lead)}/decisions")))).SelectMany(each => each).ToArray();
        var codes = decisions.SelectMany(decision => decision.GetProperty("codes").EnumerateArray()).Select(code => code.GetString()).ToHashSet();
        var dead = await demo.ItemsAsync("/api/dead-letters");
        var states = dead.Select(item => item.GetProperty("state").GetString()).ToHashSet();

        Assert.InRange(leads.Count, 55, 65);
        Assert.Contains(ReasonCodes.SuppressedNumber, codes);
        Assert.Contains(ReasonCodes.QuietHoursDeferred, codes);
        Assert.Contains(ReasonCodes.NumberWithheld, codes);
        Assert.Contains(ReasonCodes.NoSmsConsentOnForm, codes);
        Assert.Contains(ReasonCodes.SuspectedHangup, codes);
        Assert.Contains(ReasonCodes.OptOutPhraseHeld, codes);
        Assert.Superset(new HashSet<string?> { "parked", "unconfirmed" }, states);
        Assert.Contains(all, lead => Several(lead, "urgentWords").Any());
        Assert.Contains(all, lead => Several(lead, "mergeSuggestions").Any(s => s.GetProperty("reasons")[0].GetString()!.StartsWith("similar name", StringComparison.Ordinal)));
        Assert.Contains(all, lead => Several(lead, "sharesWith").Any());
        Assert.Contains(all, lead => lead.TryGetProperty("priorLead", out var prior) && prior.ValueKind == JsonValueKind.String);
        Assert.Single(await demo.ItemsAsync("/api/leads?status=merged"));
        Assert.Single(await demo.ItemsAsync("/api/quarantine"));
        Assert.Equal(2, (await demo.ItemsAsync("/api/leads?optedOut=true")).Count);

        var history = await EventTypesAsync(demo);
        Assert.Superset(
            new HashSet<string>(StringComparer.Ordinal)
            {
                "sms_failed", "sms_unconfirmed", "sms_delivered", "number_unreachable", "task_escalated", "task_claimed", "task_completed", "note_added", "opted_out",
                "lead_merged_into",
            },
            history);
    }

    [Fact]
    public async Task Twelve_callbacks_wait_some_of_them_too_long_and_the_ledger_is_sound()
    {
        var demo = afternoon.Demo;

        var open = await demo.ItemsAsync("/api/tasks");
        var overdue = open.Count(task => task.GetProperty("overdue").GetBoolean());
        var report = await new LedgerVerifier(demo.Host.Service.Database.DataSource, LeadStreams.Model).VerifyAsync(VerificationScope.Everything, cancellation: Ct);
        var late = (await demo.GetAsync("/api/status")).GetProperty("alarms").EnumerateArray().Select(alarm => alarm.GetProperty("name").GetString()).ToArray();

        Assert.Equal(DemoStory.OpenCallbacks, open.Count);
        Assert.InRange(overdue, 4, 11);
        Assert.Equal(2, open.Count(task => task.TryGetProperty("claimedBy", out var by) && by.ValueKind == JsonValueKind.String));
        Assert.True(report.IsSound, string.Join("\n", report.Problems));
        Assert.DoesNotContain("work_late", late);
        Assert.DoesNotContain("leads_stuck", late);
        Assert.InRange(demo.Report.Webhooks, 200, 400);
    }

    [Theory]
    [InlineData(9, 5)]
    [InlineData(14, 10)]
    [InlineData(18, 44)]
    public async Task It_holds_whenever_it_is_started(int hour, int minute)
    {
        await using var demo = await PlayedDemo.PlayAsync(postgres, Instant.FromUtc(2026, 11, 21, hour, minute));

        Assert.Equal(DemoStory.OpenCallbacks, (await demo.ItemsAsync("/api/tasks")).Count);
        Assert.Contains(await demo.ItemsAsync("/api/tasks?overdue=true"), task => task.GetProperty("priority").GetString() is not null);
        Assert.InRange((await demo.ItemsAsync("/api/leads")).Count, 55, 65);
        var states = (await demo.ItemsAsync("/api/dead-letters")).Select(item => item.GetProperty("state").GetString()).ToHashSet();
        Assert.Superset(new HashSet<string?> { "parked", "unconfirmed" }, states);
    }

    private static string Id(JsonElement lead) => lead.GetProperty("id").GetString()!;

    private static IEnumerable<JsonElement> Several(JsonElement lead, string name) =>
        lead.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array ? list.EnumerateArray() : [];

    private static async Task<HashSet<string>> EventTypesAsync(PlayedDemo demo)
    {
        await using var command = demo.Host.Service.Database.DataSource.CreateCommand("select distinct type from mt_events");
        await using var reader = await command.ExecuteReaderAsync(Ct);
        var types = new HashSet<string>(StringComparer.Ordinal);
        while (await reader.ReadAsync(Ct))
        {
            types.Add(reader.GetString(0));
        }

        return types;
    }
}
