using System.Net;
using LeadLedger.Tests.Support;

namespace LeadLedger.Tests.Hosting;

public sealed class BadInputTests(TestPostgres postgres)
{
    private static readonly string[] HostileValues =
    [
        "'", "';drop table mt_events;--", "%00", "%F0%9F", "\uFFFD", "-1", "0", "201", "99999999999999999999", "true;", "[]", "{}", "$1", "%25%5F",
        "2026-13-45T99:99:99Z", "99999-01-01T00:00:00Z", "null", "AAAA", "Zm9v", "%0d%0aX-Evil:1", "..%2f..", "\\", "a%20b", "\u202e", "{{7*7}}",
    ];

    private static readonly string[] Parameters =
    [
        "business", "q", "status", "kind", "owner", "queue", "source", "line", "hasOpenTask", "optedOut", "suspectedHangup", "urgent", "test", "from", "to",
        "limit", "cursor", "asOf", "after", "state", "overdue", "unclaimed", "purpose", "outcome", "leadId", "value",
    ];

    private static readonly string[] Bodies =
    [
        "", "{", "[]", "null", "1", "\"x\"", "{\"outcome\":1}", "{\"by\":[]}", "{\"owner\":{}}", "{\"optOut\":\"yes\"}", "{\"other\":7}", "{\"text\":{\"a\":1}}",
        "{\"text\":\"\\u0000\"}", "{\"text\":\"\\ud800\"}", "{\"reason\":\"\\ud800\"}", "{\"value\":\"\\u0000\"}", "{\"source\":\"\\u0000\",\"key\":\"\\ud800\"}",
        "{\"by\":\"a\",\"by\":\"b\"}", "{\"name\":\"\\u0000\",\"role\":\"staff\"}", "{\"confirmed\":1e999}", "{\"purpose\":\"x\",\"state\":\"y\",\"evidence\":\"\"}",
    ];

    [Fact]
    public async Task No_query_parameter_and_no_path_makes_a_server_error()
    {
        await using var app = await TestApp.StartAsync(postgres);
        await app.Twilio.MissedCallAsync(new TestCall("+12145557001"));
        var lead = await app.LeadAsync();
        string[] paths =
        [
            "/api/leads", $"/api/leads/{lead.Id}", $"/api/leads/{lead.Id}/history", $"/api/leads/{lead.Id}/decisions", "/api/tasks",
            "/api/outbox", "/api/dead-letters", "/api/quarantine", "/api/contact-points", "/api/business",
        ];
        foreach (var path in paths)
        {
            foreach (var parameter in Parameters)
            {
                foreach (var value in HostileValues)
                {
                    await NeverFailsAsync(app, HttpMethod.Get, $"{path}?{parameter}={value}", null);
                }
            }
        }

        foreach (var value in HostileValues.Append(Guid.Empty.ToString()).Append(new string('9', 2000)))
        {
            foreach (var path in new[] { "/api/leads/", "/api/tasks/", "/api/calls/", "/api/keys/" })
            {
                await NeverFailsAsync(app, path.Contains("keys", StringComparison.Ordinal) ? HttpMethod.Delete : HttpMethod.Get, path + value, null);
            }
        }
    }

    [Fact]
    public async Task No_body_makes_a_server_error()
    {
        await using var app = await TestApp.StartAsync(postgres);
        await app.Twilio.MissedCallAsync(new TestCall("+12145557001"));
        var lead = await app.LeadAsync();
        (string Method, string Path)[] routes =
        [
            ("PUT", $"/api/tasks/{lead.Task!.Id}/claim"), ("PUT", $"/api/tasks/{lead.Task.Id}/assignment"), ("PUT", $"/api/tasks/{lead.Task.Id}/completion"),
            ("PUT", $"/api/tasks/{lead.Task.Id}/cancellation"), ("POST", $"/api/leads/{lead.Id}/notes"), ("POST", $"/api/leads/{lead.Id}/consents"),
            ("POST", $"/api/leads/{lead.Id}/mergers"), ("POST", $"/api/leads/{lead.Id}/unmergers"),
            ("PUT", $"/api/leads/{lead.Id}/held-phrase"), ("PUT", "/api/contact-points/suppression"),
            ("PUT", "/api/contact-points/suppression/lift"), ("POST", "/api/quarantine/replay"), ("POST", "/api/keys"),
        ];
        string[] bodies = [.. Bodies, new string('[', 100_000), "{\"text\":\"" + new string('a', 70_000) + "\"}", "{\"text\":\"" + new string('a', 300_000) + "\"}"];
        foreach (var (method, path) in routes)
        {
            foreach (var body in bodies)
            {
                await NeverFailsAsync(app, new HttpMethod(method), path, body);
            }

            Assert.Equal(HttpStatusCode.UnsupportedMediaType,
                (await app.SendAsync(new HttpMethod(method), path, "a=b", TestApp.AdminKey, "application/x-www-form-urlencoded")).Status);
        }
    }

    [Theory]
    [InlineData("/api/leads?limit=0", "limit")]
    [InlineData("/api/leads?hasOpenTask=maybe", "hasOpenTask")]
    [InlineData("/api/leads?from=yesterday", "from")]
    [InlineData("/api/leads?cursor=%21", "cursor")]
    [InlineData("/api/leads?q=a", "q")]
    [InlineData("/api/leads?status=open", "status")]
    [InlineData("/api/tasks?state=half", "state")]
    [InlineData("/api/leads/nonsense", "id")]
    [InlineData("/api/contact-points?value=12", "value")]
    public async Task A_wrong_parameter_is_named_with_what_to_write_instead(string path, string field)
    {
        await using var app = await TestApp.StartAsync(postgres);
        var reply = await app.GetAsync(path);
        Assert.Equal(HttpStatusCode.BadRequest, reply.Status);
        Assert.Equal("application/problem+json", reply.ContentType);
        Assert.NotEmpty(reply.Json.GetProperty("errors").GetProperty(field)[0].GetString()!);
    }

    [Fact]
    public async Task A_member_of_the_wrong_type_is_named_and_an_unknown_one_ignored()
    {
        await using var app = await TestApp.StartAsync(postgres);
        await app.Twilio.MissedCallAsync(new TestCall("+12145557001"));
        var lead = await app.LeadAsync();
        var wrong = await app.SendAsync(HttpMethod.Post, $"/api/leads/{lead.Id}/notes", "{\"text\":[1]}", TestApp.AdminKey);
        Assert.Equal(HttpStatusCode.BadRequest, wrong.Status);
        Assert.True(wrong.Json.GetProperty("errors").TryGetProperty("text", out _));
        var note = await app.SendAsync(HttpMethod.Post, $"/api/leads/{lead.Id}/notes", "{\"text\":\"called\",\"role\":\"admin\",\"tenantId\":\"x\"}", TestApp.AdminKey);
        Assert.Equal(HttpStatusCode.OK, note.Status);
    }

    private static async Task NeverFailsAsync(TestApp app, HttpMethod method, string path, string? body)
    {
        var reply = await app.SendAsync(method, path, body, TestApp.AdminKey);
        Assert.True((int)reply.Status < 500, $"{method} {path} {body?[..Math.Min(80, body.Length)]}: {(int)reply.Status} {reply.Body}");
    }
}
