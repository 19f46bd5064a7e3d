using System.Text.Json;
using LeadLedger.Businesses;
using LeadLedger.Calendars;
using LeadLedger.Hosting;
using LeadLedger.Messaging;
using NodaTime;

namespace LeadLedger.Reading;

/// <summary>What a business file says, without its secrets: what every decision was made by.</summary>
public static class GetBusiness
{
    public static void MapGetBusiness(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/business", Handle).Requires(ApiAccess.Read).ForAuditors(AuditorView.NothingPersonal).WithTags("Businesses")
            .WithSummary("The businesses in sight: lines, forms, staff, sending windows, templates with what the linter says")
            .Query("business", "Only this business; for keys that see several.")
            .Produces(200, contentType: "application/json");

    private static JsonAnswer Handle(HttpContext http) => JsonAnswer.Page(ApiScope.Of(http).Businesses, null, Write);

    private static void Write(Utf8JsonWriter json, Business business)
    {
        json.WriteStartObject();
        json.WriteString("id", business.Id);
        json.WriteString("name", business.Name);
        json.WriteString("zone", business.Zone.Id);
        json.WriteString("region", business.Region);
        json.WriteString("locale", business.Locale);
        json.WriteString("profile", Name(business.Profile));
        json.WriteString("policyVersion", business.PolicyVersion);
        json.WriteString("author", business.Author);
        json.WriteString("effectiveFrom", business.EffectiveFrom.ToString("uuuu'-'MM'-'dd", null));
        json.WriteBoolean("testMode", business.TestMode);
        json.WriteString("defaultOwner", business.DefaultOwner);
        json.WriteString("urgentRoute", business.UrgentRoute);
        json.WriteTexts("urgentWords", business.UrgentWords);
        WriteLines(json, business);
        WriteForms(json, business);
        WriteStaff(json, business);
        WriteSending(json, business.Sending);
        WriteLadder(json, business.Tasks);
        WriteTemplates(json, business);
        json.WriteEndObject();
    }

    private static void WriteLines(Utf8JsonWriter json, Business business)
    {
        json.WriteStartArray("lines");
        foreach (var line in business.Lines)
        {
            json.WriteStartObject();
            json.WriteString("number", line.Number.E164);
            json.WriteString("label", line.Label);
            json.WriteString("owner", line.Owner);
            json.WriteString("mode", Name(line.Mode));
            json.WriteString("ringTo", line.RingTo?.E164);
            json.WriteNumber("ringSeconds", line.RingSeconds);
            json.WriteBoolean("voicemail", line.Voicemail);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteForms(Utf8JsonWriter json, Business business)
    {
        json.WriteStartArray("forms");
        foreach (var form in business.Forms)
        {
            json.WriteStartObject();
            json.WriteString("id", form.Id);
            json.WriteString("label", form.Label);
            json.WriteString("version", form.Version);
            json.WriteString("kind", Name(form.Kind));
            json.WriteString("authentication", Name(form.Authentication.Scheme));
            json.WriteTexts("required", form.Required);
            json.WriteString("consentText", form.Consent?.Text);
            json.WriteTexts("consentPurposes", form.Consent?.Purposes ?? []);
            json.WriteString("owner", form.Owner);
            json.WriteBoolean("testMode", form.TestMode);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteStaff(Utf8JsonWriter json, Business business)
    {
        json.WriteStartArray("staff");
        foreach (var member in business.Staff)
        {
            json.WriteStartObject();
            json.WriteString("id", member.Id);
            json.WriteString("name", member.Name);
            json.WriteBoolean("alertBySms", member.AlertBySms && member.Phone is not null);
            json.WriteBoolean("alertByEmail", member.AlertByEmail && member.Email is not null);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteSending(Utf8JsonWriter json, SendingRules sending)
    {
        json.WriteStartObject("sending");
        WriteWindow(json, "acknowledgement", sending.Acknowledgement);
        WriteWindow(json, "followUp", sending.FollowUp);
        json.WriteBoolean("followUpEnabled", sending.FollowUpEnabled);
        json.WriteBoolean("billingActive", sending.BillingActive);
        json.WriteTexts("allowedRegions", sending.AllowedRegions);
        json.WriteString("whenCrmIsDown", JsonNamingPolicy.SnakeCaseLower.ConvertName(sending.WhenCrmIsDown.ToString()));
        json.WriteEndObject();
    }

    private static void WriteWindow(Utf8JsonWriter json, string name, SendingWindow window)
    {
        json.WriteStartObject(name);
        json.WriteString("name", window.Name);
        foreach (var day in Enum.GetValues<IsoDayOfWeek>().Where(day => day != IsoDayOfWeek.None))
        {
            json.WriteTexts(JsonNamingPolicy.CamelCase.ConvertName(day.ToString()), window.Hours[day].Select(hours => hours.ToString()));
        }

        json.WriteEndObject();
    }

    private static void WriteLadder(Utf8JsonWriter json, TaskRules tasks)
    {
        json.WriteStartObject("tasks");
        json.WriteNumber("dueInSeconds", (long)tasks.DueIn.TotalSeconds);
        json.WriteStartArray("ladder");
        foreach (var rung in tasks.Ladder)
        {
            json.WriteStartObject();
            json.WriteString("name", rung.Name);
            json.WriteNumber("afterSeconds", (long)rung.After.TotalSeconds);
            json.WriteString("audience", Name(rung.Audience));
            json.WriteBoolean("onlyUnclaimed", rung.OnlyUnclaimed);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteTemplates(Utf8JsonWriter json, Business business)
    {
        var context = new LintContext(business.Name, business.UrgentRoute, business.Profile.IsHealthcare());
        json.WriteStartArray("templates");
        foreach (var template in business.Templates.Values.OrderBy(template => template.Id, StringComparer.Ordinal))
        {
            json.WriteStartObject();
            json.WriteString("id", template.Id);
            json.WriteNumber("version", template.Version);
            json.WriteString("class", TemplateClasses.Name(template.Class));
            json.WriteString("locale", template.Locale);
            json.WriteString("text", template.Text);
            json.WriteString("namelessText", template.NamelessText);
            json.WriteBoolean("enabled", template.Enabled);
            json.WriteNumber("maxSegments", template.MaxSegments);
            json.WriteString("author", template.Author);
            json.WriteString("effectiveFrom", template.EffectiveFrom);
            json.WriteStartArray("lint");
            foreach (var finding in TemplateLinter.Check(template, context))
            {
                json.WriteStartObject();
                json.WriteString("rule", finding.Rule);
                json.WriteString("severity", Name(finding.Severity));
                json.WriteString("message", finding.Message);
                json.WriteString("excerpt", finding.Excerpt);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static string Name<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());
}
