using System.Globalization;
using System.Text.Json;
using LeadLedger.Alerts;
using LeadLedger.Businesses;
using LeadLedger.EventStore.Outbox;
using LeadLedger.Hosting;
using LeadLedger.Leads;
using LeadLedger.Sending;
using NodaTime;

namespace LeadLedger.Callbacks;

/// <summary>
/// Wakes at a rung of the ladder (C-17). It is never cancelled: it folds the lead, and does nothing when the task was
/// closed, or claimed where only unclaimed tasks climb.
/// </summary>
public sealed class EscalateTaskHandler(OutboxWork work, BusinessDirectory businesses, ServiceAddress address) : IOutboxHandler
{
    public IReadOnlyCollection<string> Kinds { get; } = [WorkKinds.EscalateTask];

    public async Task HandleAsync(OutboxItem item, CancellationToken cancellation)
    {
        var body = JsonSerializer.Deserialize(item.Body, LedgerJsonContext.Default.EscalateTask)!;
        if (businesses.Find(item.Tenant) is { } business)
        {
            await work.CommitAsync(item, OutboxStates.Claimed, [], unit =>
            {
                var session = new LeadSession(unit, business, item.StreamId!.Value);
                Decide(session, body, address.Links);
                unit.Change(OutboxWork.To(item, OutboxStates.Done));
                return session.Lead;
            });
        }
    }

    public Task AbandonedAsync(OutboxItem item, CancellationToken cancellation) => Task.CompletedTask;

    private static void Decide(LeadSession session, EscalateTask wake, StaffLinks links)
    {
        var business = session.Business;
        var ladder = business.Tasks.Ladder;
        var index = Enumerable.Range(0, ladder.Count).FirstOrDefault(i => ladder[i].Name == wake.Rung, -1);
        if (index < 0 || session.Lead is not { HasOpenTask: true, MergedInto: null } lead || lead.Task!.Id != wake.Task)
        {
            return;
        }

        var rung = ladder[index];
        if (!rung.OnlyUnclaimed || lead.Task.ClaimedBy is null)
        {
            Climb(session, rung, links);
        }

        if (index + 1 < ladder.Count)
        {
            session.Unit.Enqueue(business.Id, session.Key, LeadReactions.Rung(business, wake.Task, lead.Task.OpenedAt, ladder[index + 1]));
        }
    }

    private static void Climb(LeadSession session, Rung rung, StaffLinks links)
    {
        var business = session.Business;
        var lead = session.Lead;
        var recipient = rung.Audience switch
        {
            RungAudience.Owner => business.StaffOf(lead.Task!.Owner) ?? OwnerAlerts.RecipientOf(lead, business),
            RungAudience.BusinessOwner => business.StaffOf(business.Tasks.BusinessOwner) ?? OwnerAlerts.RecipientOf(lead, business),
            _ => null,
        };
        session.Record(new TaskEscalated
        {
            Task = lead.Task!.Id,
            Rung = rung.Name,
            Audience = Audience(rung.Audience),
            To = recipient?.Id ?? (rung.Audience == RungAudience.Team ? "team" : null),
        });
        var inquiry = lead.Inquiries.Length > 0 ? lead.Inquiries[0].Id : Guid.Empty;
        var waiting = Waiting(session.Now - lead.Task.OpenedAt);
        if (rung.Audience == RungAudience.Team && business.Tasks.TeamChannelUrl is not null)
        {
            session.Record(OwnerAlerts.ForTeam(session, inquiry, waiting, links));
            return;
        }

        IEnumerable<StaffMember> audience = rung.Audience == RungAudience.Team ? business.Staff : recipient is null ? [] : [recipient];
        foreach (var member in audience)
        {
            if (OwnerAlerts.ChannelsOf(member, business) is { Count: > 0 } channels)
            {
                session.Record(OwnerAlerts.ForEscalation(session, member, channels, inquiry, waiting, links));
            }
        }
    }

    private static string Audience(RungAudience audience) => audience switch
    {
        RungAudience.Owner => "owner",
        RungAudience.Team => "team",
        RungAudience.HumanQueue => "human_queue",
        _ => "business_owner",
    };

    private static string Waiting(Duration waited) => waited < Duration.FromHours(2)
        ? ((int)waited.TotalMinutes).ToString(CultureInfo.InvariantCulture) + " min"
        : ((int)waited.TotalHours).ToString(CultureInfo.InvariantCulture) + " h";
}
