using LeadLedger.Businesses;

namespace LeadLedger.Hosting;

/// <summary>Which business a new thing belongs to: the one named, or the only one in sight.</summary>
public static class TargetBusiness
{
    public static Business? Of(HttpContext http, string? named, out IResult? problem)
    {
        var scope = ApiScope.Of(http);
        var business = named is null ? scope.Only : scope.Find(named);
        problem = business is not null ? null
            : named is null ? RequestJson.Wrong("business", $"Name the business: {string.Join(", ", scope.Tenants)}.")
            : Problems.Of(404, "unknown-business", "There is no such business, or this key does not see it.");
        return business;
    }
}
