namespace LeadLedger.Sending;

/// <summary>How long one call to a provider may take, connecting included. After it the outcome is unknown.</summary>
public sealed record CallDeadline(TimeSpan Length)
{
    /// <summary>Ends with the caller's cancellation or after <see cref="Length"/>.</summary>
    public CancellationTokenSource Start(CancellationToken cancellation)
    {
        var source = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        source.CancelAfter(Length);
        return source;
    }
}
