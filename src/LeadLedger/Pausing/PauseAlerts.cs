using LeadLedger.Alerts;
using LeadLedger.Businesses;
using LeadLedger.EventStore;
using NodaTime;

namespace LeadLedger.Pausing;

/// <summary>
/// Tells the owner of the business that automation paused or resumed itself: once for each, over every channel there is, since the phone
/// provider may be what is broken.
/// </summary>
public static class PauseAlerts
{
    public static OperationsAlertRequested? Paused(Business business, SendingPaused paused, bool textsWait, Instant now)
    {
        var covers = PauseWords.Covers(paused.Scope) + (textsWait ? " and automatic texts to customers" : "");
        var next = paused.NeedsPerson
            ? $"{PauseWords.Remedy(paused.Code)} Then resume it; it does not resume by itself."
            : "It tries again by itself and says so when it works again. You need do nothing for that.";
        return Request(
            business, paused.NeedsPerson ? "needs_person" : "paused", $"Paused: {covers}",
            $"{business.Name}: {covers} are paused: {paused.Reason}. {next} Alerts and callback tasks go on.", now);
    }

    public static OperationsAlertRequested? Resumed(Business business, Pause pause, Instant now)
    {
        var covers = PauseWords.Covers(pause.Scope);
        return Request(
            business, "resumed", $"Resumed: {covers}",
            $"{business.Name}: {covers} go on again. What waited is decided again, one after another; what is too late is not sent and stays a callback.", now);
    }

    private static OperationsAlertRequested? Request(Business business, string kind, string subject, string body, Instant now)
    {
        var member = new[] { business.StaffOf(business.Tasks.BusinessOwner), business.StaffOf(business.DefaultOwner) }
            .Concat(business.Staff)
            .FirstOrDefault(each => each is not null && ChannelsOf(each, business).Count > 0);
        return member is null
            ? null
            : new OperationsAlertRequested
            {
                Alert = now.NewId(),
                AlertKind = kind,
                Recipient = member.Id,
                Channels = ChannelsOf(member, business),
                SmsTo = member.Phone?.E164,
                SmsFrom = business.Lines[0].Number.E164,
                EmailTo = member.Email,
                Subject = subject,
                Body = body,
            };
    }

    private static List<string> ChannelsOf(StaffMember member, Business business)
    {
        var channels = OwnerAlerts.ChannelsOf(member, business).ToList();
        if (member.Email is not null && !channels.Contains("email"))
        {
            channels.Add("email");
        }

        return channels;
    }
}
