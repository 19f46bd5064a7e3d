using LeadLedger.Hosting;
using LeadLedger.Intake;
using LeadLedger.Leads;

namespace LeadLedger.Callbacks;

/// <summary>A note of a person on a lead.</summary>
public sealed record AddNote(string Text, string By)
{
    private const int LongestText = 4000;

    /// <summary>The body of the request.</summary>
    /// <param name="Text">The note, at most 4,000 characters.</param>
    public sealed record Body(string? Text);

    public static CommandDecision Decide(AddNote command) => CommandDecision.Of(new NoteAdded(command.Text, command.By));

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/api/leads/{id}/notes", HandleAsync).Requires(ApiAccess.Write).WithTags("Leads")
            .WithSummary("Add a note to a lead")
            .Parameter("id", "The lead's id.").Accepts<Body>("application/json")
            .Produces<Lead>(200).ProducesProblem(400).ProducesProblem(404);

    private static async Task<IResult> HandleAsync(string id, HttpContext http, StaffCommands commands)
    {
        var (body, refusal) = await RequestJson.ReadAsync(http, ApiJson.Default.AddNoteBody);
        if (body is null)
        {
            return refusal!;
        }

        if (string.IsNullOrWhiteSpace(body.Text) || body.Text.Length > LongestText)
        {
            return RequestJson.Wrong("text", $"Write a note of 1 to {LongestText} characters.");
        }

        var by = ApiScope.Of(http).Caller.Name;
        return await commands.OnLeadAsync(http, id, "add_note", _ => Decide(new AddNote(SafeText.Clean(body.Text).Trim(), by)));
    }
}
