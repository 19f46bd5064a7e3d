namespace LeadLedger.Intake;

/// <summary>A delivery callback of a text we sent.</summary>
public sealed record TwilioMessageStatus
{
    public string? MessageSid { get; init; }

    public string? AccountSid { get; init; }

    public string? From { get; init; }

    public string? To { get; init; }

    /// <summary>As spelled by Twilio; <see cref="MessageStatuses"/> ranks it.</summary>
    public string? Status { get; init; }

    /// <summary>Provider error, only with failed and undelivered.</summary>
    public int? ErrorCode { get; init; }

    public string? ErrorMessage { get; init; }

    /// <summary>Carrier's time of delivery as YYMMDDhhmm, zone unknown, so it stays text.</summary>
    public string? DeliveryDateText { get; init; }

    public static TwilioMessageStatus Read(IReadOnlyList<KeyValuePair<string, string>> fields)
    {
        string? sid = null, oldSid = null, account = null, from = null, to = null, status = null, oldStatus = null;
        string? message = null, date = null;
        int? code = null;
        foreach (var (key, value) in fields)
        {
            switch (key)
            {
                case "MessageSid": sid ??= TwilioField.Text(value); break;
                case "SmsSid": oldSid ??= TwilioField.Text(value); break;
                case "AccountSid": account ??= TwilioField.Text(value); break;
                case "From": from ??= TwilioField.Number(value); break;
                case "To": to ??= TwilioField.Number(value); break;
                case "MessageStatus": status ??= TwilioField.Text(value); break;
                case "SmsStatus": oldStatus ??= TwilioField.Text(value); break;
                case "ErrorCode": code ??= TwilioField.Count(value); break;
                case "ErrorMessage": message ??= TwilioField.Text(value); break;
                case "RawDlrDoneDate": date ??= TwilioField.Text(value); break;
                default: break;
            }
        }

        return new()
        {
            MessageSid = sid ?? oldSid,
            AccountSid = account,
            From = from,
            To = to,
            Status = status ?? oldStatus,
            ErrorCode = code is 0 ? null : code,
            ErrorMessage = message,
            DeliveryDateText = date,
        };
    }
}
