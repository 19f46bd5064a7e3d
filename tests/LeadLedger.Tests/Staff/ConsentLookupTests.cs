using System.Net;
using System.Text.Json;
using LeadLedger.Leads;
using LeadLedger.Staff.Accounts;
using LeadLedger.Tests.Support;
using NodaTime;

namespace LeadLedger.Tests.Staff;

public sealed class ConsentLookupTests(TestPostgres postgres)
{
    private const string Number = "+12145557501";

    [Fact]
    [Trait("Requirement", "SCR-12")]
    public async Task A_posted_number_shows_its_state_and_never_stands_in_an_address()
    {
        await using var app = await TestApp.StartAsync(postgres);
        await app.Forms.WebsiteAsync("Maria Lopez", Number, "maria@example.com", "Roof");
        await app.AdvanceAsync(Duration.FromMinutes(1));
        using var dana = await StaffBrowser.SignInAsync(app);
        var page = await dana.PostAsync("/consent", ("value", "(214) 555-7501"));
        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.Null(page.Location);
        Assert.Contains("No opt-out stands", page.Decoded, StringComparison.Ordinal);
        Assert.Contains("transactional reply", page.Decoded, StringComparison.Ordinal);
        Assert.Contains("may text me", page.Decoded, StringComparison.Ordinal);
        Assert.Contains("acknowledgement, ", page.Decoded, StringComparison.Ordinal);
        foreach (var link in page.Decoded.Split("href=\"").Skip(1).Concat(page.Decoded.Split("action=\"").Skip(1)).Select(part => part.Split('"')[0]).Where(link => link[0] == '/'))
        {
            Assert.DoesNotContain("7501", link, StringComparison.Ordinal);
        }

        Assert.Contains("Write a complete phone number", (await dana.PostAsync("/consent", ("value", "12"))).Decoded, StringComparison.Ordinal);
        Assert.Contains("Nothing is recorded", (await dana.PostAsync("/consent", ("value", "+12145557599"))).Decoded, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Requirement", "SCR-12")]
    public async Task An_opt_out_is_recorded_with_its_day_and_words_and_lifted_only_after_later_consent()
    {
        await using var app = await TestApp.StartAsync(postgres);
        var lead = (await app.Forms.WebsiteAsync("Maria Lopez", Number, null, "Roof")).Lead;
        using var dana = await StaffBrowser.SignInAsync(app);
        (string, string)[] said = [("value", Number), ("in", "northside"), ("how", "by phone"), ("said", "leave me alone")];
        Assert.Contains("cannot be in the future", (await dana.PostAsync("/consent/suppress", [.. said, ("on", "2026-11-19")])).Decoded, StringComparison.Ordinal);
        Assert.False((await app.LeadAsync(lead)).OptedOut);
        Assert.Contains("No texts, for any purpose", (await dana.PostAsync("/consent/suppress", [.. said, ("on", "2026-11-17")])).Decoded, StringComparison.Ordinal);
        Assert.Equal("by phone on 2026-11-17: leave me alone", Assert.Single(await app.FactsAsync<OptedOut>(lead)).Word);

        (string, string)[] lift = [("value", Number), ("in", "northside"), ("confirmed", "yes"), ("note", "read it")];
        Assert.Contains("no consent to texts came after it", (await dana.PostAsync("/consent/lift", lift)).Decoded, StringComparison.Ordinal);
        Assert.True((await app.LeadAsync(lead)).OptedOut);
        app.Clock.Set(app.Clock.Now + Duration.FromMinutes(1));
        var recorded = await dana.PostAsync("/consent/record",
            ("value", Number), ("lead", lead.ToString()), ("purpose", "service_followup"), ("state", "granted"), ("evidence", "said yes to Dana on the phone"));
        Assert.Contains("said yes to Dana on the phone", recorded.Decoded, StringComparison.Ordinal);
        Assert.Contains("No opt-out stands", (await dana.PostAsync("/consent/lift", lift)).Decoded, StringComparison.Ordinal);
        Assert.False((await app.LeadAsync(lead)).OptedOut);
    }

    [Fact]
    [Trait("Requirement", "SCR-12")]
    public async Task What_the_provider_blocks_is_not_lifted_and_the_page_says_what_would()
    {
        await using var app = await TestApp.StartAsync(postgres);
        await app.Twilio.SmsAsync(Number, "STOP", optOutType: "STOP");
        using var dana = await StaffBrowser.SignInAsync(app);
        Assert.Contains("START or UNSTOP, texted from the number itself", (await dana.PostAsync("/consent", ("value", Number))).Decoded, StringComparison.Ordinal);
        var refused = await dana.PostAsync("/consent/lift", ("value", Number), ("in", "northside"), ("confirmed", "yes"), ("note", "x"));
        Assert.Contains("The provider refuses this number", refused.Decoded, StringComparison.Ordinal);
        Assert.True((await app.LeadAsync()).OptedOut);
    }

    [Fact]
    [Trait("Requirement", "SCR-12")]
    public async Task A_held_phrase_is_shown_and_settled()
    {
        await using var app = await TestApp.StartAsync(postgres);
        await app.Twilio.SmsAsync(Number, "please don't text me any more thanks");
        var lead = await app.LeadAsync();
        using var dana = await StaffBrowser.SignInAsync(app);
        Assert.Contains("please don't text me any more", (await dana.PostAsync("/consent", ("value", Number))).Decoded, StringComparison.Ordinal);
        await dana.PostAsync("/consent/phrase", ("value", Number), ("lead", lead.Id.ToString()), ("optOut", "yes"));
        Assert.True((await app.LeadAsync()).OptedOut);
    }

    [Fact]
    [Trait("Requirement", "SCR-12")]
    public async Task The_receipt_lists_every_event_of_one_number_with_its_place_and_keeps_formulas_inert()
    {
        await using var app = await TestApp.StartAsync(postgres);
        var lead = (await app.Forms.WebsiteAsync("Maria Lopez", Number, "maria@example.com", "Roof")).Lead;
        await app.Forms.WebsiteAsync("Peter Novak", "+12145557502", "peter@example.com", "Gutter");
        await app.PostAsync($"/api/leads/{lead}/consents", new { purpose = "marketing", state = "denied", evidence = "=HYPERLINK(\"http://x\",\"y\"), she said" });
        using var dana = await StaffBrowser.SignInAsync(app);
        var csv = (await dana.PostAsync("/consent/receipt", ("value", Number), ("in", "northside"), ("format", "csv"))).Html;
        Assert.Equal(4, csv.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Contains("\"'=HYPERLINK(\"\"http://x\"\"", csv, StringComparison.Ordinal);
        using var json = JsonDocument.Parse((await dana.PostAsync("/consent/receipt", ("value", Number), ("in", "northside"), ("format", "json"))).Html);
        var history = (await app.HistoryAsync(lead)).ToDictionary(e => e.Version, e => e.Hash);
        Assert.Equal(3, json.RootElement.GetProperty("events").GetArrayLength());
        Assert.All(json.RootElement.GetProperty("events").EnumerateArray(), each =>
        {
            Assert.Equal(lead, each.GetProperty("leadId").GetGuid());
            Assert.Equal(history[each.GetProperty("seq").GetInt64()], each.GetProperty("hash").GetString());
        });
    }

    [Fact]
    [Trait("Requirement", "SCR-12")]
    public async Task An_auditor_reads_it_masked_and_changes_nothing()
    {
        await using var app = await TestApp.StartAsync(postgres);
        var lead = (await app.Forms.WebsiteAsync("Maria Lopez", Number, "maria@example.com", "Roof")).Lead;
        using var auditor = await StaffBrowser.SignInAsync(app, "ann", StaffUser.Auditor);
        var page = await auditor.PostAsync("/consent", ("value", Number));
        Assert.Contains("No opt-out stands", page.Decoded, StringComparison.Ordinal);
        foreach (var personal in new[] { "Lopez", Number, "555-7501", "maria@" })
        {
            Assert.DoesNotContain(personal, page.Decoded, StringComparison.Ordinal);
        }

        foreach (var press in new[] { "suppress", "lift", "record", "phrase", "receipt" })
        {
            Assert.Equal(HttpStatusCode.Forbidden, (await auditor.PostAsync($"/consent/{press}", ("value", Number), ("in", "northside"), ("on", "2026-11-17"), ("said", "x"))).Status);
        }

        Assert.False((await app.LeadAsync(lead)).OptedOut);
    }
}
