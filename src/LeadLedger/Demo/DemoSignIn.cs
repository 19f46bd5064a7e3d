using LeadLedger.Businesses;
using LeadLedger.Staff.Accounts;

namespace LeadLedger.Demo;

/// <summary>Who signs in to the demo: its owner, somebody of the staff, and an auditor.</summary>
internal static class DemoSignIn
{
    private const string Auditor = "auditor";

    /// <summary>A new link for each of them; the people are made when they are missing.</summary>
    public static async Task<IReadOnlyList<(string Who, string Token)>> LinksAsync(IServiceProvider services, Business business, CancellationToken cancellation)
    {
        var users = services.GetRequiredService<StaffUsers>();
        var links = services.GetRequiredService<SignInLinks>();
        var (owner, staff) = (business.Staff[0], business.Staff[1]);
        var made = new List<(string, string)>();
        foreach (var (login, name, role) in ((string, string, string)[])
            [(owner.Id, owner.Name, StaffUser.Owner), (staff.Id, staff.Name, StaffUser.Staff), (Auditor, "An auditor", StaffUser.Auditor)])
        {
            var user = await users.FindAsync(login, cancellation) ?? await users.AddAsync(login, name, role, role == StaffUser.Owner ? null : business.Id, cancellation);
            made.Add(($"{name} ({role})", await links.CreateAsync(user!, cancellation)));
        }

        return made;
    }
}
