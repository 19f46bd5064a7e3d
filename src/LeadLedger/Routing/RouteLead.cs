using LeadLedger.Businesses;
using LeadLedger.Leads;

namespace LeadLedger.Routing;

/// <summary>
/// RULE (C-18, RTE-03, RTE-07): who owns this lead? The owner it has, else the line's, else the form's, else the business default, else the
/// triage queue. Null when nothing changes.
/// </summary>
public static class RouteLead
{
    public const string Triage = "triage";

    /// <param name="business">Lines, forms and staff.</param>
    /// <param name="lead">The lead before.</param>
    /// <param name="line">The line called or texted; null when the inquiry named none.</param>
    /// <param name="lineUnknown">It named one that is not configured.</param>
    /// <param name="form">The form; null for other inquiries.</param>
    public static LeadRouted? Decide(Business business, Lead lead, Line? line, bool lineUnknown, Form? form)
    {
        if (lead.Owner is not null || (lead.Queue is not null && lead.HasOpenTask))
        {
            return null;
        }

        var rejected = new List<string>();
        if (business.StaffOf(line?.Owner) is { } byLine)
        {
            return To(byLine, "line", $"owner of the line {line!.Label}", rejected);
        }

        if (line is not null)
        {
            rejected.Add($"line {line.Label}: no owner");
        }

        if (business.StaffOf(form?.Owner) is { } byForm)
        {
            return To(byForm, "form", $"owner of the form {form!.Label}", rejected);
        }

        if (form is not null)
        {
            rejected.Add($"form {form.Label}: no owner");
        }

        if (lineUnknown)
        {
            rejected.Add("the number called is no line of this business");
            return new LeadRouted { Queue = Triage, Rule = "triage", RoutingReason = "unknown line: a person decides", Rejected = rejected };
        }

        if (business.StaffOf(business.DefaultOwner) is { } byDefault)
        {
            return To(byDefault, "business_default", "default owner of the business", rejected);
        }

        rejected.Add("the business has no default owner");
        return new LeadRouted { Queue = Triage, Rule = "triage", RoutingReason = "no rule found an owner: a person decides", Rejected = rejected };
    }

    private static LeadRouted To(StaffMember member, string rule, string reason, IReadOnlyList<string> rejected) =>
        new() { Owner = member.Id, Rule = rule, RoutingReason = reason, Rejected = rejected };
}
