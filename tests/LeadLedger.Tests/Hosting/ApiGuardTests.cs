using System.Net;
using LeadLedger.Hosting;
using LeadLedger.Tests.Support;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using PagePolicy = LeadLedger.Staff.Frame.PagePolicy;

namespace LeadLedger.Tests.Hosting;

public sealed class ApiGuardTests(TestPostgres postgres)
{
    private const string Somebody = "+12145557001";

    [Fact]
    public async Task Every_route_outside_the_webhooks_states_a_policy_and_only_health_and_description_are_open()
    {
        await using var app = await TestApp.StartAsync(postgres);
        var routes = Routes(app);
        Assert.True(routes.Count > 25, $"only {routes.Count} routes were found");
        foreach (var route in routes)
        {
            var path = "/" + route.RoutePattern.RawText!.TrimStart('/');
            var policy = route.Metadata.GetMetadata<ApiPolicy>();
            if (path.StartsWith("/api/webhooks", StringComparison.Ordinal))
            {
                Assert.Null(policy);
                continue;
            }

            // Pages have their own guard and their own test of it.
            if (route.Metadata.GetMetadata<PagePolicy>() is not null)
            {
                Assert.False(path.StartsWith("/api", StringComparison.Ordinal), path);
                continue;
            }

            Assert.True(policy is not null, $"{path} states no policy");
            Assert.True(
                policy.Access != ApiAccess.Open || !path.StartsWith("/api", StringComparison.Ordinal), $"{path} is open to everybody");
            if (Methods(route).Any(method => method is not "GET"))
            {
                Assert.True(policy.Access is ApiAccess.Write or ApiAccess.Admin, $"{path} changes things and asks only for {policy.Access}");
            }
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("nobody has this key")]
    [InlineData("ll_")]
    public async Task Without_a_known_key_every_route_answers_401_with_a_challenge(string? key)
    {
        await using var app = await TestApp.StartAsync(postgres);
        foreach (var (method, path) in Guarded(app, ApiAccess.Read, ApiAccess.Write, ApiAccess.Admin))
        {
            var reply = await app.SendAsync(new HttpMethod(method), path, method == "GET" ? null : "{}", key);
            Assert.True(reply.Status == HttpStatusCode.Unauthorized, $"{method} {path}: {(int)reply.Status}");
            Assert.Equal("application/problem+json", reply.ContentType);
        }

        using var response = await app.Http.GetAsync(new Uri("/api/leads", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal("Bearer", Assert.Single(response.Headers.WwwAuthenticate).Scheme);
        Assert.Equal(HttpStatusCode.Unauthorized, (await app.GetAsync("/api/there-is-nothing-here", key)).Status);
    }

    [Fact]
    public async Task An_auditor_reads_everything_and_changes_nothing()
    {
        await using var app = await TestApp.StartAsync(postgres);
        await app.Twilio.MissedCallAsync(new TestCall(Somebody));
        var auditor = await app.KeyAsync("auditor");
        var lead = await app.LeadAsync();
        var events = await app.CountAsync("mt_events");
        foreach (var (method, path) in Guarded(app, ApiAccess.Write, ApiAccess.Admin))
        {
            var reply = await app.SendAsync(
                new HttpMethod(method), path.Replace("{id}", path.Contains("tasks", StringComparison.Ordinal) ? $"{lead.Task!.Id}" : $"{lead.Id}", StringComparison.Ordinal),
                """{"by":"dana","owner":"dana","outcome":"spoke","reason":"r","text":"t","value":"+12145557001","optOut":true}""", auditor);
            Assert.True(reply.Status == HttpStatusCode.Forbidden, $"{method} {path}: {(int)reply.Status}");
        }

        Assert.Equal(events, await app.CountAsync("mt_events"));
        foreach (var path in new[] { "/api/leads", $"/api/leads/{lead.Id}", $"/api/leads/{lead.Id}/decisions",
            "/api/tasks", $"/api/tasks/{lead.Task!.Id}", "/api/outbox", "/api/dead-letters", "/api/quarantine", "/api/business", "/api/contact-points?value=%2B12145557001" })
        {
            Assert.Equal(HttpStatusCode.OK, (await app.GetAsync(path, auditor)).Status);
        }
    }

    [Fact]
    public async Task A_key_of_one_business_sees_and_changes_nothing_of_another()
    {
        await using var app = await TestApp.StartAsync(postgres, TestBusiness.Northside(), TestBusiness.Lakeside());
        app.Log.Expect("was kept as quarantined");
        var call = new TestCall(Somebody);
        await app.Twilio.MissedCallAsync(call);
        await app.Twilio.SmsAsync(Somebody, "hello", "+12149990000");
        var lead = await app.LeadAsync();
        var kept = Assert.Single((await app.GetAsync("/api/quarantine")).Items()).Text("business");
        var (mine, foreign) = ("northside", await app.KeyAsync("admin", "lakeside"));
        var events = await app.CountAsync("mt_events");

        foreach (var (method, path) in Guarded(app, ApiAccess.Read, ApiAccess.Write).Where(route => route.Path.Contains('{', StringComparison.Ordinal)))
        {
            var concrete = path.Replace("{callSid}", call.Sid, StringComparison.Ordinal).Replace("{other}", $"{lead.Id}", StringComparison.Ordinal)
                .Replace("{id}", path.Contains("tasks", StringComparison.Ordinal) ? $"{lead.Task!.Id}" : $"{lead.Id}", StringComparison.Ordinal);
            var reply = await app.SendAsync(new HttpMethod(method), concrete, method == "GET" ? null :
                $$"""{"by":"dana","owner":"luis","outcome":"spoke","reason":"r","text":"t","value":"{{Somebody}}","optOut":true,"purpose":"marketing","state":"granted","evidence":"e","other":"{{lead.Id}}"}""", foreign);
            Assert.True(reply.Status == HttpStatusCode.NotFound, $"{method} {concrete}: {(int)reply.Status} {reply.Body}");
            Assert.DoesNotContain(Somebody, reply.Body, StringComparison.Ordinal);
        }

        foreach (var path in new[] { "/api/leads", "/api/leads?q=2145557001", "/api/tasks", "/api/outbox", "/api/dead-letters", "/api/contact-points?value=%2B12145557001" })
        {
            Assert.Empty((await app.GetAsync(path, foreign)).Items());
            Assert.Equal(HttpStatusCode.NotFound, (await app.GetAsync($"{path}{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}business={mine}", foreign)).Status);
        }

        Assert.Equal("lakeside", Assert.Single((await app.GetAsync("/api/business", foreign)).Items()).Text("id"));
        Assert.All((await app.GetAsync("/api/keys", foreign)).Items(), key => Assert.Equal("lakeside", key.Text("business")));
        Assert.Equal(kept == "lakeside" ? 1 : 0, (await app.GetAsync("/api/quarantine", foreign)).Items().Count);
        Assert.Equal(kept == "northside" ? 1 : 0, (await app.GetAsync("/api/quarantine", await app.KeyAsync("auditor"))).Items().Count);
        Assert.Equal(events, await app.CountAsync("mt_events"));
        Assert.Equal(2, (await app.GetAsync("/api/business")).Items().Count);
        Assert.Single((await app.GetAsync("/api/leads?business=northside")).Items());
        Assert.Empty((await app.GetAsync("/api/leads?business=lakeside")).Items());
    }

    [Fact]
    public async Task A_key_is_answered_once_works_until_it_is_revoked_and_cannot_reach_beyond_its_maker()
    {
        await using var app = await TestApp.StartAsync(postgres, TestBusiness.Northside(), TestBusiness.Lakeside());
        var made = await app.PostAsync("/api/keys", new { name = "luis", role = "staff", business = "northside" });
        Assert.Equal(HttpStatusCode.Created, made.Status);
        var key = made.Json.Text("key")!;
        Assert.Equal(HttpStatusCode.OK, (await app.GetAsync("/api/leads", key)).Status);
        Assert.DoesNotContain(key, (await app.GetAsync("/api/keys")).Body, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, (await app.GetAsync("/api/keys", key)).Status);

        Assert.Equal(HttpStatusCode.BadRequest, (await app.PostAsync("/api/keys", new { name = "x", role = "staff" })).Status);
        var bound = await app.KeyAsync("admin", "lakeside");
        Assert.Equal(HttpStatusCode.BadRequest, (await app.PostAsync("/api/keys", new { name = "x", role = "staff", business = "northside" }, bound)).Status);
        Assert.Equal("lakeside", (await app.PostAsync("/api/keys", new { name = "x", role = "admin" }, bound)).Json.Text("business"));
        var id = made.Json.Text("id")!;
        Assert.Equal(HttpStatusCode.NotFound, (await app.SendAsync(HttpMethod.Delete, $"/api/keys/{id}", null, bound)).Status);

        Assert.Equal(HttpStatusCode.NoContent, (await app.SendAsync(HttpMethod.Delete, $"/api/keys/{id}", null, TestApp.AdminKey)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await app.GetAsync("/api/leads", key)).Status);
    }

    private static List<RouteEndpoint> Routes(TestApp app) =>
        [.. app.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()];

    private static IReadOnlyList<string> Methods(RouteEndpoint route) => route.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["GET"];

    private static IEnumerable<(string Method, string Path)> Guarded(TestApp app, params ApiAccess[] access) =>
        Routes(app).Where(route => route.Metadata.GetMetadata<ApiPolicy>() is { } policy && access.Contains(policy.Access))
            .SelectMany(route => Methods(route).Select(method => (method, route.RoutePattern.RawText!)));
}
