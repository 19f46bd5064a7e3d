namespace LeadLedger.Messaging;

/// <summary>What an alert to staff says about a lead; values as stored, the text builder makes them safe.</summary>
/// <param name="Kind">Kind of lead in the heading's words, such as missed call.</param>
/// <param name="Name">Full name as given.</param>
/// <param name="PhoneNational">Number in national form.</param>
/// <param name="PhoneE164">Number for the links; null leaves the links out.</param>
/// <param name="Withheld">The caller withheld the number: there is nothing to call back.</param>
/// <param name="Message">What the lead wrote or said.</param>
/// <param name="SourcePage">Address of the page with the form.</param>
/// <param name="Source">Channel, line or campaign; stands in for a missing page.</param>
/// <param name="Intent">What the lead seems to want.</param>
/// <param name="Score">0 to 100.</param>
/// <param name="CalledAt">When, in words, such as at 10:42 AM.</param>
/// <param name="LeadLink">Page of the lead.</param>
/// <param name="SharedWith">Other leads on the same number.</param>
/// <param name="Note">One remark.</param>
public sealed record OwnerAlertContent(
    string Kind,
    string? Name = null,
    string? PhoneNational = null,
    string? PhoneE164 = null,
    bool Withheld = false,
    string? Message = null,
    string? SourcePage = null,
    string? Source = null,
    string? Intent = null,
    int? Score = null,
    string? CalledAt = null,
    string? LeadLink = null,
    string? SharedWith = null,
    string? Note = null)
{
    public string? Email { get; init; }

    /// <summary>Page of the call in the call log, for a withheld number; the lead's page stands in.</summary>
    public string? CallLogLink { get; init; }

    /// <summary>For escalations, such as after 15 min.</summary>
    public string? Waiting { get; init; }

    /// <summary>Healthcare: what the lead wants is read on the lead's page, not in a text or mail (CON-15).</summary>
    public bool WithholdDetails { get; init; }
}
