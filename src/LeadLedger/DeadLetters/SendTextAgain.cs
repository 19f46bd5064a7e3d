using System.Text.Json;
using LeadLedger.EventStore;
using LeadLedger.EventStore.Outbox;
using LeadLedger.EventStore.Writing;
using LeadLedger.Hosting;
using LeadLedger.Leads;
using LeadLedger.Merging;
using LeadLedger.Sending;
using NodaTime;

namespace LeadLedger.DeadLetters;

/// <summary>
/// A person wants the answer to an inquiry sent after all. That is a new decision by that person, with words of its own and an effect of its
/// own, and it passes every gate again; the text before it only no longer counts as an answer. Each text can be replaced once.
/// </summary>
public static class SendTextAgain
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPut("/api/dead-letters/{id}/send-again", HandleAsync).Requires(ApiAccess.Write).WithTags("Operations")
            .WithSummary("Decide anew whether a text may be sent, and send it")
            .Parameter("id", "The work item's id.")
            .Produces(200, contentType: "application/json").ProducesProblem(404).ProducesProblem(409);

    private static async Task<IResult> HandleAsync(string id, HttpContext http, DeadLetterWork work, Ledger ledger, ServiceAddress address, IClock clock)
    {
        var scope = ApiScope.Of(http);
        if (await work.FindAsync(scope.Tenants, id, http.RequestAborted) is not { } place)
        {
            return StaffCommands.Refused(DeadLetter.RefusalOf(null, DeadLetter.SendAgain)!);
        }

        if (place.Kind != WorkKinds.SendSms)
        {
            return Problems.Of(409, "retry-instead", "Only a text is sent again. Have this tried again with PUT /api/dead-letters/{id}/retry.");
        }

        var text = JsonSerializer.Deserialize(place.Body, LedgerJsonContext.Default.SendSms)!;
        var events = await ledger.FetchAsync(new StreamKey(place.Tenant, place.Stream!.Value), cancellation: http.RequestAborted);
        var requested = events.Select(e => e.Data).OfType<SmsRequested>().FirstOrDefault(e => e.Message == text.Message);
        var inquiry = requested is null
            ? null
            : await InquiryFacts.FindAsync(ledger, new StreamKey(place.Tenant, place.Stream!.Value), requested.Inquiry, http.RequestAborted);
        if (inquiry is null || text.Purpose != Purposes.Acknowledgement)
        {
            return Problems.Of(409, "no-inquiry", "Only the first answer to an inquiry can be sent again. Call, or discard it.");
        }

        var business = scope.Find(place.Tenant)!;
        Guid? message = null;
        var refusal = await work.DecideAsync(
            scope,
            place,
            DeadLetter.SendAgain,
            [WorkInquiry.PhoneKey(business, text.To), .. WorkInquiry.ExtraGates(business, clock.GetCurrentInstant())],
            (session, unit, row) => Apply(session!, unit, row, inquiry, text, address.Links, scope.Caller.Name, out message));
        return refusal is not null ? StaffCommands.Refused(refusal) : new JsonAnswer(json =>
        {
            json.WriteStartObject();
            json.WriteString("id", place.Id);
            json.WriteString("state", OutboxStates.Cancelled);
            json.WriteString("message", message!.Value);
            json.WriteEndObject();
        });
    }

    private static Refusal? Apply(
        LeadSession session, WriteUnit unit, OutboxItem row, IInquiry inquiry, SendSms text, StaffLinks links, string by, out Guid? message)
    {
        message = null;
        session = session.About(text.Message);
        if (session.Lead.MergedInto is { } into)
        {
            return new Refusal(409, "merged", $"The lead was merged into {into}. Answer there.");
        }

        var earlier = session.Lead.Decisions.FirstOrDefault(d => d.Inquiry == inquiry.Inquiry && d.Purpose == Purposes.Acknowledgement);
        var outcome = WorkInquiry.Acknowledge(
            session, inquiry, InquiryContext.Again(session.Business, inquiry, links), earlier?.Id, replaces: text.Message);
        if (outcome.Outcome != "permitted")
        {
            // The decision stands in the history; the work goes on waiting.
            return new Refusal(409, "not-permitted", $"It may not be sent ({string.Join(", ", outcome.Codes)}). {outcome.Counterfactual}");
        }

        message = session.Lead.Messages[0].Id;
        session.Record(new WorkRetried(row.Id, row.Kind, row.State, by));
        unit.Change(OutboxWork.To(row, OutboxStates.Cancelled));
        unit.Record(DeadLetterWork.LogLine(row, DeadLetter.SendAgain, by, message.ToString()));
        return null;
    }
}
