namespace LeadLedger.EventStore;

/// <summary>A gate row: a contact point of one tenant, locked before anything about it is decided or sent.</summary>
/// <param name="Tenant">The business.</param>
/// <param name="Kind">What the value is, such as <c>phone</c> or <c>email</c>.</param>
/// <param name="Value">The normalised value, such as an E.164 number.</param>
public readonly record struct GateKey(string Tenant, string Kind, string Value) : IComparable<GateKey>
{
    /// <summary>One lock order everywhere: ordinal, as PostgreSQL sorts with collation C.</summary>
    public int CompareTo(GateKey other)
    {
        var byTenant = string.CompareOrdinal(Tenant, other.Tenant);
        if (byTenant != 0)
        {
            return byTenant;
        }

        var byKind = string.CompareOrdinal(Kind, other.Kind);
        return byKind != 0 ? byKind : string.CompareOrdinal(Value, other.Value);
    }

    public override string ToString() => $"{Kind}:{Value}";
}
