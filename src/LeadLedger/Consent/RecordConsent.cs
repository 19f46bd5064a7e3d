using LeadLedger.EventStore;
using LeadLedger.Hosting;
using LeadLedger.Intake;
using LeadLedger.Leads;

namespace LeadLedger.Consent;

/// <summary>Consent that a person gave or took back to a member of the staff, with the evidence (CON-04, CON-05).</summary>
public sealed record RecordConsent(GateKey Contact, string Purpose, string State, string Evidence)
{
    private const int LongestEvidence = 2000;

    /// <summary>The body of the request.</summary>
    /// <param name="Value">The number or mailbox it is about; the lead's own when left out.</param>
    /// <param name="Purpose">transactional_reply, service_followup, marketing, review_request, email or call.</param>
    /// <param name="State">granted, denied or withdrawn.</param>
    /// <param name="Evidence">What was said or signed, when and to whom.</param>
    public sealed record Body(string? Value, string? Purpose, string? State, string? Evidence);

    public static CommandDecision Decide(Lead lead, RecordConsent command) =>
        lead.HasContactPoint(command.Contact.Kind, command.Contact.Value)
            ? CommandDecision.Of(new ConsentRecorded
            {
                Kind = command.Contact.Kind,
                Value = command.Contact.Value,
                Purpose = command.Purpose,
                State = command.State,
                Evidence = command.Evidence,
            })
            : CommandDecision.Wrong("value", "Name a number or mailbox of this lead; contactPoints lists them.");

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/api/leads/{id}/consents", HandleAsync).Requires(ApiAccess.Write).WithTags("Consent")
            .WithSummary("Record consent that was given or taken back, with its evidence")
            .Parameter("id", "The lead's id.").Accepts<Body>("application/json")
            .Produces<Lead>(200).ProducesProblem(400).ProducesProblem(404);

    private static async Task<IResult> HandleAsync(string id, HttpContext http, StaffCommands commands)
    {
        var (body, refusal) = await RequestJson.ReadAsync(http, ApiJson.Default.RecordConsentBody);
        if (body is null)
        {
            return refusal!;
        }

        if (body.Purpose is not { } purpose || !ConsentPurposes.All.Contains(purpose))
        {
            return RequestJson.Wrong("purpose", $"Use one of: {string.Join(", ", ConsentPurposes.All)}.");
        }

        if (body.State is not { } state || !ConsentPurposes.States.Contains(state))
        {
            return RequestJson.Wrong("state", $"Use one of: {string.Join(", ", ConsentPurposes.States)}.");
        }

        if (string.IsNullOrWhiteSpace(body.Evidence) || body.Evidence.Length > LongestEvidence)
        {
            return RequestJson.Wrong("evidence", $"Say what was said or signed, when and to whom, in 1 to {LongestEvidence} characters.");
        }

        var evidence = SafeText.Clean(body.Evidence).Trim();
        return await commands.OnLeadAsync(http, id, "record_consent", session =>
        {
            var lead = session.Lead;
            var named = body.Value ?? (purpose == ConsentPurposes.Email ? lead.Email : lead.Phone);
            if (NamedContact.Read(session.Business, named) is not { } contact)
            {
                return CommandDecision.Wrong("value", NamedContact.Fix);
            }

            session.Unit.Gate(contact);
            return Decide(lead, new RecordConsent(contact, purpose, state, evidence));
        });
    }
}
