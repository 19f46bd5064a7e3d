using LeadLedger.Businesses;

namespace LeadLedger.Sending;

/// <summary>A text as it is handed to a provider.</summary>
/// <param name="To">E.164.</param>
/// <param name="From">E.164; a line of the business.</param>
/// <param name="Body">The words.</param>
/// <param name="StatusPath">Path for the provider's status callbacks; names this attempt.</param>
/// <param name="ValiditySeconds">The provider must not deliver it later than this.</param>
public sealed record SmsMessage(string To, string From, string Body, string StatusPath, int ValiditySeconds);

/// <summary>How handing over a message ended. Nothing above an adapter sees a network exception.</summary>
public abstract record SendResult
{
    private SendResult()
    {
    }

    /// <summary>The provider has it.</summary>
    public sealed record Accepted(string ProviderId) : SendResult
    {
        /// <summary>It was only written down, for trying out.</summary>
        public bool RecordedOnly { get; init; }
    }

    /// <summary>The provider will not take it; trying again changes nothing.</summary>
    public sealed record Refused(string? Code, string Error) : SendResult;

    /// <summary>Provably not sent: no request byte left, or the provider says it did nothing. May be tried again.</summary>
    public sealed record NotSent(string Error) : SendResult;

    /// <summary>The request may have arrived. Never tried again by itself (C-21).</summary>
    public sealed record Unknown(string Error) : SendResult;
}

/// <summary>The one boundary that texts leave through.</summary>
public interface ISmsSender
{
    /// <summary>Whether texts really leave; otherwise they are recorded and shown.</summary>
    bool IsLive(Business business);

    /// <summary>Hands one message over. One attempt, no retries of its own.</summary>
    Task<SendResult> SendAsync(Business business, SmsMessage message, CancellationToken cancellation);
}

/// <summary>An e-mail to staff.</summary>
public sealed record EmailMessage(string To, string Subject, string Body, string MessageId);

public interface IEmailSender
{
    bool IsLive { get; }

    Task<SendResult> SendAsync(EmailMessage message, CancellationToken cancellation);
}
