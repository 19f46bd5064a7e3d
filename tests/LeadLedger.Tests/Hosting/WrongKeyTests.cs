using System.Net;
using System.Net.Http.Headers;
using LeadLedger.Tests.Support;
using NodaTime;

namespace LeadLedger.Tests.Hosting;

/// <summary>An address that tries many keys must wait; a known key never does.</summary>
public sealed class WrongKeyTests(TestPostgres postgres)
{
    [Fact]
    public async Task Many_wrong_keys_from_an_address_must_wait_and_a_known_one_from_there_does_not()
    {
        await using var app = await TestApp.StartAsync(postgres);
        var tries = 0;
        while ((await app.GetAsync("/api/leads", $"ll_guess_{tries++}")).Status == HttpStatusCode.Unauthorized && tries < 200)
        {
            Assert.Equal(HttpStatusCode.OK, (await app.GetAsync("/api/business")).Status);
        }

        Assert.Equal(100, tries);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/leads");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", "ll_guess");
        using var refused = await app.Http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(15));
        Assert.Equal(HttpStatusCode.OK, (await app.GetAsync("/api/leads")).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await app.GetAsync("/api/leads", null)).Status);

        // After the wait one is looked at again, and the next wait is longer.
        app.Clock.Set(app.Clock.Now + Duration.FromSeconds(16));
        Assert.Equal(HttpStatusCode.TooManyRequests, (await app.GetAsync("/api/leads", "ll_guess_again")).Status);
        app.Clock.Set(app.Clock.Now + Duration.FromSeconds(16));
        Assert.Equal(HttpStatusCode.TooManyRequests, (await app.GetAsync("/api/leads", "ll_guess_again")).Status);
    }
}
