using LeadLedger.Businesses;
using LeadLedger.Contacting;
using LeadLedger.EventStore;
using LeadLedger.EventStore.Writing;
using LeadLedger.Hosting;
using LeadLedger.Intake;
using LeadLedger.Leads;
using LeadLedger.Reading;

namespace LeadLedger.Consent;

/// <summary>
/// No more texts to a number, because a person asked for it some other way than by text. It is recorded on every lead of the number, or on a
/// record of its own when nobody has used the number yet (CON-13).
/// </summary>
public sealed record SuppressContactPoint(GateKey Contact, string Reason, string By)
{
    private const int LongestReason = 300;

    /// <summary>The body of the request.</summary>
    /// <param name="Value">The number or mailbox.</param>
    /// <param name="Reason">How and when the person asked for it.</param>
    /// <param name="Business">The business; needed where the key sees several.</param>
    public sealed record Body(string? Value, string? Reason, string? Business);

    /// <summary>What each lead of the contact point records; nothing where it is suppressed already.</summary>
    public static CommandDecision Decide(ContactPoint point, SuppressContactPoint command) => point.SuppressedSince is null
        ? CommandDecision.Of(new OptedOut { Kind = command.Contact.Kind, Value = command.Contact.Value, Word = command.Reason, Via = "staff" })
        : CommandDecision.Nothing;

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPut("/api/contact-points/suppression", HandleAsync).Requires(ApiAccess.Write).WithTags("Consent")
            .WithSummary("Stop all texts to a number, for every lead and line of the business")
            .Accepts<Body>("application/json")
            .Produces(200, contentType: "application/json").ProducesProblem(400);

    private static async Task<IResult> HandleAsync(HttpContext http, StaffCommands commands)
    {
        var (body, refusal) = await RequestJson.ReadAsync(http, ApiJson.Default.SuppressContactPointBody);
        if (body is null)
        {
            return refusal!;
        }

        if (TargetBusiness.Of(http, body.Business, out var problem) is not { } business)
        {
            return problem!;
        }

        if (NamedContact.Read(business, body.Value) is not { } contact)
        {
            return RequestJson.Wrong("value", NamedContact.Fix);
        }

        if (string.IsNullOrWhiteSpace(body.Reason) || body.Reason.Length > LongestReason)
        {
            return RequestJson.Wrong("reason", $"Say how and when the person asked for it, in 1 to {LongestReason} characters.");
        }

        var command = new SuppressContactPoint(contact, SafeText.Line(body.Reason, LongestReason), ApiScope.Of(http).Caller.Name);
        var (point, streams) = await commands.WriteAsync(http, "suppress_contact_point", [contact], [], unit => Apply(unit, business, command));
        return GetContactPoint.Answer(business, contact, point, streams);
    }

    internal static (ContactPoint, IReadOnlyList<Guid>) Apply(WriteUnit unit, Business business, SuppressContactPoint command)
    {
        var contact = command.Contact;
        var decision = Decide((ContactPoint)unit.Gate(contact).State, command);
        if (decision.Facts.Count > 0)
        {
            if (!CaptureInquiry.LeadsOn(unit, business, contact).Any(lead => lead.MergedInto is null))
            {
                new LeadSession(unit, business, unit.Now.NewId())
                    .Record(new ContactRecordOpened(contact.Kind, contact.Value, command.By, command.Reason));
            }

            foreach (var lead in CaptureInquiry.LeadsOn(unit, business, contact).Where(lead => lead.MergedInto is null))
            {
                new LeadSession(unit, business, lead.Id).RecordAll(decision.Facts);
            }
        }

        var gate = unit.Gate(contact);
        return ((ContactPoint)gate.State, gate.Streams);
    }
}
