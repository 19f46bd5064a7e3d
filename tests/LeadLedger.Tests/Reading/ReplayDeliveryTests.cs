using System.Net;
using System.Text;
using LeadLedger.Leads;
using LeadLedger.Tests.Support;

namespace LeadLedger.Tests.Reading;

public sealed class ReplayDeliveryTests(TestPostgres postgres)
{
    [Fact]
    [Trait("Requirement", "ING-18")]
    public async Task A_kept_delivery_is_shown_and_taken_in_once_when_it_can_be_read()
    {
        await using var app = await TestApp.StartAsync(postgres);
        app.Log.Expect("was kept as quarantined");
        var reply = await app.Forms.PostRawAsync("website", "{\"name\":"u8.ToArray(), "application/json");
        Assert.True(reply.IsSuccess);
        var kept = Assert.Single((await app.GetAsync("/api/quarantine")).Items());
        Assert.Equal("form:website", kept.Text("source"));
        Assert.Equal("{\"name\":", kept.Text("body"));
        Assert.NotNull(kept.Text("problem"));
        var named = new { source = kept.Text("source"), key = kept.Text("key") };
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await app.PostAsync("/api/quarantine/replay", named)).Status);
        Assert.Empty(await app.LeadsAsync());

        // What a later version of the reading code would make readable: here the body stands in for it.
        await using (var mend = app.Database.CreateCommand("update inbox set body = $1, body_sha256 = sha256($1)"))
        {
            mend.Parameters.Add(new Npgsql.NpgsqlParameter<byte[]>
            {
                TypedValue = Encoding.UTF8.GetBytes("""{"id":"s1","name":"Ann Lee","phone":"+12145557001","message":"roof"}"""),
            });
            await mend.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        var replayed = await app.PostAsync("/api/quarantine/replay", named);
        Assert.Equal(HttpStatusCode.OK, replayed.Status);
        var lead = await app.LeadAsync();
        Assert.Equal(lead.Id, replayed.Lead);
        Assert.Equal("Ann Lee", lead.Name);
        Assert.Empty((await app.GetAsync("/api/quarantine")).Items());
        Assert.Single((await app.GetAsync("/api/quarantine?outcome=replayed")).Items());
        Assert.Equal(HttpStatusCode.Conflict, (await app.PostAsync("/api/quarantine/replay", named)).Status);

        // A crash between taking it in and noting that: the second try finds the first one's receipt.
        await using (var forget = app.Database.CreateCommand("update inbox set outcome = 'quarantined' where outcome = 'replayed'"))
        {
            await forget.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        Assert.Equal(lead.Id, (await app.PostAsync("/api/quarantine/replay", named)).Lead);
        Assert.Single(await app.FactsAsync<FormSubmitted>(lead.Id));
        Assert.Equal(HttpStatusCode.NotFound, (await app.PostAsync("/api/quarantine/replay", new { source = "form:website", key = "nothing" })).Status);
    }
}
