namespace LeadLedger.Reconciling;

/// <summary>A text whose fate is unknown, to be looked for in the provider's list.</summary>
/// <param name="Message">The message of the lead.</param>
/// <param name="Text">The work item that handed it over.</param>
/// <param name="Fence">Which attempt; its mark says when the hand-over began.</param>
/// <param name="To">E.164.</param>
/// <param name="From">E.164; a line of the business.</param>
/// <param name="Body">The words, exactly as handed over.</param>
public sealed record SettleText(Guid Message, Guid Text, long Fence, string To, string From, string Body)
{
    public const string Kind = "settle_text";
}
