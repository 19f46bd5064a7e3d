using System.Collections.Frozen;
using LeadLedger.PhoneNumbers;

namespace LeadLedger.Businesses;

/// <summary>The businesses this service hosts.</summary>
public sealed class BusinessDirectory
{
    private readonly FrozenDictionary<string, Business> _byId;
    private readonly FrozenDictionary<string, (Business Business, Form Form)> _forms;

    public BusinessDirectory(IReadOnlyList<Business> businesses)
    {
        All = businesses;
        _byId = businesses.ToFrozenDictionary(business => business.Id, StringComparer.Ordinal);
        _forms = businesses.SelectMany(business => business.Forms.Select(form => (Business: business, Form: form)))
            .ToFrozenDictionary(pair => pair.Form.Id, StringComparer.Ordinal);
    }

    public IReadOnlyList<Business> All { get; }

    public Business? Find(string id) => _byId.GetValueOrDefault(id);

    public (Business Business, Form Form)? FindForm(string id) => _forms.TryGetValue(id, out var found) ? found : null;

    /// <summary>
    /// The businesses whose Twilio account this is; those without one of their own share the service's.
    /// </summary>
    public IReadOnlyList<Business> OfAccount(string accountSid, string? sharedAccountSid) =>
        [.. All.Where(business => (business.Twilio?.AccountSid ?? sharedAccountSid) == accountSid)];

    /// <summary>Which of them the called number belongs to; the only one when there is one.</summary>
    public static Business? OfNumber(IReadOnlyList<Business> businesses, string? called) =>
        businesses.FirstOrDefault(business =>
            PhoneNumber.TryParse(called, business.Region, out var number, out _) && business.LineOf(number) is not null)
        ?? (businesses.Count == 1 ? businesses[0] : null);
}
