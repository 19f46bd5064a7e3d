using System.Net;
using LeadLedger.Staff.Accounts;
using LeadLedger.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;

namespace LeadLedger.Tests.Staff;

/// <summary>Who gets in, and how it ends.</summary>
public sealed class SignInTests(TestPostgres postgres)
{
    private const string Password = "wet shingle bicycle tuesday";

    [Fact]
    public async Task A_session_is_a_reference_that_ends_at_once_when_its_person_signs_out_or_is_shut_out()
    {
        await using var app = await TestApp.StartAsync(postgres);
        using var dana = await StaffBrowser.SignInAsync(app, "dana");
        using var luis = await StaffBrowser.SignInAsync(app, "luis");
        Assert.Equal(HttpStatusCode.OK, (await dana.GetAsync("/")).Status);
        var stolen = dana.Cookie;
        Assert.Equal("/sign-in", (await dana.PostAsync("/sign-out")).Location);
        dana.Cookie = stolen;
        Assert.StartsWith("/sign-in", (await dana.GetAsync("/")).Location, StringComparison.Ordinal);

        var users = app.Services.GetRequiredService<StaffUsers>();
        Assert.True(await users.DisableAsync((await users.FindAsync("luis", CancellationToken.None))!.Id, CancellationToken.None));
        Assert.StartsWith("/sign-in", (await luis.GetAsync("/")).Location, StringComparison.Ordinal);
        Assert.Equal(0L, await ScalarAsync(app, "select count(*) from staff_session where token_sha256 like '%' || $1 || '%'", stolen!.Split('=')[1]));
    }

    [Theory]
    [InlineData(12)]
    [InlineData(24 * 7)]
    public async Task A_session_ends_when_it_idles_or_grows_old(int hours)
    {
        await using var app = await TestApp.StartAsync(postgres);
        using var dana = await StaffBrowser.SignInAsync(app, "dana");
        for (var waited = 0; waited + 6 <= hours && hours > 12; waited += 6)
        {
            Assert.Equal(HttpStatusCode.OK, (await dana.GetAsync("/account")).Status);
            app.Clock.Set(app.Clock.Now + Duration.FromHours(6));
        }

        app.Clock.Set(app.Clock.Now + (hours > 12 ? Duration.FromSeconds(1) : Duration.FromHours(12)));
        Assert.StartsWith("/sign-in", (await dana.GetAsync("/account")).Location, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_link_works_once_and_only_by_pressing_its_button()
    {
        await using var app = await TestApp.StartAsync(postgres);
        var (links, users) = (app.Services.GetRequiredService<SignInLinks>(), app.Services.GetRequiredService<StaffUsers>());
        var user = await users.AddAsync("dana", "Dana", StaffUser.Staff, "northside", CancellationToken.None);
        var token = await links.CreateAsync(user!, CancellationToken.None);
        using var browser = StaffBrowser.Open(app);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync($"/sign-in/link/{token}")).Status);
        Assert.Null(browser.Cookie);
        Assert.Equal("/account", (await browser.PostAsync($"/sign-in/link/{token}")).Location);
        Assert.NotNull(browser.Cookie);
        using var second = StaffBrowser.Open(app);
        Assert.Equal(HttpStatusCode.Gone, (await second.PostAsync($"/sign-in/link/{token}")).Status);
        Assert.Null(second.Cookie);

        var late = await links.CreateAsync(user!, CancellationToken.None);
        app.Clock.Set(app.Clock.Now + Duration.FromHours(24));
        Assert.Equal(HttpStatusCode.Gone, (await second.PostAsync($"/sign-in/link/{late}")).Status);
    }

    [Fact]
    public async Task Guessing_makes_the_guesser_wait_and_locks_nobody_else_out()
    {
        await using var app = await TestApp.StartAsync(postgres);
        await GivePasswordAsync(app, "dana");
        using var guesser = StaffBrowser.Open(app);
        for (var guess = 0; guess < 5; guess++)
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await guesser.PostAsync("/sign-in", ("login", "dana"), ("password", $"guess number {guess}"))).Status);
        }

        var turned = await guesser.PostAsync("/sign-in", ("login", "dana"), ("password", Password));
        Assert.Equal(HttpStatusCode.TooManyRequests, turned.Status);
        Assert.InRange(turned.Response.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 900);

        var throttle = app.Services.GetRequiredService<SignInThrottle>();
        Assert.Null(await throttle.WaitAsync("dana", "203.0.113.9", CancellationToken.None));
        app.Clock.Set(app.Clock.Now + Duration.FromMinutes(1));
        Assert.Equal("/", (await guesser.PostAsync("/sign-in", ("login", "dana"), ("password", Password))).Location);
    }

    [Fact]
    public async Task A_code_is_asked_for_and_works_once()
    {
        await using var app = await TestApp.StartAsync(postgres);
        var user = await GivePasswordAsync(app, "dana");
        var secret = Totp.NewSecret();
        await app.Services.GetRequiredService<StaffUsers>().SetTotpAsync(user, secret, null, CancellationToken.None);
        using var browser = StaffBrowser.Open(app);
        var code = Totp.CodeOf(secret, app.Clock.Now.ToUnixTimeSeconds() / 30);
        Assert.Equal(HttpStatusCode.Unauthorized, (await browser.PostAsync("/sign-in", ("login", "dana"), ("password", Password))).Status);
        Assert.Equal("/", (await browser.PostAsync("/sign-in", ("login", "dana"), ("password", Password), ("code", code))).Location);
        using var replay = StaffBrowser.Open(app);
        Assert.Equal(HttpStatusCode.Unauthorized, (await replay.PostAsync("/sign-in", ("login", "dana"), ("password", Password), ("code", code))).Status);
    }

    [Theory]
    [InlineData("https://evil.example/", "/")]
    [InlineData("//evil.example/", "/")]
    [InlineData("/\\evil.example", "/")]
    [InlineData("/leads?status=received", "/leads?status=received")]
    public async Task Signing_in_leads_only_to_pages_of_this_site(string next, string expected)
    {
        await using var app = await TestApp.StartAsync(postgres);
        await GivePasswordAsync(app, "dana");
        using var browser = StaffBrowser.Open(app);
        Assert.Equal(expected, (await browser.PostAsync("/sign-in", ("login", "dana"), ("password", Password), ("next", next))).Location);
    }

    [Fact]
    public async Task A_new_password_signs_everybody_else_out_and_must_be_long()
    {
        await using var app = await TestApp.StartAsync(postgres);
        using var dana = await StaffBrowser.SignInAsync(app, "dana");
        using var elsewhere = await StaffBrowser.SignInAsync(app, "dana");
        (await dana.PressAsync("/account/password", ("new", "short"), ("again", "short"))).Says("at least 15");
        (await dana.PressAsync("/account/password", ("new", "passwordpassword1"), ("again", "passwordpassword1"))).Says("first a guesser tries");
        (await dana.PressAsync("/account/password", ("new", Password), ("again", Password))).Says("saved");
        Assert.Equal(HttpStatusCode.OK, (await dana.GetAsync("/account")).Status);
        Assert.StartsWith("/sign-in", (await elsewhere.GetAsync("/account")).Location, StringComparison.Ordinal);
        (await dana.PressAsync("/account/password", ("current", "something else"), ("new", Password + "2"), ("again", Password + "2"))).Says("not right");
    }

    [Fact]
    public async Task The_first_start_makes_one_owner_whose_link_is_made_again_until_it_is_used()
    {
        await using var app = await TestApp.StartAsync(postgres);
        var links = app.Services.GetRequiredService<SignInLinks>();
        var first = await links.FirstAsync(CancellationToken.None);
        var again = await links.FirstAsync(CancellationToken.None);
        Assert.NotNull(first);
        Assert.NotNull(again);
        Assert.Null(await links.UseAsync(first, CancellationToken.None));
        using var browser = StaffBrowser.Open(app);
        Assert.Equal("/account", (await browser.PostAsync($"/sign-in/link/{again}")).Location);
        Assert.Null(await links.FirstAsync(CancellationToken.None));
    }

    private static async Task<StaffUser> GivePasswordAsync(TestApp app, string login)
    {
        var users = app.Services.GetRequiredService<StaffUsers>();
        var user = (await users.AddAsync(login, login, StaffUser.Staff, "northside", CancellationToken.None))!;
        await users.SetPasswordAsync(user, Password, CancellationToken.None);
        return user;
    }

    private static async Task<object?> ScalarAsync(TestApp app, string sql, string value)
    {
        await using var command = app.Database.CreateCommand(sql);
        command.Parameters.Add(new Npgsql.NpgsqlParameter<string> { TypedValue = value });
        return await command.ExecuteScalarAsync(TestContext.Current.CancellationToken);
    }
}
