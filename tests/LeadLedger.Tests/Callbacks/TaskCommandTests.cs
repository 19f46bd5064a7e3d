using System.Net;
using LeadLedger.Leads;
using LeadLedger.Tests.Support;
using NodaTime;

namespace LeadLedger.Tests.Callbacks;

public sealed class TaskCommandTests(TestPostgres postgres)
{
    [Fact]
    [Trait("Requirement", "TSK-11")]
    public async Task Of_twenty_who_claim_at_once_one_has_the_task_and_the_others_learn_who()
    {
        await using var app = await TestApp.StartAsync(postgres);
        var task = await OpenAsync(app);
        string[] people = ["dana", "luis", "priya"];
        var replies = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => app.PutAsync($"/api/tasks/{task}/claim", new { by = people[i % 3] })));
        var winner = (await app.LeadAsync()).Task!.ClaimedBy!;
        Assert.Single(await app.FactsAsync<TaskClaimed>((await app.LeadAsync()).Id));
        for (var i = 0; i < replies.Length; i++)
        {
            Assert.Equal(people[i % 3] == winner ? HttpStatusCode.OK : HttpStatusCode.Conflict, replies[i].Status);
            Assert.Contains(winner, replies[i].Body, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Of_twenty_different_people_exactly_one_wins()
    {
        await using var app = await TestApp.StartAsync(postgres, TestBusiness.Northside(file =>
        {
            for (var i = 0; i < 20; i++)
            {
                file["staff"]!.AsArray().Add(new System.Text.Json.Nodes.JsonObject { ["id"] = $"rep{i}", ["name"] = $"Rep {i}", ["email"] = $"rep{i}@northside.example", ["alertBySms"] = false, ["alertByEmail"] = true });
            }
        }));
        var task = await OpenAsync(app);
        var replies = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => app.PutAsync($"/api/tasks/{task}/claim", new { by = $"rep{i}" })));
        Assert.Single(replies, reply => reply.Status == HttpStatusCode.OK);
        Assert.Equal(19, replies.Count(reply => reply.Status == HttpStatusCode.Conflict));
    }

    [Fact]
    public async Task A_key_named_after_a_member_of_the_staff_claims_for_that_member_and_any_other_names_one()
    {
        await using var app = await TestApp.StartAsync(postgres);
        var task = await OpenAsync(app);
        var unknown = await app.PutAsync($"/api/tasks/{task}/claim", new { by = "nobody" });
        Assert.Equal(HttpStatusCode.BadRequest, unknown.Status);
        Assert.Contains("luis", unknown.Body, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, (await app.PutAsync($"/api/tasks/{task}/claim", null)).Status);
        var key = await app.KeyAsync("staff", name: "luis");
        Assert.Equal(HttpStatusCode.OK, (await app.PutAsync($"/api/tasks/{task}/claim", null, key)).Status);
        Assert.Equal("luis", (await app.LeadAsync()).Owner);
        Assert.Equal("staff:luis", (await app.HistoryAsync((await app.LeadAsync()).Id))[^1].Actor);
    }

    [Fact]
    [Trait("Requirement", "TSK-10")]
    public async Task Completing_needs_an_outcome_sets_the_status_once_and_closes_for_good()
    {
        await using var app = await TestApp.StartAsync(postgres);
        var task = await OpenAsync(app);
        var without = await app.PutAsync($"/api/tasks/{task}/completion", new { note = "talked" });
        Assert.Equal(HttpStatusCode.BadRequest, without.Status);
        Assert.All(TaskOutcomes.All, outcome => Assert.Contains(outcome, without.Body, StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.OK, (await app.PutAsync($"/api/tasks/{task}/completion", new { outcome = "estimate_scheduled", note = "Tuesday" })).Status);
        var lead = await app.LeadAsync();
        Assert.Equal("estimate_scheduled", lead.Status);
        Assert.Equal(HttpStatusCode.Conflict, (await app.PutAsync($"/api/tasks/{task}/completion", new { outcome = "spoke" })).Status);
        Assert.Equal(HttpStatusCode.Conflict, (await app.PutAsync($"/api/tasks/{task}/claim", new { by = "luis" })).Status);
        Assert.Equal(HttpStatusCode.Conflict, (await app.PutAsync($"/api/tasks/{task}/assignment", new { owner = "luis" })).Status);
        Assert.Equal(HttpStatusCode.Conflict, (await app.PutAsync($"/api/tasks/{task}/cancellation", new { reason = "x" })).Status);
        Assert.Equal(lead.Version, (await app.LeadAsync()).Version);
    }

    [Fact]
    [Trait("Requirement", "TSK-09")]
    public async Task A_cancelled_task_climbs_no_further()
    {
        await using var app = await TestApp.StartAsync(postgres);
        var task = await OpenAsync(app);
        Assert.Equal(HttpStatusCode.BadRequest, (await app.PutAsync($"/api/tasks/{task}/cancellation", new { reason = " " })).Status);
        Assert.Equal(HttpStatusCode.OK, (await app.PutAsync($"/api/tasks/{task}/cancellation", new { reason = "a wrong number" })).Status);
        var lead = await app.LeadAsync();
        await app.AdvanceAsync(Duration.FromDays(2));
        Assert.Empty(await app.FactsAsync<TaskEscalated>(lead.Id));
        Assert.Empty((await app.GetAsync("/api/tasks")).Items());
    }

    [Fact]
    public async Task A_task_is_given_to_somebody_else_who_then_owns_the_lead_alone()
    {
        await using var app = await TestApp.StartAsync(postgres);
        var task = await OpenAsync(app);
        await app.PutAsync($"/api/tasks/{task}/claim", new { by = "dana" });
        Assert.Equal(HttpStatusCode.OK, (await app.PutAsync($"/api/tasks/{task}/assignment", new { owner = "priya", reason = "knows the street" })).Status);
        var lead = await app.LeadAsync();
        Assert.Equal("priya", lead.Owner);
        Assert.Equal("priya", lead.Task!.Owner);
        Assert.Null(lead.Task.ClaimedBy);
        Assert.Null(lead.Queue);
    }

    [Fact]
    public async Task A_command_on_a_version_that_is_no_longer_so_is_refused()
    {
        await using var app = await TestApp.StartAsync(postgres);
        await OpenAsync(app);
        var lead = await app.LeadAsync();
        var path = $"/api/leads/{lead.Id}/notes";
        Assert.Equal(HttpStatusCode.OK, (await app.SendAsync(HttpMethod.Post, path, "{\"text\":\"one\"}", TestApp.AdminKey, ifMatch: $"\"{lead.Version}\"")).Status);
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await app.SendAsync(HttpMethod.Post, path, "{\"text\":\"two\"}", TestApp.AdminKey, ifMatch: $"\"{lead.Version}\"")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await app.SendAsync(HttpMethod.Post, path, "{\"text\":\"two\"}", TestApp.AdminKey, ifMatch: "abc")).Status);
        Assert.Equal("one", Assert.Single(await app.FactsAsync<NoteAdded>(lead.Id)).Text);
    }

    private static async Task<Guid> OpenAsync(TestApp app)
    {
        await app.Twilio.MissedCallAsync(new TestCall("+12145557001"));
        return (await app.LeadAsync()).Task!.Id;
    }
}
