using NodaTime;

namespace LeadLedger.Intake;

/// <summary>A voicemail or call recording, from the recording callback or the action of a Record.</summary>
public sealed record TwilioRecording
{
    /// <summary>The customer's call, never a dialled leg.</summary>
    public string? CallSid { get; init; }

    public string? AccountSid { get; init; }

    public string? RecordingSid { get; init; }

    /// <summary>Media address without a file ending; may need the account's credentials.</summary>
    public string? Url { get; init; }

    /// <summary>in-progress, completed or absent; null on an action, which comes before the file is ready.</summary>
    public string? Status { get; init; }

    /// <summary>Seconds.</summary>
    public int? Duration { get; init; }

    public int? Channels { get; init; }

    public string? Source { get; init; }

    public string? StartTimeText { get; init; }

    public Instant? StartTime { get; init; }

    public static TwilioRecording Read(IReadOnlyList<KeyValuePair<string, string>> fields)
    {
        string? callSid = null, account = null, sid = null, url = null, status = null, source = null, start = null;
        int? duration = null, channels = null;
        foreach (var (key, value) in fields)
        {
            switch (key)
            {
                case "CallSid": callSid ??= TwilioField.Text(value); break;
                case "AccountSid": account ??= TwilioField.Text(value); break;
                case "RecordingSid": sid ??= TwilioField.Text(value); break;
                case "RecordingUrl": url ??= TwilioField.Text(value); break;
                case "RecordingStatus": status ??= TwilioField.Text(value)?.ToLowerInvariant(); break;
                case "RecordingDuration": duration ??= TwilioField.Count(value); break;
                case "RecordingChannels": channels ??= TwilioField.Count(value); break;
                case "RecordingSource": source ??= TwilioField.Text(value); break;
                case "RecordingStartTime": start ??= TwilioField.Text(value); break;
                default: break;
            }
        }

        return new()
        {
            CallSid = callSid,
            AccountSid = account,
            RecordingSid = sid,
            Url = url,
            Status = status,
            Duration = duration,
            Channels = channels,
            Source = source,
            StartTimeText = start,
            StartTime = start is null ? null : TwilioField.Time(start),
        };
    }
}
