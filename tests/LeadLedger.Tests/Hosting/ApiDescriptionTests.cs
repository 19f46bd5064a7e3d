using System.Net;
using LeadLedger.Tests.Support;

namespace LeadLedger.Tests.Hosting;

public sealed class ApiDescriptionTests(TestPostgres postgres)
{
    [Fact]
    public async Task The_document_names_every_operation_with_a_summary_and_every_body()
    {
        await using var app = await TestApp.StartAsync(postgres);
        var document = (await app.GetAsync("/openapi/v1.json", null)).Json;
        var paths = document.GetProperty("paths");
        foreach (var path in new[] { "/api/leads", "/api/leads/{id}", "/api/leads/{id}/history", "/api/leads/{id}/decisions", "/api/leads/{id}/mergers",
            "/api/leads/{id}/unmergers", "/api/leads/{id}/unmergers/{other}",
            "/api/tasks", "/api/tasks/{id}/claim", "/api/tasks/{id}/completion", "/api/outbox", "/api/dead-letters", "/api/quarantine", "/api/keys", "/health/ready" })
        {
            Assert.True(paths.TryGetProperty(path, out _), $"{path} is not described");
        }

        foreach (var operation in paths.EnumerateObject().SelectMany(path => path.Value.EnumerateObject()
            .Select(method => (Name: $"{method.Name} {path.Name}", method.Value))))
        {
            Assert.True(operation.Value.TryGetProperty("summary", out _), $"{operation.Name} has no summary");
            if (operation.Name.Contains("/api/", StringComparison.Ordinal) && !operation.Name.Contains("/webhooks", StringComparison.Ordinal))
            {
                Assert.True(operation.Value.TryGetProperty("security", out _), $"{operation.Name} names no key");
            }
        }

        var list = paths.GetProperty("/api/leads").GetProperty("get").GetProperty("parameters").EnumerateArray().Select(p => p.Text("name")).ToArray();
        Assert.Contains("q", list);
        Assert.Contains("cursor", list);
        Assert.Equal("http", document.GetProperty("components").GetProperty("securitySchemes").GetProperty("bearer").Text("type"));
        Assert.True(paths.GetProperty("/api/tasks/{id}/completion").GetProperty("put").TryGetProperty("requestBody", out _));
    }

    [Fact]
    public async Task The_page_loads_nothing_from_elsewhere_and_has_no_inline_script_or_style()
    {
        await using var app = await TestApp.StartAsync(postgres);
        var page = (await app.GetAsync("/docs", null)).Body;
        Assert.DoesNotContain("http://", page, StringComparison.Ordinal);
        Assert.DoesNotContain("https://", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<style", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script>", page, StringComparison.Ordinal);
        Assert.DoesNotContain(" style=", page, StringComparison.Ordinal);
        Assert.DoesNotContain(" on", page.Replace(" one", "", StringComparison.Ordinal).Replace(" only", "", StringComparison.Ordinal), StringComparison.Ordinal);
        var script = (await app.GetAsync("/docs/docs.js", null)).Body;
        Assert.DoesNotContain("innerHTML", script, StringComparison.Ordinal);
        Assert.DoesNotContain("localStorage", script, StringComparison.Ordinal);
        Assert.DoesNotContain("sessionStorage", script, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await app.GetAsync("/docs/docs.css", null)).Status);
    }

    [Theory]
    [InlineData("/docs")]
    [InlineData("/openapi/v1.json")]
    [InlineData("/health/live")]
    [InlineData("/health/ready")]
    [InlineData("/api/leads")]
    [InlineData("/nothing/here")]
    [InlineData("/api/webhooks/twilio/voice")]
    public async Task Every_answer_carries_the_security_headers(string path)
    {
        await using var app = await TestApp.StartAsync(postgres);
        using var response = await app.Http.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal("nosniff", Assert.Single(response.Headers.GetValues("X-Content-Type-Options")));
        Assert.Equal("no-referrer", Assert.Single(response.Headers.GetValues("Referrer-Policy")));
        var policy = Assert.Single(response.Headers.GetValues("Content-Security-Policy"));
        Assert.StartsWith("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.False(response.Headers.Contains("Server"));
        if (path.StartsWith("/api", StringComparison.Ordinal))
        {
            Assert.True(response.Headers.CacheControl!.NoStore);
        }
    }

    [Fact]
    public async Task A_ready_service_says_so()
    {
        await using var app = await TestApp.StartAsync(postgres);
        var ready = await app.GetAsync("/health/ready", null);
        Assert.Equal(HttpStatusCode.OK, ready.Status);
        Assert.Equal("ready", ready.Json.Text("status"));
        Assert.Equal(HttpStatusCode.OK, (await app.GetAsync("/health/live", null)).Status);
    }
}
