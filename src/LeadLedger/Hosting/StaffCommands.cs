using LeadLedger.Businesses;
using LeadLedger.EventStore;
using LeadLedger.EventStore.Writing;
using LeadLedger.Leads;
using LeadLedger.Reading;
using NodaTime;

namespace LeadLedger.Hosting;

/// <summary>
/// Runs what staff ask for on the same path as everything else: the rows are locked, the decision is made on the state as it is then, and the
/// answer is given after the commit.
/// </summary>
public sealed class StaffCommands(LedgerWriter writer, LeadFinder finder, IClock clock)
{
    /// <summary>A command on the lead of the route.</summary>
    public async Task<IResult> OnLeadAsync(HttpContext http, string id, string command, Func<LeadSession, CommandDecision> decide)
    {
        if (!Guid.TryParse(id, out var lead))
        {
            return GetLead.NotAnId();
        }

        return await finder.DocumentAsync(ApiScope.Of(http), lead, http.RequestAborted) is { Key: var key }
            ? await OnAsync(http, key, command, decide)
            : GetLead.NotFound();
    }

    /// <summary>A command on the lead whose open or latest task the route names.</summary>
    public async Task<IResult> OnTaskAsync(HttpContext http, string id, string command, Func<LeadSession, Guid, CommandDecision> decide)
    {
        if (!Guid.TryParse(id, out var task))
        {
            return RequestJson.Wrong("id", "Use the task's id as GET /api/tasks shows it.");
        }

        return await finder.OfTaskAsync(ApiScope.Of(http), task, http.RequestAborted) is { } key
            ? await OnAsync(http, key, command, session => session.Lead.Task?.Id == task
                ? decide(session, task)
                : CommandDecision.Refuse(404, "unknown-task", "This task was replaced by a later one. See GET /api/tasks."))
            : Problems.Of(404, "unknown-task", "There is no such task, or this key does not see it.");
    }

    /// <summary>Decides on any locked rows; the answer is made by the decision.</summary>
    public Task<T> WriteAsync<T>(HttpContext http, string command, IReadOnlyList<GateKey> gates, IReadOnlyList<StreamKey> streams, Func<WriteUnit, T> decide) =>
        writer.WriteAsync(new WriteRequest<T>(decide)
        {
            Now = clock.GetCurrentInstant(),
            Actor = ApiScope.Of(http).Caller.Actor,
            CausationId = $"{(ApiScope.Of(http).Caller.ByLink ? "link" : "command")}:{command}",
            Gates = gates,
            Streams = streams,
        });

    /// <summary>The problem that a refusal is answered with.</summary>
    public static IResult Refused(Refusal refusal) => refusal.Field is { } field
        ? RequestJson.Wrong(field, refusal.Detail)
        : Problems.Of(refusal.Status, refusal.Slug, refusal.Detail);

    /// <summary>Whom a staff key stands for: the staff member named, else the one whose id the key is called by.</summary>
    public static StaffMember? MemberOf(Business business, ApiCaller caller, string? named) =>
        named is null ? business.StaffOf(caller.Name) : business.StaffOf(named);

    /// <summary>Lists the staff, for a field that must name one of them.</summary>
    public static string NameStaff(Business business) =>
        $"Name a member of the staff: {string.Join(", ", business.Staff.Select(member => member.Id))}.";

    private async Task<IResult> OnAsync(HttpContext http, StreamKey key, string command, Func<LeadSession, CommandDecision> decide)
    {
        var business = ApiScope.Of(http).Find(key.Tenant)!;
        var expected = ExpectedVersion(http);
        if (expected is < 0)
        {
            return RequestJson.Wrong("If-Match", "Send the lead's version as the API shows it, such as \"7\".");
        }

        var (refusal, lead) = await WriteAsync(http, command, [], [key], unit =>
        {
            var session = new LeadSession(unit, business, key.Id);
            if (session.Lead.MergedInto is { } into)
            {
                return (new Refusal(410, "merged", into.ToString()), session.Lead);
            }

            if (expected is { } version && version != session.Lead.Version)
            {
                return (new Refusal(412, "changed-meanwhile",
                    $"The lead is at version {session.Lead.Version}, not {version}. Read it again and decide on what it says now."), session.Lead);
            }

            var decision = decide(session);
            session.RecordAll(decision.Facts);
            return (decision.Refusal, session.Lead);
        });
        return refusal switch
        {
            { Status: 410 } => GetLead.Gone(http, await finder.SurvivorAsync(ApiScope.Of(http), Guid.Parse(refusal.Detail), http.RequestAborted)),
            { } => Refused(refusal),
            null => LeadJson.Of(lead),
        };
    }

    private static long? ExpectedVersion(HttpContext http)
    {
        var header = http.Request.Headers.IfMatch.ToString();
        if (header.Length == 0 || header == "*")
        {
            return null;
        }

        var text = header.StartsWith("W/", StringComparison.Ordinal) ? header[2..] : header;
        return long.TryParse(text.Trim('"'), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var version)
            ? version
            : -1;
    }
}
