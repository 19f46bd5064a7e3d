using LeadLedger.EventStore;
using LeadLedger.Leads;
using LeadLedger.Routing;

namespace LeadLedger.Reconciling;

/// <summary>Tells the person who works a lead about one of its texts, also when the lead has since gone into another one.</summary>
internal static class StaffNotice
{
    /// <summary>A note on the open task; nothing when there is none.</summary>
    public static void Note(LeadSession session, string note) => Standing(session).NoteOnTask(note);

    /// <summary>
    /// A note on the open task, or a task of its own. None is opened when a person has closed one since the text was asked for: they
    /// have called.
    /// </summary>
    public static void NoteOrTask(LeadSession session, Message message, string note)
    {
        var standing = Standing(session);
        var lead = standing.Lead;
        if (lead.HasOpenTask)
        {
            standing.NoteOnTask(note);
        }
        else if (lead.Task is not { ClosedAt: { } closed, ClosedBy: not "system" } || closed < message.RequestedAt)
        {
            var owner = lead.Owner ?? session.Business.StaffOf(session.Business.DefaultOwner)?.Id;
            standing.Record(new TaskOpened
            {
                Task = session.Now.NewId(),
                TaskKind = "callback",
                Inquiry = message.Inquiry,
                Owner = owner,
                Queue = owner is null ? RouteLead.Triage : null,
                DueAt = session.Business.Calendar.AddOpenTime(session.Now, session.Business.Tasks.DueIn),
                Number = message.To,
                Priority = "normal",
                Note = note,
            });
        }
    }

    private static LeadSession Standing(LeadSession session)
    {
        while (session.Lead.MergedInto is { } survivor)
        {
            session.Unit.Require([], [new StreamKey(session.Business.Id, survivor)]);
            session = new LeadSession(session.Unit, session.Business, survivor);
        }

        return session;
    }
}
