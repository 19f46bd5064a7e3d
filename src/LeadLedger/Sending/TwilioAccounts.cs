using LeadLedger.Businesses;

namespace LeadLedger.Sending;

/// <summary>A Twilio account with its secrets, revealed.</summary>
/// <param name="Sid">AC and 32 hex digits.</param>
/// <param name="Token">Signs requests both ways.</param>
/// <param name="PreviousToken">Accepted on webhooks while a rotation lasts.</param>
public sealed record TwilioCredentials(string Sid, string Token, string? PreviousToken);

/// <summary>
/// Which Twilio account each business uses: its own, or the service's. Without any, a trial account of this installation signs
/// webhooks for trying out, and no text ever leaves.
/// </summary>
public sealed class TwilioAccounts
{
    private readonly Dictionary<string, TwilioCredentials> _own = new(StringComparer.Ordinal);
    private readonly TwilioCredentials? _shared;
    private readonly TwilioCredentials? _trial;

    /// <param name="businesses">The businesses hosted.</param>
    /// <param name="shared">TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN; null when not set.</param>
    /// <param name="trial">Signs webhooks for trying out; null once real credentials are set.</param>
    /// <param name="apiBase">TWILIO_API_BASE_URL.</param>
    public TwilioAccounts(BusinessDirectory businesses, TwilioCredentials? shared, TwilioCredentials? trial, string apiBase)
    {
        _shared = shared;
        _trial = shared is null ? trial : null;
        ApiBase = apiBase.TrimEnd('/');
        foreach (var business in businesses.All)
        {
            if (business.Twilio is { } twilio && twilio.AuthToken.Reveal() is { } token)
            {
                _own[business.Id] = new TwilioCredentials(twilio.AccountSid, token, twilio.PreviousAuthToken?.Reveal());
            }
        }
    }

    public string ApiBase { get; }

    /// <summary>Texts are recorded and shown although there are credentials.</summary>
    public bool RecordOnly { get; init; }

    /// <summary>The account to send with; null when texts are only recorded.</summary>
    public TwilioCredentials? Of(Business business) =>
        RecordOnly ? null : business.Twilio is null ? _shared : _own.GetValueOrDefault(business.Id);

    /// <summary>The account whose lists can be asked; null with trial credentials only.</summary>
    public TwilioCredentials? Listed(Business business) => business.Twilio is null ? _shared : _own.GetValueOrDefault(business.Id);

    /// <summary>Every account whose lists can be asked, once, with the businesses that use it.</summary>
    public IReadOnlyList<(TwilioCredentials Account, IReadOnlyList<Business> Businesses)> Live(BusinessDirectory businesses) =>
        [.. businesses.All.Select(business => (Business: business, Account: Listed(business))).Where(user => user.Account is not null)
            .GroupBy(user => user.Account!.Sid, StringComparer.Ordinal)
            .Select(users => (users.First().Account!, (IReadOnlyList<Business>)[.. users.Select(user => user.Business)]))];

    /// <summary>The account whose webhooks reach this business; the trial one while there is no other.</summary>
    public string? SidOf(Business business) => business.Twilio?.AccountSid ?? (_shared ?? _trial)?.Sid;

    /// <summary>The businesses that use an account named in a webhook, with the tokens that may have signed it.</summary>
    public (IReadOnlyList<Business> Businesses, string[] Tokens) Named(BusinessDirectory businesses, string accountSid)
    {
        var service = _shared ?? _trial;
        var found = businesses.OfAccount(accountSid, service?.Sid);
        var credentials = found.Select(business => business.Twilio is null ? service : _own.GetValueOrDefault(business.Id));
        return (found, [.. credentials.OfType<TwilioCredentials>()
            .SelectMany(c => new[] { c.Token, c.PreviousToken }).OfType<string>().Distinct(StringComparer.Ordinal)]);
    }
}
