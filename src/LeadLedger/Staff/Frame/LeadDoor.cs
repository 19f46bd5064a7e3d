using LeadLedger.Hosting;
using LeadLedger.Leads;
using LeadLedger.Reading;
using LeadLedger.Staff.Accounts;
using LeadLedger.Staff.Pages;

namespace LeadLedger.Staff.Frame;

/// <summary>What a signed link opened.</summary>
/// <param name="Link">The link.</param>
/// <param name="Lead">The lead it was made for, or the one that stands for it.</param>
/// <param name="IsMerged">The lead of the link was merged into this one.</param>
public sealed record LinkedLead(LeadLink Link, Lead Lead, bool IsMerged);

/// <summary>
/// Opens the one lead of a signed link, without anybody signed in. When that lead was merged, the one at the end of its merges stands for it and
/// is opened instead, for as long as the merge stands; no other lead of the business can be reached.
/// </summary>
public sealed class LeadDoor(LeadLinks links, LeadCards cards, LeadFinder finder, SignInThrottle throttle)
{
    /// <returns>The lead; or the answer that is given instead.</returns>
    public async Task<(LinkedLead? Opened, IResult? Instead)> OpenAsync(HttpContext http, string token)
    {
        if (await links.ReadAsync(token, http.RequestAborted) is not { } link)
        {
            return (null, await WrongAsync(http));
        }

        if (link.IsOver)
        {
            return (null, PageAnswer.Of<LinkEndedPage>(410, ("Lead", link.Lead), ("Why", "Links in alerts open their lead for two days, and these are over.")));
        }

        // Whoever is signed in as well still acts as the link says: the page shows and does the same for everybody who opens it.
        var scope = new ApiScope(new ApiCaller(Guid.Empty, link.Staff.Id, StaffUser.Staff, link.Business.Id) { ByLink = true }, [link.Business]);
        http.Features.Set(scope);
        var lead = await cards.OneAsync(http, link.Lead);
        if (lead is { MergedInto: { } into })
        {
            lead = await cards.OneAsync(http, await finder.SurvivorAsync(scope, into, http.RequestAborted));
        }

        return lead is { MergedInto: null }
            ? (new LinkedLead(link, lead, lead.Id != link.Lead), null)
            : (null, PageAnswer.Message(404, "The lead of this link is not here.", "Sign in and look for it by its number."));
    }

    private async Task<IResult> WrongAsync(HttpContext http)
    {
        if (await throttle.WrongSecretAsync("link", http) is not { } wait)
        {
            return PageAnswer.Message(404, "This link does not open anything.", "Open it from the alert itself, whole and unchanged, or sign in.");
        }

        SignInThrottle.SayWhen(http, wait);
        return PageAnswer.Message(429, "Too many links that open nothing came from here.", "Wait a little; a link out of an alert opens its lead all the same.");
    }
}
