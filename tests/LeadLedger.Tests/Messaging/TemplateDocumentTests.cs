using System.Globalization;
using System.Text;
using LeadLedger.Messaging;

namespace LeadLedger.Tests.Messaging;

/// <summary>
/// docs/templates.md lists what is shipped. To write it anew after a change, run this test with
/// LEADLEDGER_WRITE_DOCS=1 in the environment.
/// </summary>
public sealed class TemplateDocumentTests
{
    private static readonly LintContext Sample = new("Lone Star Roofing and Repair", "call (512) 555-0100 and press 1");

    [Fact]
    [Trait("Requirement", "ACK-09")]
    public void The_document_lists_every_template_and_variable_as_shipped()
    {
        var path = RepositoryFiles.PathOf("docs", "templates.md");
        var expected = Document();
        if (Environment.GetEnvironmentVariable("LEADLEDGER_WRITE_DOCS") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, expected);
        }

        Assert.Equal(expected, File.ReadAllText(path));
    }

    private static string Document()
    {
        var page = new StringBuilder(
            $"""
            # Templates

            The texts every business starts with. A business file may change any of them or add its own; each is checked by the
            linter before it is used. Lengths are at worst-case values with the opt-out line, for a business named
            "{Sample.BusinessName}" ({Sample.BusinessName.Length} characters) with the urgent route "{Sample.UrgentRoute}".
            Alerts to staff shorten the message, the page and the note until they fit.

            The second text of a template is the nameless one, used when the first name is unknown. The renderer adds
            "{OptOutLines.English}" or "{OptOutLines.Spanish}" to every text for leads that does not say STOP itself.

            """);

        page.Append("\n## Overview\n\n| Template | Class | For | Enabled | Units | Segments | Allowed |\n|---|---|---|---|---|---|---|\n");
        foreach (var template in ShippedTemplates.All)
        {
            var worst = TemplateCost.WorstCase(template, Sample);
            page.Append(
                CultureInfo.InvariantCulture,
                $"| {template.Id} | {Name(template.Class)} | {(template.Audience == TemplateAudience.Lead ? "lead" : "staff")} " +
                $"| {(template.Enabled ? "yes" : "no")} | {worst.Units} | {worst.Segments} | {template.MaxSegments} |\n");
        }

        page.Append("\n## Texts\n");
        foreach (var template in ShippedTemplates.All)
        {
            page.Append(CultureInfo.InvariantCulture, $"\n### {template.Id}\n\n```\n{template.Text}\n```\n");
            page.Append(template.NamelessText is null ? "" : $"\n```\n{template.NamelessText}\n```\n");
            var reasons = template.Enabled ? [] : TemplateLinter.Check(template, Sample);
            foreach (var reason in reasons)
            {
                page.Append(CultureInfo.InvariantCulture, $"\n- {reason.Rule}: {reason.Message} ({reason.Excerpt})");
            }

            page.Append(reasons.Count > 0 ? "\n" : "");
        }

        page.Append("\n## Variables\n\n| Variable | Meaning | Longest | Privacy | Without it | For leads |\n|---|---|---|---|---|---|\n");
        foreach (var variable in TemplateVariables.All)
        {
            page.Append(
                CultureInfo.InvariantCulture,
                $"| {variable.Name} | {variable.Meaning} | {variable.MaxLength} | {Name(variable.Class)} " +
                $"| {Without(variable)} | {(variable.StaffOnly ? "no" : "yes")} |\n");
        }

        return page.ToString();
    }

    private static string Name(TemplateClass value) => value switch
    {
        TemplateClass.ReviewRequest => "review_request",
        _ => value.ToString().ToLowerInvariant(),
    };

    private static string Name(VariableClass value) => value switch
    {
        VariableClass.ServiceDetail => "service_detail",
        _ => value.ToString().ToLowerInvariant(),
    };

    private static string Without(TemplateVariable variable) => variable.WhenMissing switch
    {
        WhenMissing.Refuse => "not sent",
        WhenMissing.OmitWords => "words left out",
        WhenMissing.Fallback => $"\"{variable.Fallback}\"",
        _ => variable.Name == "first_name" ? "nameless text" : "line left out",
    };
}
