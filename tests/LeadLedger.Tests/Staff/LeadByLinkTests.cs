using System.Net;
using System.Text.RegularExpressions;
using LeadLedger.Leads;
using LeadLedger.Messaging;
using LeadLedger.Staff.Accounts;
using LeadLedger.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;

namespace LeadLedger.Tests.Staff;

/// <summary>The page that an alert opens without signing in: one lead, for two days, for the one who was told.</summary>
public sealed partial class LeadByLinkTests(TestPostgres postgres)
{
    private const string Dana = "+12145550121";
    private const string Customer = "+12145557401";

    [Fact]
    [Trait("Requirement", "SCR-23")]
    public async Task The_text_that_is_sent_carries_a_link_of_the_same_length_and_the_ledger_keeps_the_plain_address()
    {
        await using var app = await TestApp.StartAsync(postgres);
        await app.Forms.WebsiteAsync("Maria Lopez", Customer, "maria@example.com", "Roof");
        await app.AdvanceAsync(Duration.FromSeconds(30));
        var lead = await app.LeadAsync();
        var kept = Assert.Single(await app.FactsAsync<OwnerAlertRequested>(lead.Id));
        var sent = Assert.Single(app.Texts.To(Dana)).Body;
        Assert.Contains($"{TestApp.PublicBase}/leads/{lead.Id}", kept.SmsBody, StringComparison.Ordinal);
        Assert.DoesNotContain("/m/", kept.SmsBody, StringComparison.Ordinal);
        Assert.DoesNotContain("/leads/", sent, StringComparison.Ordinal);
        Assert.Equal(kept.SmsBody.Length, sent.Length);
        Assert.Equal(SmsSegments.Measure(kept.SmsBody).Segments, SmsSegments.Measure(sent).Segments);
        Assert.Single(app.Mail.Mails);
        Assert.All(await app.OutboxAsync(), line => Assert.DoesNotContain("/m/", line.Body, StringComparison.Ordinal));
    }

    [Fact]
    [Trait("Requirement", "SCR-23")]
    public async Task Without_signing_in_it_shows_the_lead_and_takes_notes_and_closes_its_callback()
    {
        await using var app = await TestApp.StartAsync(postgres);
        var (lead, link) = await AlertedAsync(app);
        using var nobody = StaffBrowser.Open(app);
        var page = await nobody.GetAsync(link);
        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.Contains("Maria Lopez", page.Decoded, StringComparison.Ordinal);
        Assert.Contains($"href=\"tel:{Customer}\"", page.Decoded, StringComparison.Ordinal);
        Assert.Contains($"href=\"sms:{Customer}\"", page.Decoded, StringComparison.Ordinal);
        Assert.DoesNotContain("<nav", page.Decoded, StringComparison.Ordinal);

        var task = (await app.LeadAsync(lead)).Task!.Id.ToString();
        Assert.False((await nobody.PostAsync($"{link}/claim", ("task", task))).Refused);
        Assert.Equal("dana", (await app.LeadAsync(lead)).Task!.ClaimedBy);
        Assert.False((await nobody.PostAsync($"{link}/note", ("text", "Rang twice"))).Refused);
        Assert.True((await nobody.PostAsync($"{link}/done", ("task", task), ("outcome", "guessed"))).Refused);
        Assert.False((await nobody.PostAsync($"{link}/done", ("task", task), ("outcome", "spoke"), ("note", "Comes on Friday"))).Refused);
        Assert.Equal("spoke", (await app.LeadAsync(lead)).Task!.Outcome);
        var pressed = (await app.HistoryAsync(lead)).Where(e => e.Data is TaskClaimed or NoteAdded or TaskCompleted).ToArray();
        Assert.Equal(["link:claim_task", "link:add_note", "link:complete_task"], pressed.Select(e => e.CausationId));
        Assert.All(pressed, e => Assert.Equal("staff:dana", e.Actor));
        Assert.Contains("Closed", (await nobody.GetAsync(link)).Decoded, StringComparison.Ordinal);

        using var views = app.Database.CreateCommand("select actor || ' ' || what from lead_view limit 1");
        Assert.Equal("staff:dana link", await views.ExecuteScalarAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    [Trait("Requirement", "SCR-23")]
    public async Task A_token_that_was_changed_guessed_or_is_of_another_lead_opens_nothing()
    {
        await using var app = await TestApp.StartAsync(postgres);
        var (lead, link) = await AlertedAsync(app);
        await app.Twilio.MissedCallAsync(new TestCall("+12145557402"));
        var other = await app.LeadOfAsync("+12145557402");
        using var nobody = StaffBrowser.Open(app);
        var token = link["/m/".Length..];
        var bytes = System.Buffers.Text.Base64Url.DecodeFromChars(token);
        var tokens = new List<string> { "x", new('A', 40), token[..39], token + "A", token.ToUpperInvariant(), "%3Cscript%3E", "..%2Fleads" };
        for (var at = 0; at < bytes.Length; at++)
        {
            var changed = bytes.ToArray();
            changed[at] ^= 1;
            tokens.Add(System.Buffers.Text.Base64Url.EncodeToString(changed));
        }

        var swapped = bytes.ToArray();
        other.Id.TryWriteBytes(swapped.AsSpan(3, 16), bigEndian: true, out _);
        tokens.Add(System.Buffers.Text.Base64Url.EncodeToString(swapped));
        foreach (var hostile in tokens)
        {
            var page = await nobody.GetAsync($"/m/{hostile}");
            Assert.Equal(HttpStatusCode.NotFound, page.Status);
            Assert.DoesNotContain("Maria", page.Decoded, StringComparison.Ordinal);
            Assert.Equal(HttpStatusCode.NotFound, (await nobody.PostAsync($"/m/{hostile}/note", ("text", "x"))).Status);
        }

        Assert.True((await nobody.PostAsync($"{link}/claim", ("task", other.Task!.Id.ToString()))).Refused);
        Assert.Null((await app.LeadAsync(other.Id)).Task!.ClaimedBy);
        Assert.Empty(await app.FactsAsync<NoteAdded>(lead));
        foreach (var elsewhere in new[] { "/", $"/leads/{lead}/merges", "/consent", "/escalations" })
        {
            Assert.StartsWith("/sign-in", (await nobody.GetAsync(elsewhere)).Location, StringComparison.Ordinal);
        }
    }

    [Fact]
    [Trait("Requirement", "SCR-23")]
    public async Task After_two_days_it_says_so_and_leads_to_signing_in()
    {
        await using var app = await TestApp.StartAsync(postgres);
        var (lead, link) = await AlertedAsync(app);
        using var nobody = StaffBrowser.Open(app);
        app.Clock.Set(app.Clock.Now + Duration.FromHours(47));
        Assert.Equal(HttpStatusCode.OK, (await nobody.GetAsync(link)).Status);
        app.Clock.Set(app.Clock.Now + Duration.FromMinutes(62));
        var over = await nobody.GetAsync(link);
        Assert.Equal(HttpStatusCode.Gone, over.Status);
        Assert.Contains($"/sign-in?next=%2Fleads%2F{lead}", over.Decoded, StringComparison.Ordinal);
        Assert.DoesNotContain("Maria", over.Decoded, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Gone, (await nobody.PostAsync($"{link}/note", ("text", "late"))).Status);
        Assert.Empty(await app.FactsAsync<NoteAdded>(lead));
    }

    [Theory]
    [InlineData(StaffUser.Auditor, false)]
    [InlineData(StaffUser.Staff, true)]
    [Trait("Requirement", "SCR-23")]
    public async Task Whoever_only_reads_or_lost_their_account_does_nothing_by_link(string role, bool disabled)
    {
        await using var app = await TestApp.StartAsync(postgres);
        var (lead, link) = await AlertedAsync(app);
        var users = app.Services.GetRequiredService<StaffUsers>();
        var dana = await users.AddAsync("dana", "Dana", role, "northside", TestContext.Current.CancellationToken);
        if (disabled)
        {
            Assert.True(await users.DisableAsync(dana!.Id, TestContext.Current.CancellationToken));
        }

        using var nobody = StaffBrowser.Open(app);
        Assert.Equal(HttpStatusCode.NotFound, (await nobody.GetAsync(link)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await nobody.PostAsync($"{link}/note", ("text", "x"))).Status);
        Assert.Empty(await app.FactsAsync<NoteAdded>(lead));
    }

    [Fact]
    [Trait("Requirement", "SCR-23")]
    public async Task After_a_merge_it_opens_the_lead_that_stands_for_its_own_as_long_as_the_merge_stands()
    {
        await using var app = await TestApp.StartAsync(postgres);
        var (lead, link) = await AlertedAsync(app);
        var survivor = (await app.Forms.WebsiteAsync("Mary Lopez", "+12145557403", "mary@example.com", "Gutter")).Lead;
        var bystander = (await app.Forms.WebsiteAsync("Peter Novak", "+12145557404", null, "Door")).Lead;
        await app.PostAsync($"/api/leads/{survivor}/mergers", new { other = lead, reason = "same voice" });
        using var nobody = StaffBrowser.Open(app);
        var page = await nobody.GetAsync(link);
        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.Contains("Mary Lopez", page.Html, StringComparison.Ordinal);
        Assert.Contains("it stands for both", page.Html, StringComparison.Ordinal);

        // It presses for that lead and for no other.
        var task = (await app.LeadAsync(survivor)).Task!.Id.ToString();
        var elsewhere = (await app.LeadAsync(bystander)).Task!.Id.ToString();
        Assert.Contains("nothing was done", (await nobody.PressAsync($"{link}/claim", ("task", elsewhere))).Decoded, StringComparison.Ordinal);
        Assert.Null((await app.LeadAsync(bystander)).Task!.ClaimedBy);
        Assert.Contains("It is yours", (await nobody.PressAsync($"{link}/claim", ("task", task))).Decoded, StringComparison.Ordinal);
        Assert.Equal("dana", (await app.LeadAsync(survivor)).Task!.ClaimedBy);
        await nobody.PressAsync($"{link}/note", ("text", "Rang twice"));
        Assert.Equal("Rang twice", Assert.Single(await app.FactsAsync<NoteAdded>(survivor)).Text);

        // Undone, it opens its own again; over, it opens neither.
        await app.PostAsync($"/api/leads/{survivor}/unmergers", new { other = lead, reason = "sisters" });
        Assert.Contains("Maria Lopez", (await nobody.GetAsync(link)).Html, StringComparison.Ordinal);
        await app.PostAsync($"/api/leads/{survivor}/mergers", new { other = lead, reason = "the same after all" });
        app.Clock.Set(app.Clock.Now + LeadLinks.LivesFor);
        Assert.Equal(HttpStatusCode.Gone, (await nobody.GetAsync(link)).Status);
    }

    [Fact]
    [Trait("Requirement", "SCR-23")]
    public async Task An_address_that_guesses_links_must_wait_and_a_right_one_from_there_opens_all_the_same()
    {
        await using var app = await TestApp.StartAsync(postgres);
        var (_, link) = await AlertedAsync(app);
        using var nobody = StaffBrowser.Open(app);
        var tries = 1;
        while ((await nobody.GetAsync($"/m/{new string('A', 40)}")).Status == HttpStatusCode.NotFound && tries < 200)
        {
            tries++;
        }

        Assert.Equal(100, tries);
        var refused = await nobody.GetAsync($"/m/{new string('A', 40)}");
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.Status);
        Assert.NotNull(refused.Response.Headers.RetryAfter);
        Assert.Equal(HttpStatusCode.OK, (await nobody.GetAsync(link)).Status);
    }

    private static async Task<(Guid Lead, string Link)> AlertedAsync(TestApp app)
    {
        var lead = (await app.Forms.WebsiteAsync("Maria Lopez", Customer, "maria@example.com", "Roof")).Lead;
        await app.AdvanceAsync(Duration.FromSeconds(30));
        return (lead, Link().Match(Assert.Single(app.Texts.To(Dana)).Body).Value);
    }

    [GeneratedRegex("/m/[A-Za-z0-9_-]+", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Link();
}
