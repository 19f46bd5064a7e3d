using NodaTime;

namespace LeadLedger.Intake;

/// <summary>
/// One voice request of Twilio: an incoming call, a status callback, a dialled leg's callback or the action of a
/// Dial. All carry the same fields as far as they apply; absent ones are null.
/// </summary>
public sealed record TwilioCallRequest
{
    /// <summary>CA and 32 hex digits; the identity of the call.</summary>
    public string? CallSid { get; init; }

    public string? AccountSid { get; init; }

    /// <summary>E.164 when Twilio could tell, otherwise the raw caller id; see <see cref="PhoneNumbers.CallerId"/>.</summary>
    public string? From { get; init; }

    /// <summary>The line called.</summary>
    public string? To { get; init; }

    /// <summary>As spelled by Twilio.</summary>
    public string? StatusText { get; init; }

    public CallStatus Status { get; init; }

    public string? Direction { get; init; }

    /// <summary>The number the call was forwarded from, where its carrier says so.</summary>
    public string? ForwardedFrom { get; init; }

    public string? CallerName { get; init; }

    /// <summary>The customer's call, on a leg that we dialled.</summary>
    public string? ParentCallSid { get; init; }

    public string? FromCity { get; init; }

    public string? FromState { get; init; }

    public string? FromZip { get; init; }

    public string? FromCountry { get; init; }

    public string? StirVerstat { get; init; }

    public CallerAttestation? Attestation { get; init; }

    /// <summary>As spelled by Twilio; present on the action of a Dial only.</summary>
    public string? DialStatusText { get; init; }

    public CallStatus? DialStatus { get; init; }

    public string? DialCallSid { get; init; }

    /// <summary>Seconds the dialled leg was connected.</summary>
    public int? DialCallDuration { get; init; }

    /// <summary>The caller and the dialled leg were connected.</summary>
    public bool? DialBridged { get; init; }

    /// <summary>Seconds; 0 for a call that nobody answered.</summary>
    public int? CallDuration { get; init; }

    /// <summary>As received, RFC 2822.</summary>
    public string? TimestampText { get; init; }

    /// <summary>When the status changed, by Twilio's clock.</summary>
    public Instant? Timestamp { get; init; }

    /// <summary>Order in which Twilio fired the callbacks of this call, from 0; they may arrive in another.</summary>
    public int? SequenceNumber { get; init; }

    public int? SipResponseCode { get; init; }

    /// <summary>human, machine_start, ...; only where detection is on.</summary>
    public string? AnsweredBy { get; init; }

    public string? Digits { get; init; }

    /// <summary>0 to 100; null where no scoring service took part.</summary>
    public int? SpamScore { get; init; }

    /// <summary>The recording of a Record or Dial that ends here, where there is one.</summary>
    public TwilioRecording? Recording { get; init; }

    public static TwilioCallRequest Read(IReadOnlyList<KeyValuePair<string, string>> fields)
    {
        string? callSid = null, account = null, from = null, to = null, status = null, direction = null;
        string? forwarded = null, name = null, parent = null, city = null, state = null, zip = null, country = null;
        string? stir = null, dialStatus = null, dialSid = null, timestamp = null, answeredBy = null, digits = null;
        int? dialSeconds = null, seconds = null, sequence = null, sip = null;
        bool? bridged = null;
        var recorded = false;
        foreach (var (key, value) in fields)
        {
            switch (key)
            {
                case "CallSid": callSid ??= TwilioField.Text(value); break;
                case "AccountSid": account ??= TwilioField.Text(value); break;
                case "From": from ??= TwilioField.Number(value); break;
                case "To": to ??= TwilioField.Number(value); break;
                case "CallStatus": status ??= TwilioField.Text(value); break;
                case "Direction": direction ??= TwilioField.Text(value); break;
                case "ForwardedFrom": forwarded ??= TwilioField.Number(value); break;
                case "CallerName": name ??= TwilioField.Text(value); break;
                case "ParentCallSid": parent ??= TwilioField.Text(value); break;
                case "FromCity": city ??= TwilioField.Text(value); break;
                case "FromState": state ??= TwilioField.Text(value); break;
                case "FromZip": zip ??= TwilioField.Text(value); break;
                case "FromCountry": country ??= TwilioField.Text(value); break;
                case "StirVerstat": stir ??= TwilioField.Text(value); break;
                case "DialCallStatus": dialStatus ??= TwilioField.Text(value); break;
                case "DialCallSid": dialSid ??= TwilioField.Text(value); break;
                case "DialCallDuration": dialSeconds ??= TwilioField.Count(value); break;
                case "DialBridged": bridged ??= TwilioField.Flag(value); break;
                case "CallDuration": seconds ??= TwilioField.Count(value); break;
                case "Timestamp": timestamp ??= TwilioField.Text(value); break;
                case "SequenceNumber": sequence ??= TwilioField.Count(value); break;
                case "SipResponseCode": sip ??= TwilioField.Count(value); break;
                case "AnsweredBy": answeredBy ??= TwilioField.Text(value); break;
                case "Digits": digits ??= TwilioField.Text(value); break;
                case "RecordingSid": recorded |= value.Length > 0; break;
                default: break;
            }
        }

        return new()
        {
            CallSid = callSid,
            AccountSid = account,
            From = from,
            To = to,
            StatusText = status,
            Status = CallStatuses.Read(status),
            Direction = direction,
            ForwardedFrom = forwarded,
            CallerName = name,
            ParentCallSid = parent,
            FromCity = city,
            FromState = state,
            FromZip = zip,
            FromCountry = country,
            StirVerstat = stir,
            Attestation = CallerAttestation.Read(stir),
            DialStatusText = dialStatus,
            DialStatus = dialStatus is null ? null : CallStatuses.ReadDial(dialStatus),
            DialCallSid = dialSid,
            DialCallDuration = dialSeconds,
            DialBridged = bridged,
            CallDuration = seconds,
            TimestampText = timestamp,
            Timestamp = timestamp is null ? null : TwilioField.Time(timestamp),
            SequenceNumber = sequence,
            SipResponseCode = sip,
            AnsweredBy = answeredBy,
            Digits = digits,
            SpamScore = LeadLedger.Intake.SpamScore.Read(fields),
            Recording = recorded ? TwilioRecording.Read(fields) : null,
        };
    }
}
