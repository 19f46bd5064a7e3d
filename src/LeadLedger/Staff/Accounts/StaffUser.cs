using LeadLedger.Reading;
using NodaTime;

namespace LeadLedger.Staff.Accounts;

/// <summary>Somebody who signs in to the pages.</summary>
/// <param name="Login">What they sign in with; when it is the id of a member of the staff, they act as that member.</param>
/// <param name="Role">owner, staff or auditor.</param>
/// <param name="Business">The one business they see; null sees every one.</param>
public sealed record StaffUser(Guid Id, string Login, string Name, string Role, string? Business, bool HasPassword, bool HasTotp, Instant? DisabledAt)
{
    public const string Owner = "owner";
    public const string Staff = "staff";
    public const string Auditor = "auditor";

    public static IReadOnlyList<string> Roles { get; } = [Owner, Staff, Auditor];

    /// <summary>The same person as the API's rules see them: an owner without a business may do what an admin key may.</summary>
    public ApiCaller Caller => new(Id, Login, Role == Owner && Business is null ? "admin" : Role == Owner ? Staff : Role, Business);
}
