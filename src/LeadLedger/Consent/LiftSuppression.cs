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
/// RULE (C-31): a suppressed number is texted again only after START from the number, which lifts it by itself, or after later consent to texts
/// plus this confirmation by staff; and never while the provider itself blocks it.
/// </summary>
public sealed record LiftSuppression(GateKey Contact, string Note)
{
    private const int LongestNote = 300;

    /// <summary>The body of the request.</summary>
    /// <param name="Value">The number or mailbox.</param>
    /// <param name="Confirmed">true: somebody of the staff has read the consent and confirms it.</param>
    /// <param name="Note">Which consent was read.</param>
    /// <param name="Business">The business; needed where the key sees several.</param>
    public sealed record Body(string? Value, bool? Confirmed, string? Note, string? Business);

    public static CommandDecision Decide(ContactPoint point, LiftSuppression command)
    {
        if (point.SuppressedSince is not { } since)
        {
            return CommandDecision.Nothing;
        }

        if (point.BlockedByProvider)
        {
            return CommandDecision.Refuse(409, "blocked-by-provider",
                "The provider refuses this number since its STOP. Only a START or UNSTOP texted from the number itself lifts that.");
        }

        return point.Consents.Any(pair => ConsentPurposes.IsForTexts(pair.Key) && pair.Value.State == "granted" && pair.Value.At > since)
            ? CommandDecision.Of(new OptedIn { Kind = command.Contact.Kind, Value = command.Contact.Value, Word = command.Note, Via = "staff" })
            : CommandDecision.Refuse(409, "no-later-consent",
                $"The number opted out at {since} and no consent to texts came after it. It is lifted by a START from the number, or by consent "
                + "recorded with POST /api/leads/{id}/consents and then this confirmation.");
    }

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPut("/api/contact-points/suppression/lift", HandleAsync).Requires(ApiAccess.Write).WithTags("Consent")
            .WithSummary("Allow texts again after later consent, confirmed by staff")
            .Accepts<Body>("application/json")
            .Produces(200, contentType: "application/json").ProducesProblem(400).ProducesProblem(409);

    private static async Task<IResult> HandleAsync(HttpContext http, StaffCommands commands)
    {
        var (body, refusal) = await RequestJson.ReadAsync(http, ApiJson.Default.LiftSuppressionBody);
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

        if (body.Confirmed is not true)
        {
            return RequestJson.Wrong("confirmed", "Send true once somebody has read the consent; without it nothing is lifted.");
        }

        if (string.IsNullOrWhiteSpace(body.Note) || body.Note.Length > LongestNote)
        {
            return RequestJson.Wrong("note", $"Say which consent was read, in 1 to {LongestNote} characters.");
        }

        var command = new LiftSuppression(contact, SafeText.Line(body.Note, LongestNote));
        var (refused, point, streams) = await commands.WriteAsync(http, "lift_suppression", [contact], [], unit => Apply(unit, business, command));
        return refused is null ? GetContactPoint.Answer(business, contact, point, streams) : StaffCommands.Refused(refused);
    }

    private static (Refusal?, ContactPoint, IReadOnlyList<Guid>) Apply(WriteUnit unit, Business business, LiftSuppression command)
    {
        var decision = Decide((ContactPoint)unit.Gate(command.Contact).State, command);
        if (decision.Facts.Count > 0)
        {
            foreach (var lead in CaptureInquiry.LeadsOn(unit, business, command.Contact).Where(lead => lead.MergedInto is null))
            {
                new LeadSession(unit, business, lead.Id).RecordAll(decision.Facts);
            }
        }

        var gate = unit.Gate(command.Contact);
        return (decision.Refusal, (ContactPoint)gate.State, gate.Streams);
    }
}
