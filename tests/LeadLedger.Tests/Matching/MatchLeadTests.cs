using LeadLedger.Leads;
using LeadLedger.Matching;
using LeadLedger.Tests.Support;
using NodaTime;

namespace LeadLedger.Tests.Matching;

/// <summary>Which lead an inquiry is, decided on values.</summary>
public sealed class MatchLeadTests
{
    private const string Phone = "+12145557001";
    private static readonly Instant Now = TestApp.WednesdayMorning;
    private static readonly LeadLedger.Businesses.MatchRules Rules = new();

    [Theory]
    [Trait("Requirement", "C-12")]
    [InlineData("Maria Lopez", "maria@example.com", true)]
    [InlineData("lopez, maria", "other@example.com", true)]
    [InlineData("Peter Novak", "maria@example.com", true)]
    [InlineData("Peter Novak", null, true)]
    [InlineData(null, null, true)]
    [InlineData("Peter Novak", "peter@example.com", false)]
    public void A_phone_attaches_unless_name_and_mail_both_differ(string? name, string? email, bool joins)
    {
        var known = Given.Lead(Now, Given.Form(Now));
        var result = MatchLead.Decide(new Identity(Phone, email, false, name, false), [known], [], Rules, Now);
        Assert.Equal(joins ? known.Id : null, result.Joins);
        Assert.Equal(joins ? MatchOutcomes.Attached : MatchOutcomes.SharedNumber, result.Match.Outcome);
        Assert.Equal(joins ? 0 : 1, result.Suggestions.Count);
    }

    [Fact]
    [Trait("Requirement", "C-12")]
    public void Another_verified_mail_alone_prevents_the_match() => Assert.Null(
        MatchLead.Decide(new Identity(Phone, "other@example.com", true, "Maria Lopez", false), [Given.Lead(Now, Given.Form(Now))], [], Rules, Now).Joins);

    [Theory]
    [Trait("Requirement", "C-13")]
    [InlineData("maria@example.com", null, false, true)]
    [InlineData("maria@example.com", "+12145557009", false, false)]
    [InlineData("maria@example.com", "+12145557009", true, true)]
    [InlineData("info@example.com", null, true, false)]
    public void An_unverified_mail_attaches_only_where_no_phone_contradicts(string email, string? phone, bool verified, bool joins)
    {
        var known = Given.Lead(Now, Given.Form(Now, email: email));
        var result = MatchLead.Decide(new Identity(phone, email, verified, "Maria Lopez", false), [], [known], Rules, Now);
        Assert.Equal(joins ? known.Id : null, result.Joins);
    }

    [Theory]
    [Trait("Requirement", "MRG-04")]
    [InlineData(90, false, MatchOutcomes.Attached)]
    [InlineData(91, false, MatchOutcomes.PriorCustomer)]
    [InlineData(30, true, MatchOutcomes.Attached)]
    [InlineData(31, true, MatchOutcomes.PriorCustomer)]
    public void Only_a_recent_lead_is_joined(int days, bool closed, string outcome)
    {
        var then = Now - Duration.FromDays(days);
        var known = Given.Lead(then, Given.Form(then)) with { ClosedAt = closed ? then : null };
        Assert.Equal(outcome, MatchLead.Decide(new Identity(Phone, null, false, null, false), [known], [], Rules, Now).Match.Outcome);
    }

    [Fact]
    [Trait("Requirement", "ING-21")]
    public void A_withheld_caller_never_matches_anything()
    {
        var known = Given.Lead(Now, Given.Call(Now, null) with { Withheld = true });
        Assert.Null(MatchLead.Decide(new Identity(null, null, false, null, true), [known], [known], Rules, Now).Joins);
    }

    [Fact]
    [Trait("Requirement", "MRG-07")]
    public void A_nameless_call_on_a_shared_number_is_nobodys_until_a_person_picks()
    {
        var maria = Given.Lead(Now, Given.Form(Now));
        var peter = Given.Lead(Now, Given.Form(Now, "Peter Novak", Phone, "peter@example.com"));
        var result = MatchLead.Decide(new Identity(Phone, null, false, null, false), [maria, peter], [], Rules, Now);
        Assert.Null(result.Joins);
        Assert.Equal((MatchOutcomes.NumberLevel, 2), (result.Match.Outcome, result.Match.Others.Count));
    }

    [Fact]
    public void On_a_shared_number_a_name_that_agrees_finds_its_lead()
    {
        var maria = Given.Lead(Now, Given.Form(Now));
        var peter = Given.Lead(Now, Given.Form(Now, "Peter Novak", Phone, "peter@example.com"));
        Assert.Equal(peter.Id, MatchLead.Decide(new Identity(Phone, null, false, "Peter Novak", false), [maria, peter], [], Rules, Now).Joins);
    }

    [Fact]
    public void A_merged_lead_is_never_joined()
    {
        var gone = Given.Lead(Now, Given.Form(Now)) with { MergedInto = Guid.Empty };
        Assert.Null(MatchLead.Decide(new Identity(Phone, null, false, null, false), [gone], [gone], Rules, Now).Joins);
    }
}
