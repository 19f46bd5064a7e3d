using LeadLedger.Hosting;
using LeadLedger.Staff.Accounts;
using LeadLedger.Staff.Live;
using LeadLedger.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;

namespace LeadLedger.Tests.Staff;

/// <summary>Many open pages cost what one does: they read once a second and after a change, not each for itself.</summary>
public sealed class LiveReadsTests(TestPostgres postgres)
{
    [Fact]
    public async Task Two_hundred_pages_that_refresh_at_once_read_once_and_again_after_a_second_or_a_change()
    {
        await using var app = await TestApp.StartAsync(postgres);
        var feed = app.Services.GetRequiredService<LiveFeed>();
        var reads = app.Services.GetRequiredService<LiveReads>();
        using var page = feed.Listen(["northside"], null);
        await ToldAsync(feed, 0);
        var count = 0;
        async Task<int> ReadAsync()
        {
            await Task.Yield();
            return Interlocked.Increment(ref count);
        }

        Task<int[]> AllAsync() => Task.WhenAll(Enumerable.Range(0, 200).Select(_ => reads.OfAsync(Request(app, isRefresh: true), "what", ReadAsync)));
        Assert.All(await AllAsync(), value => Assert.Equal(1, value));
        app.Clock.Set(app.Clock.Now + Duration.FromMilliseconds(999));
        Assert.All(await AllAsync(), value => Assert.Equal(1, value));
        app.Clock.Set(app.Clock.Now + Duration.FromMilliseconds(1));
        Assert.All(await AllAsync(), value => Assert.Equal(2, value));

        // A page that is opened, and one of another business, reads for itself.
        Assert.Equal(3, await reads.OfAsync(Request(app, isRefresh: false), "what", ReadAsync));
        Assert.Equal(4, await reads.OfAsync(Request(app, isRefresh: true, "lakeside"), "what", ReadAsync));

        var told = feed.Told;
        await app.Twilio.MissedCallAsync(new TestCall(People.Next()));
        await ToldAsync(feed, told);
        Assert.All(await AllAsync(), value => Assert.InRange(value, 5, 6));
    }

    [Fact]
    public async Task One_that_fails_or_is_closed_leaves_the_reading_to_the_next()
    {
        await using var app = await TestApp.StartAsync(postgres);
        var feed = app.Services.GetRequiredService<LiveFeed>();
        var reads = app.Services.GetRequiredService<LiveReads>();
        using var page = feed.Listen(["northside"], null);
        await Assert.ThrowsAsync<OperationCanceledException>(() =>
            reads.OfAsync<int>(Request(app, isRefresh: true), "what", () => throw new OperationCanceledException()));
        Assert.Equal(7, await reads.OfAsync(Request(app, isRefresh: true), "what", () => Task.FromResult(7)));
    }

    [Fact]
    public async Task A_refreshed_page_shows_what_has_just_changed()
    {
        await using var app = await TestApp.StartAsync(postgres);
        using var dana = await StaffBrowser.SignInAsync(app, "dana", StaffUser.Owner);
        var feed = app.Services.GetRequiredService<LiveFeed>();
        using var page = feed.Listen(["northside"], null);
        await ToldAsync(feed, 0);
        dana.Headers["X-Live"] = "1";
        Assert.Contains("Nobody waits for a call", (await dana.GetAsync("/")).Html, StringComparison.Ordinal);
        var told = feed.Told;
        await app.Twilio.MissedCallAsync(new TestCall(People.Next()));
        await ToldAsync(feed, told);
        Assert.DoesNotContain("Nobody waits for a call", (await dana.GetAsync("/")).Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Style_and_script_ask_nobody_who_they_are()
    {
        await using var app = await TestApp.StartAsync(postgres, TestApp.WednesdayMorning, [], settings:
            ["--LEADLEDGER_PROXY_USER_HEADER=X-Forwarded-User", "--LEADLEDGER_PROXY_ADDRESSES=127.0.0.1,::1"]);
        await app.Services.GetRequiredService<StaffUsers>().AddAsync("dana", "Dana", StaffUser.Staff, "northside", CancellationToken.None);
        using var dana = StaffBrowser.Open(app);
        dana.Headers["X-Forwarded-User"] = "dana";
        foreach (var asset in new[] { "staff.css", "staff.js", "icon.svg" })
        {
            var answer = await dana.GetAsync($"/staff/{asset}");
            Assert.True(answer.Response.IsSuccessStatusCode);
            Assert.False(answer.Response.Headers.Contains("Set-Cookie"));
            Assert.True(answer.Response.Headers.CacheControl!.MaxAge > TimeSpan.FromDays(300));
        }

        Assert.Equal(0, await app.CountAsync("staff_session"));
        Assert.Equal(System.Net.HttpStatusCode.OK, (await dana.GetAsync("/")).Status);
        Assert.Equal(1, await app.CountAsync("staff_session"));
    }

    private static async Task ToldAsync(LiveFeed feed, long before)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (feed.Told <= before)
        {
            await timer.WaitForNextTickAsync(patience.Token);
        }
    }

    private static DefaultHttpContext Request(TestApp app, bool isRefresh, string business = "northside")
    {
        var http = new DefaultHttpContext { RequestServices = app.Services };
        var caller = new LeadLedger.Reading.ApiCaller(Guid.Empty, "dana", "staff", business);
        var directory = app.Services.GetRequiredService<LeadLedger.Businesses.BusinessDirectory>();
        http.Features.Set(new ApiScope(caller, directory.Find(business) is { } found ? [found] : []));
        if (isRefresh)
        {
            http.Request.Headers["X-Live"] = "1";
        }

        return http;
    }
}
