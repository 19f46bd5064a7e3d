using System.Net;
using LeadLedger.Hosting;
using LeadLedger.Staff.Accounts;
using LeadLedger.Staff.Frame;
using LeadLedger.Tests.Support;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace LeadLedger.Tests.Staff;

/// <summary>What every page is guarded by, over all routes there are.</summary>
public sealed class StaffGuardTests(TestPostgres postgres)
{
    [Fact]
    public async Task Every_route_states_its_policy_and_every_page_that_is_not_open_needs_a_session()
    {
        await using var app = await TestApp.StartAsync(postgres);
        using var nobody = StaffBrowser.Open(app);
        var routes = app.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().ToArray();
        Assert.All(routes, route => Assert.True(
            route.Metadata.GetMetadata<PagePolicy>() is not null || route.Metadata.GetMetadata<ApiPolicy>() is not null
            || route.RoutePattern.RawText!.StartsWith("/api/webhooks", StringComparison.Ordinal),
            $"{route.RoutePattern.RawText} states no policy"));
        var pages = routes.Where(route => route.Metadata.GetMetadata<PagePolicy>() is { Access: not PageAccess.Open }).ToArray();
        Assert.NotEmpty(pages);
        foreach (var route in pages)
        {
            var path = Path(route);
            var answer = IsGet(route) ? await nobody.GetAsync(path) : await nobody.PostAsync(path);
            Assert.True(answer.Status == HttpStatusCode.Found && answer.Location!.StartsWith("/sign-in", StringComparison.Ordinal), $"{path} answers nobody {answer.Status}");
        }
    }

    [Fact]
    public async Task No_form_of_another_site_and_none_without_its_token_does_anything()
    {
        await using var app = await TestApp.StartAsync(postgres);
        using var owner = await StaffBrowser.SignInAsync(app, "owner", StaffUser.Owner);
        var posts = app.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(route => route.Metadata.GetMetadata<PagePolicy>() is { Access: not PageAccess.Open } && !IsGet(route)).Select(Path).ToArray();
        Assert.NotEmpty(posts);
        foreach (var path in posts)
        {
            owner.FetchSite = "cross-site";
            Assert.Equal(HttpStatusCode.Forbidden, (await owner.PostAsync(path)).Status);
            owner.FetchSite = "same-site";
            Assert.Equal(HttpStatusCode.Forbidden, (await owner.PostAsync(path)).Status);
            owner.FetchSite = null;
            owner.Headers["Origin"] = "https://evil.example";
            Assert.Equal(HttpStatusCode.Forbidden, (await owner.PostAsync(path)).Status);
            owner.Headers.Remove("Origin");
            owner.FetchSite = "same-origin";
            var token = owner.FormToken;
            owner.FormToken = "";
            Assert.Equal(HttpStatusCode.Forbidden, (await owner.PostAsync(path)).Status);
            owner.FormToken = token[..^1] + (token[^1] == 'A' ? 'B' : 'A');
            Assert.Equal(HttpStatusCode.Forbidden, (await owner.PostAsync(path)).Status);
            owner.FormToken = token;
        }
    }

    [Fact]
    public async Task An_auditor_is_refused_at_everything_that_changes_something()
    {
        await using var app = await TestApp.StartAsync(postgres);
        using var auditor = await StaffBrowser.SignInAsync(app, "auditor", StaffUser.Auditor);
        var changing = app.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(route => route.Metadata.GetMetadata<PagePolicy>() is { Access: PageAccess.Write or PageAccess.Owner }).ToArray();
        Assert.NotEmpty(changing);
        foreach (var route in changing)
        {
            var answer = IsGet(route) ? await auditor.GetAsync(Path(route)) : await auditor.PostAsync(Path(route));
            Assert.True(answer.Status == HttpStatusCode.Forbidden, $"{Path(route)} answers an auditor {answer.Status}");
        }
    }

    [Fact]
    public async Task Pages_are_never_stored_and_their_cookie_is_kept_from_scripts_and_other_sites()
    {
        await using var app = await TestApp.StartAsync(postgres);
        var users = app.Services.GetRequiredService<StaffUsers>();
        var user = await users.AddAsync("dana", "Dana", StaffUser.Staff, "northside", CancellationToken.None);
        var token = await app.Services.GetRequiredService<SignInLinks>().CreateAsync(user!, CancellationToken.None);
        using var dana = StaffBrowser.Open(app);
        var set = (await dana.PostAsync($"/sign-in/link/{token}")).Response.Headers.GetValues("Set-Cookie").First();
        Assert.StartsWith("__Host-leadledger=", set, StringComparison.Ordinal);
        Assert.Contains("secure", set, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("httponly", set, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=strict", set, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("path=/", set, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("domain=", set, StringComparison.OrdinalIgnoreCase);
        var page = await dana.GetAsync("/");
        Assert.True(page.Response.Headers.CacheControl!.NoStore);
        Assert.Contains("default-src 'none'", page.Response.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.DoesNotContain(" style=", page.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("<script>", page.Html, StringComparison.Ordinal);
        Assert.True(page.Html.Length < 100_000);
    }

    [Fact]
    public async Task Somebody_of_one_business_sees_nothing_of_another()
    {
        await using var app = await TestApp.StartAsync(postgres, TestBusiness.Northside(), TestBusiness.Lakeside());
        var customer = People.Next();
        await app.Twilio.MissedCallAsync(new TestCall(customer));
        var lead = await app.LeadAsync();
        using var stranger = await StaffBrowser.SignInAsync(app, "stranger", StaffUser.Owner, "lakeside");
        Assert.DoesNotContain(lead.Task!.Id.ToString(), (await stranger.GetAsync("/")).Html, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.GetAsync("/?business=northside")).Status);
        (await stranger.PressAsync($"/tasks/{lead.Task.Id}/claim")).Says("no such task");
    }

    [Fact]
    public async Task A_proxy_is_believed_only_from_a_listed_address()
    {
        await using var trusting = await TestApp.StartAsync(postgres, TestApp.WednesdayMorning, [], settings:
            ["--LEADLEDGER_PROXY_USER_HEADER=X-Forwarded-User", "--LEADLEDGER_PROXY_ADDRESSES=127.0.0.1,::1"]);
        await trusting.Services.GetRequiredService<StaffUsers>().AddAsync("dana", "Dana", StaffUser.Staff, "northside", CancellationToken.None);
        using var dana = StaffBrowser.Open(trusting);
        dana.Headers["X-Forwarded-User"] = "dana";
        Assert.Equal(HttpStatusCode.OK, (await dana.GetAsync("/")).Status);
        using var unknown = StaffBrowser.Open(trusting);
        unknown.Headers["X-Forwarded-User"] = "mallory";
        Assert.Equal(HttpStatusCode.Found, (await unknown.GetAsync("/")).Status);

        await using var careful = await TestApp.StartAsync(postgres, TestApp.WednesdayMorning, [], settings:
            ["--LEADLEDGER_PROXY_USER_HEADER=X-Forwarded-User", "--LEADLEDGER_PROXY_ADDRESSES=10.1.2.3"]);
        await careful.Services.GetRequiredService<StaffUsers>().AddAsync("dana", "Dana", StaffUser.Staff, "northside", CancellationToken.None);
        using var spoofed = StaffBrowser.Open(careful);
        spoofed.Headers["X-Forwarded-User"] = "dana";
        Assert.Equal(HttpStatusCode.Found, (await spoofed.GetAsync("/")).Status);
    }

    private static bool IsGet(RouteEndpoint route) => route.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods.Contains("GET");

    private static string Path(RouteEndpoint route) =>
        System.Text.RegularExpressions.Regex.Replace(route.RoutePattern.RawText!, "\\{[^}]*\\}", "01939f2c-5f6e-7c1b-9d55-0a2b3c4d5e6f");
}
