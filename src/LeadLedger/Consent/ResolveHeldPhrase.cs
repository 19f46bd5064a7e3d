using System.Text.Json;
using LeadLedger.Contacting;
using LeadLedger.EventStore;
using LeadLedger.EventStore.Outbox;
using LeadLedger.Hosting;
using LeadLedger.Intake;
using LeadLedger.Leads;
using LeadLedger.Sending;

namespace LeadLedger.Consent;

/// <summary>
/// A person has read words that might be an opt-out. If they are one, the number is suppressed for every lead on it; if not, what was held is
/// decided again.
/// </summary>
public sealed record ResolveHeldPhrase(string Number, bool OptOut, string By)
{
    /// <summary>The body of the request.</summary>
    /// <param name="OptOut">true: it was an opt-out; false: it was not.</param>
    public sealed record Body(bool? OptOut);

    public static CommandDecision Decide(ResolveHeldPhrase command) =>
        CommandDecision.Of(new OptOutPhraseResolved(ContactPoint.Phone, command.Number, command.OptOut, command.By));

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPut("/api/leads/{id}/held-phrase", HandleAsync).Requires(ApiAccess.Write).WithTags("Consent")
            .WithSummary("Say whether a held phrase was an opt-out")
            .Parameter("id", "The lead's id.").Accepts<Body>("application/json")
            .Produces<Lead>(200).ProducesProblem(400).ProducesProblem(404).ProducesProblem(409);

    private static async Task<IResult> HandleAsync(string id, HttpContext http, StaffCommands commands)
    {
        var (body, refusal) = await RequestJson.ReadAsync(http, ApiJson.Default.ResolveHeldPhraseBody);
        if (body is null)
        {
            return refusal!;
        }

        if (body.OptOut is not { } optOut)
        {
            return RequestJson.Wrong("optOut", "Write true when it was an opt-out, false when it was not.");
        }

        var by = ApiScope.Of(http).Caller.Name;
        return await commands.OnLeadAsync(http, id, "resolve_held_phrase", session =>
        {
            var phones = session.Lead.ContactPoints.Where(point => point.Kind == ContactPoint.Phone)
                .Select(point => new GateKey(session.Business.Id, point.Kind, point.Value)).ToArray();
            session.Unit.Require(phones, []);
            var held = phones.Where(phone => ((ContactPoint)session.Unit.Gate(phone).State).Held).ToArray();
            if (held.Length == 0)
            {
                return CommandDecision.Refuse(409, "nothing-held", "No phrase of this lead waits for a person.");
            }

            foreach (var phone in held)
            {
                Tell(session, phone, optOut);
                session.RecordAll(Decide(new ResolveHeldPhrase(phone.Value, optOut, by)).Facts);
            }

            if (!optOut)
            {
                DecideAgain(session);
            }

            return CommandDecision.Nothing;
        });
    }

    // The other leads of the number show it too; the gate row itself is changed by the fact on this lead.
    private static void Tell(LeadSession session, GateKey phone, bool optOut)
    {
        if (!optOut)
        {
            return;
        }

        foreach (var other in CaptureInquiry.LeadsOn(session.Unit, session.Business, phone)
            .Where(lead => lead.MergedInto is null && lead.Id != session.Key.Id))
        {
            new LeadSession(session.Unit, session.Business, other.Id)
                .Record(new OptedOut { Kind = phone.Kind, Value = phone.Value, Word = "phrase", Via = "staff" });
        }
    }

    private static void DecideAgain(LeadSession session)
    {
        var held = session.Lead.Decisions.FirstOrDefault(decision =>
            decision.Purpose == Purposes.Acknowledgement && decision.Codes.Contains(ReasonCodes.OptOutPhraseHeld));
        if (held is null)
        {
            return;
        }

        session.Unit.Enqueue(session.Business.Id, session.Key, new OutboxMessage
        {
            Kind = WorkKinds.ReconsiderInquiry,
            EffectKey = $"reconsider:{held.Id:N}:phrase",
            DueAt = session.Now,
            Body = JsonSerializer.SerializeToUtf8Bytes(
                new ReconsiderInquiry(held.Inquiry, held.Purpose), LedgerJsonContext.Default.ReconsiderInquiry),
        });
    }
}
