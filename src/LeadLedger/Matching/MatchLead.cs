using LeadLedger.Businesses;
using LeadLedger.Contacting;
using LeadLedger.Leads;
using NodaTime;

namespace LeadLedger.Matching;

/// <summary>What an inquiry says of the person behind it.</summary>
/// <param name="Phone">Usable number in E.164; null when withheld or too short to identify anybody.</param>
/// <param name="EmailKey">E-mail in comparison form.</param>
/// <param name="EmailVerified">The address was proved by a reply or a link.</param>
/// <param name="Name">The name given.</param>
/// <param name="Withheld">The caller id was withheld: never matched with anything.</param>
public sealed record Identity(string? Phone, string? EmailKey, bool EmailVerified, string? Name, bool Withheld);

/// <summary>Where an inquiry goes.</summary>
/// <param name="Joins">The lead it joins; null opens a new one.</param>
/// <param name="Match">What is stored about it.</param>
/// <param name="Suggestions">Leads that a person may want to merge with it, with the reason.</param>
public sealed record MatchResult(Guid? Joins, Match Match, IReadOnlyList<(Guid Lead, string Reason, int Score)> Suggestions);

/// <summary>
/// RULE (C-12, C-13, MRG-02..05): which lead is this? A phone identifies a contact point, not a person: an inquiry joins a recent lead
/// only on an exact identifier that nothing contradicts. Anything else is a new lead and, at most, a suggestion.
/// </summary>
public static class MatchLead
{
    /// <summary>Shared mailboxes name a desk, not a person (C-13).</summary>
    private static readonly HashSet<string> RoleMailboxes = new(StringComparer.Ordinal)
    {
        "info", "office", "contact", "hello", "admin", "sales", "support", "mail", "team", "billing", "service", "help",
        "reception", "frontdesk", "enquiries", "inquiries",
    };

    /// <param name="identity">Who it seems to be.</param>
    /// <param name="byPhone">Leads on the number's gate row, most recent first.</param>
    /// <param name="byEmail">Leads on the mailbox's gate row, most recent first.</param>
    /// <param name="rules">How recent a lead must be.</param>
    /// <param name="now">Now.</param>
    public static MatchResult Decide(
        Identity identity, IReadOnlyList<Lead> byPhone, IReadOnlyList<Lead> byEmail, MatchRules rules, Instant now)
    {
        if (identity.Withheld)
        {
            return Opens(MatchOutcomes.Withheld, "caller_id_withheld", rules, [], []);
        }

        var onPhone = byPhone.Where(lead => lead.MergedInto is null).ToArray();
        var onEmail = byEmail.Where(lead => lead.MergedInto is null).ToArray();
        var recent = onPhone.Where(lead => IsRecent(lead, rules, now)).ToArray();

        // A bare opt-out left its number behind; the first real inquiry makes it a lead.
        if (recent is [{ Kind: LeadKind.ContactOnly }] && identity.Phone is not null)
        {
            return Joins(recent[0], identity, "phone_agrees", rules);
        }

        recent = [.. recent.Where(lead => lead.Kind != LeadKind.ContactOnly)];
        var people = recent.Where(lead => lead.Kind == LeadKind.Lead).ToArray();
        var agreeing = people.Where(lead => !Contradicts(lead, identity)).ToArray();
        if (people.Length > 1 && identity is { Name: null, EmailKey: null })
        {
            // Several people answer to this number and nothing says which: the number's own inquiry, for a person to pick.
            return recent.FirstOrDefault(lead => lead.Kind == LeadKind.NumberLevel && lead.IsOpen) is { } open
                ? Joins(open, identity, "number_awaits_a_pick", rules)
                : Opens(MatchOutcomes.NumberLevel, "several_people_on_number", rules, Ids(people), []);
        }

        if (Best(agreeing, identity) is { } match)
        {
            return Joins(match, identity, "phone_agrees", rules);
        }

        if (people.Length > 0)
        {
            var suggestions = people.Select(lead => (lead.Id, "same phone, different name and e-mail", 40)).ToArray();
            return Opens(MatchOutcomes.SharedNumber, "contradicted", rules, Ids(people), suggestions);
        }

        return ByEmail(identity, onPhone, onEmail, rules, now);
    }

    /// <summary>Whether two names are the same but for case, spacing and the order of first and last.</summary>
    public static bool SameName(string a, string b) => NameKey(a) == NameKey(b);

    /// <summary>The comparison form of a usable e-mail address; shared mailboxes included.</summary>
    public static bool IsRoleMailbox(string emailKey)
    {
        var at = emailKey.IndexOf('@', StringComparison.Ordinal);
        return at > 0 && RoleMailboxes.Contains(emailKey[..at]);
    }

    private static MatchResult ByEmail(
        Identity identity, IReadOnlyList<Lead> onPhone, IReadOnlyList<Lead> onEmail, MatchRules rules, Instant now)
    {
        var suggestions = new List<(Guid, string, int)>();
        if (identity.EmailKey is { } email && !IsRoleMailbox(email))
        {
            foreach (var lead in onEmail.Where(lead => IsRecent(lead, rules, now) && lead.Kind == LeadKind.Lead))
            {
                var phoneContradicts = identity.Phone is not null
                    && lead.ContactPoints.Any(point => point.Kind == ContactPoint.Phone)
                    && !lead.HasContactPoint(ContactPoint.Phone, identity.Phone);
                if (identity.EmailVerified || !phoneContradicts)
                {
                    return Joins(lead, identity, identity.EmailVerified ? "verified_email_agrees" : "email_agrees", rules);
                }

                suggestions.Add((lead.Id, "same e-mail, another phone", 60));
            }
        }

        var prior = onPhone.Concat(onEmail).Where(lead => !IsRecent(lead, rules, now) && lead.Kind == LeadKind.Lead)
            .MaxBy(lead => lead.LastInquiryAt);
        if (prior is not null && !Contradicts(prior, identity))
        {
            return Opens(MatchOutcomes.PriorCustomer, "older_than_the_match_window", rules, [prior.Id], suggestions);
        }

        return Opens(MatchOutcomes.New, suggestions.Count > 0 ? "contradicted" : "nothing_agrees", rules,
            [.. suggestions.Select(s => s.Item1)], suggestions);
    }

    // With a name or an address given, a lead that agrees in it is a better match than one that merely does not object.
    private static Lead? Best(Lead[] agreeing, Identity identity)
    {
        if (agreeing.Length <= 1)
        {
            return agreeing.Length == 1 ? agreeing[0] : null;
        }

        var sure = agreeing.Where(lead => AgreesInPerson(lead, identity)).ToArray();
        return sure.Length >= 1 ? sure.MaxBy(lead => lead.LastInquiryAt) : null;
    }

    private static bool AgreesInPerson(Lead lead, Identity identity) =>
        (identity.EmailKey is { } email && lead.HasContactPoint(ContactPoint.Email, email))
        || (identity.Name is { } name && lead.Name is { } known && SameName(name, known));

    // Another verified e-mail alone contradicts; otherwise name and e-mail must both differ.
    private static bool Contradicts(Lead lead, Identity identity)
    {
        var emails = lead.ContactPoints.Where(point => point.Kind == ContactPoint.Email).ToArray();
        var emailDiffers = identity.EmailKey is { } email && emails.Length > 0 && !emails.Any(point => point.Value == email);
        var nameDiffers = identity.Name is { } name && lead.Name is { } known && !SameName(name, known);
        return emailDiffers && (identity.EmailVerified || nameDiffers);
    }

    private static bool IsRecent(Lead lead, MatchRules rules, Instant now) =>
        now - lead.LastInquiryAt <= (lead.ClosedAt is null ? rules.OpenFor : rules.ClosedFor);

    private static MatchResult Joins(Lead lead, Identity identity, string reason, MatchRules rules)
    {
        var keys = new List<string>(2);
        if (identity.Phone is { } phone && lead.HasContactPoint(ContactPoint.Phone, phone))
        {
            keys.Add($"phone:{phone}");
        }

        if (identity.EmailKey is { } email && lead.HasContactPoint(ContactPoint.Email, email))
        {
            keys.Add($"email:{email}");
        }

        return new MatchResult(lead.Id, new Match(MatchOutcomes.Attached, keys, reason, rules.Version, []), []);
    }

    private static MatchResult Opens(
        string outcome,
        string reason,
        MatchRules rules,
        IReadOnlyList<Guid> others,
        IReadOnlyList<(Guid Lead, string Reason, int Score)> suggestions) =>
        new(null, new Match(outcome, [], reason, rules.Version, others), suggestions);

    private static IReadOnlyList<Guid> Ids(IEnumerable<Lead> leads) => [.. leads.Select(lead => lead.Id)];

    private static string NameKey(string name) =>
        string.Join(' ', name.Split([' ', ',', '.', '\t'], StringSplitOptions.RemoveEmptyEntries)
            .Select(part => part.ToLowerInvariant()).Order(StringComparer.Ordinal));
}
