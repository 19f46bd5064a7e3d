using System.Globalization;
using System.Text.Json;
using LeadLedger.EventStore;
using LeadLedger.Hosting;
using LeadLedger.Merging;

namespace LeadLedger.Reading;

/// <summary>Everything that was recorded about a lead, with the events of leads that went into it and those that came back with it, each verified as it is shown.</summary>
public static class GetLeadHistory
{
    private const int FirstSchema = 1;

    public static void MapGetLeadHistory(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/leads/{id}/history", HandleAsync).Requires(ApiAccess.Read).ForAuditors(AuditorView.Withheld).WithTags("Leads")
            .WithSummary("Every event of a lead, oldest first, with its place in the hash chain")
            .WithDescription("Each entry has seq (the version in its stream), type (the stored alias), occurredAt, recordedAt, actor, causationId, "
                + "correlationId, schemaVersion, data, hash, prevHash, leaf, salt and a sentence. 'verified' tells whether the chain of what is "
                + "shown comes out the same when it is computed again; each entry says so for itself.")
            .Parameter("id", "The lead's id; a lead that was merged away keeps its history.")
            .Query("after", "'next' of the page before, or a seq: only what came later.")
            .Query("limit", "1 to 200; 50 when left out.")
            .Produces(200, contentType: "application/json").ProducesProblem(400).ProducesProblem(404);

    private static async Task<IResult> HandleAsync(
        string id, HttpContext http, LeadFinder finder, HistoryQuery history, LedgerModel model)
    {
        var query = new QueryFields(http.Request.Query);
        var limit = query.Limit();
        var after = query.Text("after", 20);
        if (!long.TryParse(after ?? "0", NumberStyles.None, CultureInfo.InvariantCulture, out var seq)
            && !(after!.StartsWith('p') && long.TryParse(after.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out seq)))
        {
            query.Refuse("after", "Pass on the value of 'next' of the page before, or a seq such as 12.");
        }

        if (query.Problem is { } problem)
        {
            return problem;
        }

        if (!Guid.TryParse(id, out var lead))
        {
            return GetLead.NotAnId();
        }

        var cancellation = http.RequestAborted;
        if (await finder.DocumentAsync(ApiScope.Of(http), lead, cancellation) is not { Key: var key })
        {
            return GetLead.NotFound();
        }

        var streams = await history.StreamsAsync(key, cancellation);
        var moved = await history.MovedAsync(key.Tenant, streams, cancellation);
        var several = streams.Count > 1 || moved.Count > 0;
        var isPosition = after is not null && after.StartsWith('p');
        if (several && !isPosition && seq > 0)
        {
            seq = await history.PositionAsync(key, seq, cancellation) ?? long.MaxValue;
        }
        else if (!several && isPosition)
        {
            return RequestJson.Wrong("after", "Pass on the value of 'next' of the page before, or a seq such as 12.");
        }

        var entries = await history.FetchAsync(key.Tenant, streams, moved, seq, limit + 1, cancellation);
        string? next = null;
        if (entries.Count > limit)
        {
            entries.RemoveAt(limit);
            var last = entries[^1];
            next = !several
                ? last.Version.ToString(CultureInfo.InvariantCulture)
                : string.Create(CultureInfo.InvariantCulture, $"p{last.Position}");
        }

        var before = await history.HashesBeforeAsync(key.Tenant, entries, cancellation);
        var shown = entries.Select(entry =>
        {
            var verified = entry.Verifies(before.GetValueOrDefault(new EventRef(entry.Stream.Id, entry.Version - 1)));
            before[new EventRef(entry.Stream.Id, entry.Version)] = entry.Hash;
            return (Entry: entry, Verified: verified);
        }).ToArray();
        return JsonAnswer.Page(shown, next, (json, item) => Write(json, item.Entry, item.Verified, model),
            json => json.WriteBoolean("verified", shown.All(item => item.Verified)));
    }

    private static void Write(Utf8JsonWriter json, HistoryEntry entry, bool verified, LedgerModel model)
    {
        json.WriteStartObject();
        json.WriteString("streamId", entry.Stream.Id);
        json.WriteNumber("seq", entry.Version);
        json.WriteString("id", entry.Id);
        json.WriteString("type", entry.Type);
        json.WritePropertyName("occurredAt");
        WriteOccurredAt(json, entry);
        json.WriteInstant("recordedAt", entry.RecordedAt);
        json.WriteString("actor", entry.Actor);
        json.WriteString("causationId", entry.CausationId);
        json.WriteString("correlationId", entry.CorrelationId);
        json.WriteNumber("schemaVersion", SchemaOf(entry.Type));
        json.WriteString("sentence", Masking.Sentence(model, entry.Type, entry.Data, masked: false));
        json.WriteRaw("data", entry.Data);
        json.WriteString("hash", entry.Hash);
        json.WriteString("prevHash", entry.PreviousHash);
        json.WriteString("leaf", entry.Leaf);
        json.WriteString("salt", entry.Salt);
        json.WriteBoolean("verified", verified);
        json.WriteEndObject();
    }

    /// <summary>The number in an alias such as <c>call_missed_v2</c>; 1 without one.</summary>
    private static int SchemaOf(string alias)
    {
        var at = alias.LastIndexOf("_v", StringComparison.Ordinal);
        return at > 0 && int.TryParse(alias.AsSpan(at + 2), NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : FirstSchema;
    }

    private static void WriteOccurredAt(Utf8JsonWriter json, HistoryEntry entry)
    {
        var reader = new Utf8JsonReader(entry.Data);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var wanted = reader.ValueTextEquals("occurredAt"u8);
            reader.Read();
            if (wanted && reader.TokenType == JsonTokenType.String)
            {
                json.WriteStringValue(reader.ValueSpan);
                return;
            }

            reader.Skip();
        }

        json.WriteStringValue(StoredText.Of(entry.RecordedAt));
    }
}
