using System.Net;
using System.Net.Http.Headers;
using LeadLedger.Hosting;
using LeadLedger.Tests.Support;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace LeadLedger.Tests.Hosting;

/// <summary>What a key of an auditor is answered, over every route of the API that reads.</summary>
public sealed class AuditorAnswersTests(TestPostgres postgres)
{
    [Fact]
    [Trait("Requirement", "SCR-21")]
    public async Task Every_route_answers_an_auditor_without_anything_personal_and_proofs_not_at_all()
    {
        await using var app = await TestApp.StartAsync(postgres);
        var story = await PersonalStory.TellAsync(app);
        var auditor = await app.KeyAsync("auditor");
        var paths = Paths(app, story).ToArray();
        Assert.True(paths.Length > 20, $"only {paths.Length} were found");
        var shown = 0;
        foreach (var (path, view) in paths)
        {
            var reply = await app.GetAsync(path, auditor);
            Assert.True(view == AuditorView.Withheld ? reply.Status == HttpStatusCode.Forbidden : (int)reply.Status is 200 or 404 or 409 or 410, $"{path} answers {(int)reply.Status}: {reply.Body}");
            Assert.True(PersonalStory.FoundIn(reply.Body) is [], $"{path} tells an auditor {string.Join(", ", PersonalStory.FoundIn(reply.Body))}");
            var whole = await app.GetAsync(path);
            shown += PersonalStory.FoundIn(whole.Body).Count > 0 ? 1 : 0;
            Assert.True(view != AuditorView.NothingPersonal || PersonalStory.FoundIn(whole.Body) is [], $"{path} says that it holds nothing personal");
        }

        Assert.True(shown > 10, $"only {shown} routes hold anything personal at all");
        var refused = await app.GetAsync($"/api/leads/{story.Lead}/history", auditor);
        Assert.Contains(AuditorAnswers.ReasonHeader, refused.Json.Text("detail"), StringComparison.Ordinal);
        var masked = (await app.GetAsync($"/api/leads/{story.Lead}", auditor)).Json;
        Assert.Equal(("\u2022\u2022\u2022", "\u2022\u2022\u2022 \u2022\u202242", "northside"), (masked.Text("name"), masked.Text("phone"), masked.Text("business")));
    }

    [Fact]
    [Trait("Requirement", "SCR-21")]
    public async Task A_reason_opens_the_whole_answer_and_is_kept_with_who_looked_and_when()
    {
        await using var app = await TestApp.StartAsync(postgres);
        var story = await PersonalStory.TellAsync(app);
        var auditor = await app.KeyAsync("auditor");
        Assert.Equal(HttpStatusCode.BadRequest, (await WithReasonAsync(app, $"/api/leads/{story.Lead}", auditor, "no")).Status);
        Assert.Equal(PersonalStory.Name, (await WithReasonAsync(app, $"/api/leads/{story.Lead}", auditor, "complaint 17")).Json.Text("name"));
        var history = await WithReasonAsync(app, $"/api/leads/{story.Lead}/history", auditor, "complaint 17");
        Assert.True(history.Json.GetProperty("verified").GetBoolean());
        Assert.Contains("salt", history.Body, StringComparison.Ordinal);
        Assert.NotEmpty(PersonalStory.FoundIn((await WithReasonAsync(app, "/api/leads?q=2145558642", auditor, "complaint 17")).Body));

        await using var views = app.Database.CreateCommand("select count(*) from lead_view where actor = 'auditor:auditor' and what = 'unmasked' and reason = 'complaint 17' and lead_id = $1");
        views.Parameters.AddWithValue(story.Lead);
        Assert.Equal(2L, await views.ExecuteScalarAsync(TestContext.Current.CancellationToken));
        await using var log = app.Database.CreateCommand("select string_agg(detail, '; ' order by id) from staff_security_event where kind = 'unmasked'");
        Assert.EndsWith("GET /api/leads: complaint 17", (string?)await log.ExecuteScalarAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);

        // The next request is masked again, and for other roles nothing changes.
        Assert.NotEqual(PersonalStory.Name, (await app.GetAsync($"/api/leads/{story.Lead}", auditor)).Json.Text("name"));
        Assert.Equal(PersonalStory.Name, (await app.GetAsync($"/api/leads/{story.Lead}", await app.KeyAsync("staff"))).Json.Text("name"));
    }

    private static IEnumerable<(string Path, AuditorView View)> Paths(TestApp app, PersonalStory story) =>
        app.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(route => route.Metadata.GetMetadata<ApiPolicy>() is { Access: ApiAccess.Read } && route.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods.Contains("GET"))
            .SelectMany(route => story.Concrete("/" + route.RoutePattern.RawText!.TrimStart('/'))
                .Select(path => path == "/api/contact-points" ? $"{path}?value={Uri.EscapeDataString(PersonalStory.Number)}" : path)
                .Select(path => (path, route.ViewOfAuditors())));

    private static async Task<WebReply> WithReasonAsync(TestApp app, string path, string key, string reason)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        request.Headers.Add(AuditorAnswers.ReasonHeader, reason);
        return await WebReply.ReadAsync(await app.Http.SendAsync(request, TestContext.Current.CancellationToken));
    }
}
