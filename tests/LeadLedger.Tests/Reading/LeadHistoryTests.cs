using System.Collections.Immutable;
using System.Net;
using System.Runtime.CompilerServices;
using LeadLedger.Leads;
using LeadLedger.Reading;
using LeadLedger.Tests.Support;
using NodaTime;

namespace LeadLedger.Tests.Reading;

public sealed class LeadHistoryTests(TestPostgres postgres)
{
    [Fact]
    public void Every_event_type_has_a_sentence()
    {
        foreach (var type in EventNames.All.All)
        {
            var sentence = LeadHistory.Describe(Sample(type.Json.Type));
            Assert.True(sentence.Length > 10 && sentence.EndsWith('.'), $"{type.Alias}: {sentence}");
        }
    }

    [Fact]
    public async Task Each_entry_has_its_place_in_the_chain_and_the_chain_of_every_page_is_verified()
    {
        await using var app = await TestApp.StartAsync(postgres);
        await app.Twilio.MissedCallAsync(new TestCall("+12145557001"));
        await app.AdvanceAsync(Duration.FromMinutes(1));
        var lead = await app.LeadAsync();
        var whole = await app.GetAsync($"/api/leads/{lead.Id}/history?limit=200");
        Assert.True(whole.Json.GetProperty("verified").GetBoolean());
        Assert.Null(whole.Json.Text("next"));
        var items = whole.Items();
        Assert.Equal(lead.Version, items.Count);
        Assert.Equal(Enumerable.Range(1, items.Count), items.Select(item => item.GetProperty("seq").GetInt32()));
        Assert.Equal("call_missed", items[0].Text("type"));
        Assert.Equal("provider:twilio", items[0].Text("actor"));
        Assert.Equal(1, items[0].GetProperty("schemaVersion").GetInt32());
        Assert.Null(items[0].Text("prevHash"));
        foreach (var name in new[] { "occurredAt", "recordedAt", "hash", "leaf", "salt", "sentence", "causationId" })
        {
            Assert.All(items, item => Assert.False(string.IsNullOrEmpty(item.Text(name)), name));
        }

        for (var i = 1; i < items.Count; i++)
        {
            Assert.Equal(items[i - 1].Text("hash"), items[i].Text("prevHash"));
        }

        var paged = new List<int>();
        var after = "0";
        while (after is not null)
        {
            var page = await app.GetAsync($"/api/leads/{lead.Id}/history?limit=3&after={after}");
            Assert.True(page.Json.GetProperty("verified").GetBoolean());
            paged.AddRange(page.Items().Select(item => item.GetProperty("seq").GetInt32()));
            after = page.Json.Text("next");
        }

        Assert.Equal(Enumerable.Range(1, items.Count), paged);
    }

    [Theory]
    [InlineData("update mt_events set data = jsonb_set(data, '{reason}', '\"busy\"') where version = 1")]
    [InlineData("update mt_events set headers = jsonb_set(headers, '{actor}', '\"staff:eve\"') where version = 1")]
    [InlineData("update mt_events set timestamp = timestamp + interval '1 hour' where version = 1")]
    [InlineData("update mt_events set headers = jsonb_set(headers, '{salt}', '\"zz\"') where version = 1")]
    public async Task A_changed_event_is_shown_as_not_verified(string tampering)
    {
        await using var app = await TestApp.StartAsync(postgres);
        app.ChecksAtEnd = false;
        await app.Twilio.MissedCallAsync(new TestCall("+12145557001"));
        var lead = await app.LeadAsync();
        await using (var command = app.Database.CreateCommand($"{tampering} and stream_id = '{lead.Id}'"))
        {
            Assert.Equal(1, await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken));
        }

        var history = await app.GetAsync($"/api/leads/{lead.Id}/history");
        Assert.Equal(HttpStatusCode.OK, history.Status);
        Assert.False(history.Json.GetProperty("verified").GetBoolean());
        Assert.False(history.Items()[0].GetProperty("verified").GetBoolean());
        Assert.True(history.Items()[1].GetProperty("verified").GetBoolean());
    }

    // A value for every member, so that no sentence is left half tried.
    private static object Sample(Type type)
    {
        if (Nullable.GetUnderlyingType(type) is { } inner)
        {
            return Sample(inner);
        }

        if (type == typeof(string))
        {
            return "words.";
        }

        if (type.IsValueType)
        {
            return type == typeof(ImmutableArray<Guid>) ? ImmutableArray<Guid>.Empty
                : type == typeof(Instant) ? Instant.FromUtc(2026, 11, 20, 18, 0)
                : Activator.CreateInstance(type)!;
        }

        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>))
        {
            var items = Array.CreateInstance(type.GetGenericArguments()[0], 1);
            items.SetValue(Sample(type.GetGenericArguments()[0]), 0);
            return items;
        }

        if (type.IsInterface)
        {
            return new Dictionary<string, string>(StringComparer.Ordinal);
        }

        var made = RuntimeHelpers.GetUninitializedObject(type);
        foreach (var property in type.GetProperties().Where(property => property.CanWrite))
        {
            property.SetValue(made, Sample(property.PropertyType));
        }

        return made;
    }
}
