using LeadLedger.Businesses;
using LeadLedger.Sending;

namespace LeadLedger.Pausing;

/// <summary>Tells the breaker how every text ended; the text itself, to leads and to staff alike, is handed on as it is.</summary>
public sealed class BreakingSmsSender(ISmsSender inner, PauseKeeper keeper) : ISmsSender
{
    public bool IsLive(Business business) => inner.IsLive(business);

    public async Task<SendResult> SendAsync(Business business, SmsMessage message, CancellationToken cancellation)
    {
        var result = await inner.SendAsync(business, message, cancellation);
        await keeper.HeardAsync(business, SendingScopes.Text(message.From), result);
        return result;
    }
}
