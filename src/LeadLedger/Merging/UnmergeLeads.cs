using LeadLedger.Businesses;
using LeadLedger.EventStore;
using LeadLedger.Hosting;
using LeadLedger.Intake;
using LeadLedger.Leads;
using LeadLedger.Reading;
using NodaTime;
using Npgsql;

namespace LeadLedger.Merging;

/// <summary>
/// Two people had become one lead by mistake. Both are what they would be without the merge, and what came meanwhile follows its contact
/// point (<see cref="Separation"/>). What is decided is decided from the streams with every contact point of both and both leads locked; the
/// streams are read before, and read again when one of them has grown since.
/// </summary>
public static class UnmergeLeads
{
    private const int LongestReason = 500;
    private const int MostTries = 8;

    // Of who else uses a contact point only the order depends.
    private const int MostUsers = 500;

    private const string UsersSql =
        """
        select c.kind, c.value, c.streams from contact_point c
        join unnest($2::varchar[], $3::varchar[]) as k(kind, value) on c.kind = k.kind and c.value = k.value
        where c.tenant_id = $1
        """;

    /// <summary>The body of the request.</summary>
    /// <param name="Other">The lead that was merged into the one of the route.</param>
    /// <param name="Reason">Why they are two people.</param>
    public sealed record Body(string? Other, string? Reason);

    /// <summary>A preview, or why there is none.</summary>
    /// <param name="Preview">What the two leads would be.</param>
    /// <param name="Refusal">404, 409 or 410 with what is in the way.</param>
    public sealed record Answer(UnmergePreview? Preview, Refusal? Refusal);

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/api/leads/{id}/unmergers", HandleAsync).Requires(ApiAccess.Write).WithTags("Leads")
            .WithSummary("Undo a merge: separate a lead from the one that stands for it")
            .WithDescription("Both leads are what they would be without the merge. Inquiries that came meanwhile follow their contact point; one "
                + "that both could have sent stays here with a task to pick whose it was. Answers with the lead of the route.")
            .Parameter("id", "The lead that stands for both.").Accepts<Body>("application/json")
            .Produces<Lead>(200).ProducesProblem(400).ProducesProblem(404).ProducesProblem(409).ProducesProblem(410);
        routes.MapGet("/api/leads/{id}/unmergers/{other}", ShowAsync).Requires(ApiAccess.Read).WithTags("Leads")
            .WithSummary("What undoing a merge would come to")
            .WithDescription("What each of the two leads would hold, where each inquiry since the merge would go and why, and which need a pick.")
            .Parameter("id", "The lead that stands for both.").Parameter("other", "The lead that was merged into it.")
            .Produces<UnmergePreview>(200).ProducesProblem(400).ProducesProblem(404).ProducesProblem(409).ProducesProblem(410);
    }

    /// <summary>What separating two leads would come to, as of now.</summary>
    /// <param name="ledger">Where the streams are.</param>
    /// <param name="business">Whose leads they are.</param>
    /// <param name="survivor">The lead that stands for both.</param>
    /// <param name="other">The lead that was merged into it.</param>
    /// <param name="now">Now.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public static async Task<Answer> PreviewAsync(
        Ledger ledger, Business business, Guid survivor, Guid other, Instant now, CancellationToken cancellation)
    {
        var key = new StreamKey(business.Id, survivor);
        var history = await MergeHistory.ReadAsync(ledger, business.Id, [survivor, other], cancellation);
        if (history.VersionOf(survivor) == 0)
        {
            return new Answer(null, new Refusal(404, "unknown-lead", "There is no such lead in this business."));
        }

        var lead = LeadStreams.Lead.Fold(history.Stream(survivor));
        if (lead.MergedInto is { } into)
        {
            return new Answer(null, new Refusal(410, "merged", into.ToString()));
        }

        return Separation.Of(history, key, other, business, now, () => now.NewId()) is { } separation
            ? new Answer(UnmergePreview.Of(separation), null)
            : new Answer(null, NotMerged(lead, history.VersionOf(other) == 0 ? null : LeadStreams.Lead.Fold(history.Stream(other))));
    }

    private static async Task<IResult> ShowAsync(string id, string other, HttpContext http, LeadFinder finder, Ledger ledger, IClock clock)
    {
        if (!Guid.TryParse(id, out var survivor))
        {
            return GetLead.NotAnId();
        }

        if (!Guid.TryParse(other, out var gone))
        {
            return RequestJson.Wrong("other", "Name the lead that was merged into this one, by its id.");
        }

        var scope = ApiScope.Of(http);
        if (await finder.DocumentAsync(scope, survivor, http.RequestAborted) is not { Key: var key })
        {
            return GetLead.NotFound();
        }

        var answer = await PreviewAsync(ledger, scope.Find(key.Tenant)!, survivor, gone, clock.GetCurrentInstant(), http.RequestAborted);
        return answer switch
        {
            { Preview: { } preview } => Results.Json(preview, UnmergeJson.Default.UnmergePreview),
            { Refusal: { Status: 410 } merged } => GetLead.Gone(http, await finder.SurvivorAsync(scope, Guid.Parse(merged.Detail), http.RequestAborted)),
            _ => StaffCommands.Refused(answer.Refusal!),
        };
    }

    private static async Task<IResult> HandleAsync(
        string id, HttpContext http, StaffCommands commands, LeadFinder finder, Ledger ledger, NpgsqlDataSource database)
    {
        var (body, refusal) = await RequestJson.ReadAsync(http, ApiJson.Default.UnmergeLeadsBody);
        if (body is null)
        {
            return refusal!;
        }

        if (!Guid.TryParse(body.Other, out var other))
        {
            return RequestJson.Wrong("other", "Name the lead that was merged into this one, by its id.");
        }

        if (!Guid.TryParse(id, out var survivor))
        {
            return GetLead.NotAnId();
        }

        var scope = ApiScope.Of(http);
        if (await finder.DocumentAsync(scope, survivor, http.RequestAborted) is not { Key: var key })
        {
            return GetLead.NotFound();
        }

        var by = scope.Caller.Name;
        var reason = string.IsNullOrWhiteSpace(body.Reason) ? null : SafeText.Line(body.Reason, LongestReason);
        for (var attempt = 1; ; attempt++)
        {
            var reading = await ReadAsync(ledger, database, scope.Find(key.Tenant)!, key, other, http.RequestAborted);
            var stale = false;
            var result = await commands.OnLeadAsync(http, id, "unmerge_leads", session =>
            {
                var decision = Apply(session, other, reading, by, reason);
                stale = decision is null;
                return decision ?? CommandDecision.Refuse(409, "changed-meanwhile", "More and more comes in for these leads. Try again in a moment.");
            });
            if (!stale || attempt == MostTries)
            {
                return result;
            }
        }
    }

    // Everything a decision needs that is no locked row: the streams, and who uses the contact points that will be named.
    private static async Task<Reading> ReadAsync(
        Ledger ledger, NpgsqlDataSource database, Business business, StreamKey survivor, Guid other, CancellationToken cancellation)
    {
        var history = await MergeHistory.ReadAsync(ledger, business.Id, [survivor.Id, other], cancellation);
        if (Separation.Of(history, survivor, other, business, default, static () => Guid.Empty) is not { } separation)
        {
            return new Reading(history, new Dictionary<ContactRef, IReadOnlyList<Guid>>());
        }

        var users = separation.Points.ToDictionary(point => point, _ => (IReadOnlyList<Guid>)[]);
        await using var command = database.CreateCommand(UsersSql);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = business.Id });
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. separation.Points.Select(point => point.Kind)] });
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. separation.Points.Select(point => point.Value)] });
        await using (var reader = await command.ExecuteReaderAsync(cancellation))
        {
            while (await reader.ReadAsync(cancellation))
            {
                users[new ContactRef(reader.GetString(0), reader.GetString(1))] = reader.GetFieldValue<Guid[]>(2);
            }
        }

        await history.ReadMoreAsync(ledger, business.Id, users.Values.SelectMany(leads => leads).Distinct(), MostUsers, cancellation);
        return new Reading(history, users);
    }

    // Null when something came between the reading and the locks.
    private static CommandDecision? Apply(LeadSession session, Guid otherId, Reading reading, string by, string? reason)
    {
        var unit = session.Unit;
        if (reading.History.VersionOf(otherId) == 0)
        {
            return Refused(NotMerged(session.Lead, null));
        }

        unit.Require([], [session.Key with { Id = otherId }]);
        var other = new LeadSession(unit, session.Business, otherId);
        if (other.Lead.MergedInto != session.Key.Id || !session.Lead.Absorbed.Contains(otherId))
        {
            return Refused(NotMerged(session.Lead, other.Lead));
        }

        unit.Require(session.Lead.ContactPoints.Union(other.Lead.ContactPoints).Select(point => KeyOf(session.Business, point)), []);
        if (unit.VersionOf(session.Key) != reading.History.VersionOf(session.Key.Id) || unit.VersionOf(other.Key) != reading.History.VersionOf(otherId))
        {
            return null;
        }

        if (Separation.Of(reading.History, session.Key, otherId, session.Business, session.Now, () => session.Now.NewId()) is not { } separation)
        {
            return null;
        }

        unit.Require(separation.Points.Select(point => KeyOf(session.Business, point)), []);
        if (separation.Points.Any(point => !reading.Users.TryGetValue(point, out var users)
            || !users.SequenceEqual(unit.Gate(KeyOf(session.Business, point)).Streams)))
        {
            return null;
        }

        other.Record(new LeadRestored
        {
            From = session.Key.Id,
            Becomes = separation.Other,
            Task = separation.OtherTask,
            Undone = separation.UndoneOnOther,
            Events = separation.Came,
            By = by,
            Reason = reason,
        });
        return CommandDecision.Of(new LeadSeparated
        {
            Other = otherId,
            Becomes = separation.Survivor,
            Task = separation.SurvivorTask,
            Undone = separation.UndoneOnSurvivor,
            Events = separation.Gone,
            Moved = separation.Moved,
            ContactPoints = separation.LeadsOn(reading.Users),
            By = by,
            Reason = reason,
        });
    }

    private static CommandDecision Refused(Refusal refusal) => CommandDecision.Refuse(refusal.Status, refusal.Slug, refusal.Detail);

    private static Refusal NotMerged(Lead survivor, Lead? other)
    {
        var where = other switch
        {
            null => "There is no such lead in this business.",
            { MergedInto: { } into } => $"It was merged into {into}.",
            _ => "It stands for itself.",
        };
        var merged = survivor.Absorbed.IsEmpty
            ? "No lead is merged into this one."
            : $"Merged into this one: {string.Join(", ", survivor.Absorbed)}.";
        return new Refusal(409, "not-merged", $"That lead is not merged into this one. {where} {merged}");
    }

    private static GateKey KeyOf(Business business, ContactRef point) => new(business.Id, point.Kind, point.Value);

    private sealed record Reading(MergeHistory History, IReadOnlyDictionary<ContactRef, IReadOnlyList<Guid>> Users);
}
