using System.Text.Json.Nodes;
using LeadLedger.Businesses;
using LeadLedger.Messaging;

namespace LeadLedger.Tests.Businesses;

/// <summary>Business files for tests, and the templates they rely on.</summary>
internal static class BusinessTexts
{
    /// <summary>The shortest useful file.</summary>
    public const string Minimal = """
        {
          "id": "northside", "name": "Northside Roofing", "author": "Dana", "effectiveFrom": "2026-11-20",
          "zone": "America/Chicago",
          "hours": { "monday": ["08:00-17:00"] },
          "staff": [{ "id": "dana", "name": "Dana Whitfield", "phone": "+12145550121" }],
          "lines": [{ "number": "+12145550100", "label": "Main line", "ringTo": "+12145550111" }],
          "forms": [{
            "id": "website", "label": "Website",
            "authentication": { "scheme": "shared_secret", "secret": { "env": "LEADLEDGER_TEST_SECRET" } },
            "fields": { "phone": "phone" }
          }],
          "urgentRoute": "call (214) 555-0190",
        }
        """;

    public static IReadOnlyDictionary<string, Template> Shipped { get; } = new[]
    {
        Shipping("ack-default"), Shipping("ack-form"), Shipping("ack-prior-customer"),
        Shipping("ack-storm") with { Class = TemplateClass.Marketing, Enabled = false },
    }.ToDictionary(template => template.Id);

    public static Business Load(string text) => BusinessFile.Parse("test.json", text, "/etc/leadledger", Shipped, (_, _) => []);

    /// <summary>The minimal file after a change to it.</summary>
    public static string With(Action<JsonObject> change)
    {
        var file = JsonNode.Parse(Minimal, null, new() { AllowTrailingCommas = true })!.AsObject();
        change(file);
        return file.ToJsonString();
    }

    public static IReadOnlyList<BusinessFileProblem> ProblemsOf(
        string text, Func<Template, Business, IReadOnlyList<string>>? lint = null) =>
        Assert.Throws<BusinessFileException>(
            () => BusinessFile.Parse("test.json", text, "/etc/leadledger", Shipped, lint ?? ((_, _) => []))).Problems;

    private static Template Shipping(string id) => new()
    {
        Id = id,
        Version = 3,
        Class = TemplateClass.Transactional,
        Text = "{{business_name}}: thank you.",
    };
}
