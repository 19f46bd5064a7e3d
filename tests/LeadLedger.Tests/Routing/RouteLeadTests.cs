using LeadLedger.Leads;
using LeadLedger.Routing;
using LeadLedger.Tests.Support;

namespace LeadLedger.Tests.Routing;

public sealed class RouteLeadTests
{
    private static readonly Lead NewLead = Given.Lead(TestApp.WednesdayMorning, Given.Call(TestApp.WednesdayMorning));

    [Theory]
    [Trait("Requirement", "C-18")]
    [InlineData("line with owner", "luis", "line")]
    [InlineData("line without owner", "dana", "business_default")]
    [InlineData("form with owner", "priya", "form")]
    [InlineData("unknown line", null, "triage")]
    [InlineData("no default", null, "triage")]
    public void The_first_rule_that_names_somebody_decides(string situation, string? owner, string rule)
    {
        var business = Given.Business(file =>
        {
            file["forms"]![0]!["owner"] = "priya";
            if (situation == "no default")
            {
                file.Remove("defaultOwner");
            }
        });
        var line = situation switch { "line with owner" => business.Lines[1], "line without owner" or "no default" => business.Lines[2], _ => null };
        var routed = RouteLead.Decide(business, NewLead, line, situation == "unknown line", situation == "form with owner" ? business.Forms[0] : null)!;
        Assert.Equal((owner, rule), (routed.Owner, routed.Rule));
        Assert.Equal(owner is null ? RouteLead.Triage : null, routed.Queue);
        Assert.Equal(rule is "line" or "form" ? 0 : 1, Math.Min(1, routed.Rejected.Count));
    }

    [Fact]
    [Trait("Requirement", "C-18")]
    public void An_owner_stays_whatever_line_is_called_next() =>
        Assert.Null(RouteLead.Decide(Given.Business(), NewLead with { Owner = "priya" }, Given.Business().Lines[1], false, null));
}
