using System.Text.Json;
using LeadLedger.Businesses;
using LeadLedger.EventStore.Faults;
using LeadLedger.EventStore.Outbox;
using LeadLedger.Intake;
using LeadLedger.Intake.Twilio;
using LeadLedger.Leads;
using LeadLedger.Sending;
using NodaTime;

namespace LeadLedger.Reconciling;

/// <summary>
/// Looks for a text whose fate is unknown in the provider's list, and tells a person when it cannot be found in time. A text that
/// is not listed is never sent again: the list lags, and a paused process may still be sending.
/// </summary>
public sealed class SettleTextHandler(
    OutboxWork work, SettlementLookup lookup, TwilioLists lists, TwilioAccounts accounts, BusinessDirectory businesses, CallDeadline deadline)
    : IOutboxHandler
{
    private const int MostPages = 5;

    public IReadOnlyCollection<string> Kinds { get; } = [SettleText.Kind];

    public async Task HandleAsync(OutboxItem item, CancellationToken cancellation)
    {
        var text = JsonSerializer.Deserialize(item.Body, LedgerJsonContext.Default.SettleText)!;
        if (businesses.Find(item.Tenant) is not { } business)
        {
            return;
        }

        var window = Settlement.ClockTolerance + Duration.FromTimeSpan(deadline.Length) + Settlement.CreationTolerance;
        var attempt = await lookup.FindAsync(item.Tenant, text, window, cancellation);
        var (found, problem) = attempt is not null && IsOpen(attempt.State)
            ? await LookAsync(business, text, attempt, cancellation)
            : (null, null);
        FailPoint.Hit(FailPoints.SettleListed);
        await work.CommitAsync(
            item,
            OutboxStates.Claimed,
            [WorkInquiry.PhoneKey(business, text.To)],
            unit => Decide(new LeadSession(unit, business, item.StreamId!.Value).About(text.Message), item, text, attempt, found, problem),
            rows: [text.Text]);
        FailPoint.Hit(FailPoints.SettleConcluded);
    }

    // Looking changes nothing, so there is nothing to be unsure of.
    public Task AbandonedAsync(OutboxItem item, CancellationToken cancellation) => Task.CompletedTask;

    private async Task<(ListedMessage? Found, string? Problem)> LookAsync(
        Business business, SettleText text, OpenAttempt attempt, CancellationToken cancellation)
    {
        if (attempt.IsRestored)
        {
            return (null, "the ledger was restored, and when the text left, if it did, is not known");
        }

        if (accounts.Of(business) is not { } account)
        {
            return (null, "no credentials to ask the provider with");
        }

        if (attempt.Rivals > 0)
        {
            return (null, "another open text has the same words to the same number; only the callback can tell them apart");
        }

        var listed = await lists.MessagesAsync(
            account, new MessageFilter { To = text.To, From = text.From, SentFrom = attempt.MarkedAt }, MostPages, cancellation);
        if (Settlement.Find(text, attempt.MarkedAt, deadline.Length, listed.Items, new HashSet<string>()) is null)
        {
            return (null, listed.Problem);
        }

        var taken = await lookup.TakenAsync(business.Id, text.Text, listed.Items.Select(message => message.Sid), cancellation);
        return (Settlement.Find(text, attempt.MarkedAt, deadline.Length, listed.Items, taken), listed.Problem);
    }

    private static Lead Decide(
        LeadSession session, OutboxItem item, SettleText text, OpenAttempt? attempt, ListedMessage? found, string? problem)
    {
        var row = session.Unit.OutboxRow(text.Text);
        if (row is null || attempt is null || !IsOpen(row.State))
        {
            session.Unit.Change(OutboxWork.To(item, OutboxStates.Done));
            return session.Lead;
        }

        if (found is not null)
        {
            RecordSmsStatus.Apply(
                session,
                new OutboxReference(row.Id, row.Tenant, item.StreamId!.Value, row.Kind, row.Body),
                new TwilioMessageStatus { MessageSid = found.Sid, To = found.To, From = found.From, Status = found.Status, ErrorCode = found.ErrorCode },
                SettledBy.ProviderList);
            session.Unit.Change(OutboxWork.To(item, OutboxStates.Done));
            return session.Lead;
        }

        if (PlantedDefect.Is(Defects.ResendIfAbsentFromList))
        {
            session.Unit.Change(OutboxWork.To(row, OutboxStates.Pending, session.Now));
            session.Unit.Change(OutboxWork.To(item, OutboxStates.Done));
            return session.Lead;
        }

        if (row.State == OutboxStates.Ambiguous && session.Now >= attempt.MarkedAt + Settlement.GivesUpAfter)
        {
            TellStaff(session, row, text, problem);
        }

        session.Unit.Change(Settlement.NextLook(attempt.MarkedAt, session.Now) is { } next
            ? OutboxWork.To(item, OutboxStates.Pending, next, problem) with { Uncount = true }
            : OutboxWork.To(item, OutboxStates.Done, error: problem));
        return session.Lead;
    }

    private static void TellStaff(LeadSession session, OutboxItem row, SettleText text, string? problem)
    {
        var message = session.Lead.Messages.FirstOrDefault(m => m.Id == text.Message);
        session.Record(new SmsUnconfirmed(
            text.Message, text.To, problem is null ? "the provider neither called back nor lists it" : $"the provider did not call back; {problem}"));
        session.Unit.Change(OutboxWork.To(row, OutboxStates.Unconfirmed));
        if (message is { Purpose: Purposes.OptOutConfirmation })
        {
            StaffNotice.Note(session, "The confirmation that texts have stopped may not have arrived.");
        }
        else if (message is not null)
        {
            StaffNotice.NoteOrTask(session, message, "The text may not have arrived. Do not rely on it; call.");
        }
    }

    private static bool IsOpen(string state) => state is OutboxStates.Ambiguous or OutboxStates.Unconfirmed;
}
