namespace LeadLedger.Reconciling;

/// <summary>The names under which late finds stand in the ledger.</summary>
public static class Reconciliation
{
    /// <summary>Who acted, on facts that were found in a provider's list.</summary>
    public const string Actor = "system:reconciliation";

    /// <summary>How an inquiry was found, when its own report never came.</summary>
    public const string FoundBy = "reconciliation";

    /// <summary>The header of a receipt that was written from a list.</summary>
    public const string Header = "found-by";

    /// <summary>What an actor says of how a fact was found; null for everybody else.</summary>
    public static string? FoundByOf(string actor) => actor == Actor ? FoundBy : null;
}
