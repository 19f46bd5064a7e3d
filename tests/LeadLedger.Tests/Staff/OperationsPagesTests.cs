using System.Net;
using System.Text.Json;
using LeadLedger.EventStore.Outbox;
using LeadLedger.Staff.Accounts;
using LeadLedger.Staff.Verification;
using LeadLedger.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;

namespace LeadLedger.Tests.Staff;

/// <summary>Outbox, sources, health, audit and first run: each shows the true thing, a press does it, and an auditor changes nothing.</summary>
public sealed class OperationsPagesTests(TestPostgres postgres)
{
    [Fact]
    public async Task Given_up_work_stands_in_the_outbox_and_a_press_has_it_tried_again_but_not_by_an_auditor()
    {
        await using var app = await TestApp.StartAsync(postgres);
        using var owner = await StaffBrowser.SignInAsync(app, "dana", StaffUser.Owner, null);
        using var auditor = await StaffBrowser.SignInAsync(app, "ada", StaffUser.Auditor, null);
        Assert.Contains("Nothing was given up", (await owner.GetAsync("/outbox")).Decoded, StringComparison.Ordinal);
        app.Mail.RecipientAnswer = 450;
        await app.Twilio.MissedCallAsync(new TestCall("+12145567788"));
        await app.AdvanceAsync(Duration.FromMinutes(14));
        app.Mail.RecipientAnswer = 250;
        var id = Assert.Single((await app.GetAsync("/api/dead-letters")).Items()).Text("id");

        var page = await owner.GetAsync("/outbox");
        Assert.Contains("given up after the last attempt", page.Decoded, StringComparison.Ordinal);
        Assert.Contains("the mail server could not take the message", page.Decoded, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, (await auditor.PostAsync($"/outbox/{id}/retry")).Status);
        var masked = await auditor.GetAsync("/outbox");
        Assert.DoesNotContain("Try it again", masked.Decoded, StringComparison.Ordinal);
        Assert.Contains("(214) 556-7788", page.Decoded, StringComparison.Ordinal);
        Assert.DoesNotContain("556-7788", masked.Decoded, StringComparison.Ordinal);
        Assert.DoesNotContain("5567788", masked.Decoded, StringComparison.Ordinal);
        Assert.StartsWith("!Say why", (await owner.PostAsync($"/outbox/{id}/discard", ("reason", " "))).Said, StringComparison.Ordinal);

        Assert.StartsWith("+It is tried again", (await owner.PostAsync($"/outbox/{id}/retry")).Said, StringComparison.Ordinal);
        Assert.Equal(OutboxStates.Pending, (await app.OutboxAsync()).Single(row => row.Id == Guid.Parse(id!)).State);
    }

    [Fact]
    [Trait("Requirement", "RTY-11")]
    public async Task A_text_is_shown_whole_before_it_is_sent_again_and_what_was_not_shown_is_not_sent()
    {
        await using var app = await TestApp.StartAsync(postgres);
        using var owner = await StaffBrowser.SignInAsync(app, "dana", StaffUser.Owner, null);
        var customer = People.Next();
        app.Texts.OnlyTo = customer;
        app.Texts.Next(TwilioMode.NothingDoneAnswerLost);
        await app.Twilio.MissedCallAsync(new TestCall(customer));
        await app.AdvanceAsync(Duration.FromSeconds(40));
        var id = Assert.Single((await app.GetAsync("/api/dead-letters")).Items()).Text("id");

        var page = await owner.GetAsync($"/outbox/{id}/send-again");
        var seen = page.Decoded.Split("name=\"seen\" value=\"")[1].Split('"')[0];
        Assert.StartsWith("!Nothing was sent", (await owner.PostAsync($"/outbox/{id}/send-again", ("seen", new string('0', 64)))).Said, StringComparison.Ordinal);
        Assert.StartsWith("+It was decided anew", (await owner.PostAsync($"/outbox/{id}/send-again", ("seen", seen))).Said, StringComparison.Ordinal);
        await app.AdvanceAsync(Duration.FromMinutes(1));

        var texts = app.Texts.To(customer);
        Assert.Equal(2, texts.Count);
        Assert.Contains(texts[^1].Body, page.Decoded, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Texts_are_paused_and_resumed_by_hand_with_a_reason()
    {
        await using var app = await TestApp.StartAsync(postgres);
        using var staff = await StaffBrowser.SignInAsync(app);

        Assert.StartsWith("!Say why", (await staff.PostAsync("/outbox/pause", ("target", "northside|text"), ("reason", ""))).Said, StringComparison.Ordinal);
        Assert.StartsWith("+Paused", (await staff.PostAsync("/outbox/pause", ("target", "northside|text"), ("reason", "Storm training"))).Said, StringComparison.Ordinal);
        var page = await staff.GetAsync("/outbox");
        Assert.Contains("Automatic texts to customers are paused: Storm training", page.Decoded, StringComparison.Ordinal);

        Assert.StartsWith("+Resumed", (await staff.PostAsync("/outbox/resume", ("target", "northside|text"), ("reason", "Over"))).Said, StringComparison.Ordinal);
        Assert.Contains("Nothing is paused", (await staff.GetAsync("/outbox")).Decoded, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_source_shows_its_inquiries_its_addresses_and_what_was_turned_away()
    {
        await using var app = await TestApp.StartAsync(postgres);
        using var owner = await StaffBrowser.SignInAsync(app, "dana", StaffUser.Owner, null);
        await app.Twilio.MissedCallAsync(new TestCall(People.Next()));
        await app.Forms.WebsiteRawAsync("wrong secret");

        var page = await owner.GetAsync("/sources");

        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.Contains("Main line: 1 inquiry in the last 24 hours", page.Decoded, StringComparison.Ordinal);
        Assert.Contains($"{TestApp.PublicBase}/api/webhooks/twilio/voice", page.Decoded, StringComparison.Ordinal);
        Assert.Contains($"{TestApp.PublicBase}/api/webhooks/forms/website", page.Decoded, StringComparison.Ordinal);
        Assert.Contains("<code>/api/webhooks/forms/website</code>", page.Decoded, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_ledger_is_verified_at_a_press_and_the_page_says_that_it_is_not_sound_when_it_is_not()
    {
        await using var app = await TestApp.StartAsync(postgres);
        using var auditor = await StaffBrowser.SignInAsync(app, "ada", StaffUser.Auditor, null);
        await app.Twilio.MissedCallAsync(new TestCall(People.Next()));
        await app.AdvanceAsync(Duration.FromSeconds(5));
        var check = app.Services.GetRequiredService<LedgerCheck>();

        Assert.Contains("has not been verified since", (await auditor.GetAsync("/status")).Decoded, StringComparison.Ordinal);
        Assert.StartsWith("+", (await auditor.PostAsync("/ledger/verify", ("back", "/status"))).Said, StringComparison.Ordinal);
        await check.Finished;
        var sound = await auditor.GetAsync("/status");
        Assert.Contains("Sound, verified", sound.Decoded, StringComparison.Ordinal);
        Assert.Contains("1 acknowledgement in the last 24 hours", sound.Decoded, StringComparison.Ordinal);

        app.ChecksAtEnd = false;
        await using (var command = app.Database.CreateCommand("update mt_events set data = jsonb_set(data, '{reason}', '\"busy\"') where type = 'call_missed'"))
        {
            Assert.Equal(1, await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken));
        }

        await auditor.PostAsync("/ledger/verify", ("back", "/audit"));
        await check.Finished;
        var broken = await auditor.GetAsync("/audit");
        Assert.Contains("NOT sound", broken.Decoded, StringComparison.Ordinal);
        Assert.Contains("First problem: mt_events", broken.Decoded, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_auditor_finds_events_masked_and_exports_a_lead_only_when_it_is_unmasked()
    {
        await using var app = await TestApp.StartAsync(postgres);
        using var owner = await StaffBrowser.SignInAsync(app, "dana", StaffUser.Owner, null);
        using var auditor = await StaffBrowser.SignInAsync(app, "ada", StaffUser.Auditor, null);
        var phone = People.Next();
        var reply = await app.Forms.WebsiteAsync("Maria Lopez", phone, message: "She said \u201dhello\u201d and lives at 5 Elm Street");

        var day = app.Clock.Now.InUtc().Date.ToString("uuuu-MM-dd", null);
        var seen = await owner.GetAsync($"/audit?type=form_submitted&from={day}&until={day}");
        var masked = await auditor.GetAsync($"/audit?type=form_submitted&lead={reply.Lead}");
        Assert.Contains("Maria Lopez sent the form", seen.Decoded, StringComparison.Ordinal);
        Assert.Contains("sent the form", masked.Decoded, StringComparison.Ordinal);
        Assert.DoesNotContain("Lopez", masked.Decoded, StringComparison.Ordinal);
        Assert.DoesNotContain("Elm Street", masked.Decoded, StringComparison.Ordinal);
        Assert.DoesNotContain(phone, (await auditor.GetAsync("/audit")).Decoded, StringComparison.Ordinal);
        Assert.Contains("No event matches", (await owner.GetAsync("/audit?actor=nobody")).Decoded, StringComparison.Ordinal);

        var fields = new[] { ("lead", reply.Lead.ToString()), ("reason", "yearly audit") };
        Assert.StartsWith("!This lead is masked", (await auditor.PostAsync("/audit/export", fields)).Said, StringComparison.Ordinal);
        var pack = JsonDocument.Parse((await owner.PostAsync("/audit/export", fields)).Html).RootElement;
        Assert.True(pack.GetProperty("verified").GetBoolean() && pack.GetProperty("complete").GetBoolean());
        Assert.Equal(64, pack.GetProperty("events")[0].Text("hash")!.Length);
        var trail = (await owner.GetAsync("/audit")).Decoded;
        Assert.Contains("history exported", trail, StringComparison.Ordinal);
        Assert.Contains("yearly audit", trail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_test_call_takes_the_whole_way_with_the_secrets_for_trying_out()
    {
        await using var app = await TestApp.StartAsync(
            postgres, TestApp.WednesdayMorning, [TestBusiness.Northside()], settings: ["--TWILIO_ACCOUNT_SID=", "--TWILIO_AUTH_TOKEN="]);
        using var owner = await StaffBrowser.SignInAsync(app, "dana", StaffUser.Owner, null);
        Assert.Contains("No webhook has arrived yet", (await owner.GetAsync("/first-run")).Decoded, StringComparison.Ordinal);

        var press = await owner.PostAsync("/first-run/test-call", ("target", "northside"));

        Assert.StartsWith("+The call was missed", press.Said, StringComparison.Ordinal);
        var lead = await app.LeadAsync();
        Assert.StartsWith("+120255501", lead.Phone, StringComparison.Ordinal);
        var page = await owner.GetAsync(press.Location!);
        Assert.Contains($"/leads/{lead.Id}", page.Decoded, StringComparison.Ordinal);
        Assert.Contains("acknowledgement: permitted", page.Decoded, StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_real_credentials_there_is_no_test_call_and_staff_do_not_see_the_page()
    {
        await using var app = await TestApp.StartAsync(postgres);
        using var owner = await StaffBrowser.SignInAsync(app, "dana", StaffUser.Owner, null);
        using var staff = await StaffBrowser.SignInAsync(app, "luis");

        Assert.DoesNotContain("Miss a call", (await owner.GetAsync("/first-run")).Decoded, StringComparison.Ordinal);
        Assert.StartsWith("!Real Twilio credentials", (await owner.PostAsync("/first-run/test-call", ("target", "northside"))).Said, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, (await staff.GetAsync("/first-run")).Status);
        Assert.Empty(await app.LeadsAsync());
    }
}
