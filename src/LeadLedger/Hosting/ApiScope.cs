using LeadLedger.Businesses;
using LeadLedger.Reading;

namespace LeadLedger.Hosting;

/// <summary>Whose request this is and which businesses it may see.</summary>
/// <param name="Caller">The holder of the key.</param>
/// <param name="Businesses">The businesses in sight: one for a bound key, all or the one asked for otherwise.</param>
public sealed record ApiScope(ApiCaller Caller, IReadOnlyList<Business> Businesses)
{
    public string[] Tenants { get; } = [.. Businesses.Select(business => business.Id)];

    public static ApiScope Of(HttpContext http) => http.Features.Get<ApiScope>()
        ?? throw new InvalidOperationException("the route was reached without a key; it needs a policy");

    public Business? Find(string tenant) => Businesses.FirstOrDefault(business => business.Id == tenant);

    /// <summary>The business a new thing goes to; null where several are in sight and none was named.</summary>
    public Business? Only => Businesses.Count == 1 ? Businesses[0] : null;
}
