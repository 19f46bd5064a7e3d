namespace LeadLedger.Demo;

/// <summary>Where the history happens: the ways into the service, and which lead each person became.</summary>
internal sealed class DemoStage(DemoWebhooks webhooks, DemoStaff staff)
{
    private readonly Dictionary<string, Guid> _leads = new(StringComparer.Ordinal);

    public DemoWebhooks Webhooks { get; } = webhooks;

    public DemoStaff Staff { get; } = staff;

    public void Remember(DemoPerson person, Guid? lead)
    {
        if (lead is { } id)
        {
            _leads[person.Name] = id;
        }
    }

    /// <summary>The lead of a person; for calls that were judged later than they were answered it is looked up by its number.</summary>
    public async Task<Guid> LeadOfAsync(DemoPerson person) =>
        _leads.TryGetValue(person.Name, out var known) ? known : _leads[person.Name] = await Staff.FindAsync(person.Phone);
}
