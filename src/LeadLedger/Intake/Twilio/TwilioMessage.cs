using System.Globalization;

namespace LeadLedger.Intake;

/// <summary>A text from a customer. Its words are hostile input: they are stored and shown, never obeyed.</summary>
public sealed record TwilioMessage
{
    private const int MostMedia = 10;

    /// <summary>SM or MM and 32 hex digits; the identity of the message.</summary>
    public string? MessageSid { get; init; }

    public string? AccountSid { get; init; }

    public string? MessagingServiceSid { get; init; }

    /// <summary>E.164, or an address such as <c>whatsapp:+1...</c>.</summary>
    public string? From { get; init; }

    public string? To { get; init; }

    /// <summary>The text; empty for a message of pictures only.</summary>
    public string Body { get; init; } = "";

    public int Segments { get; init; }

    public IReadOnlyList<TwilioMedia> Media { get; init; } = [];

    /// <summary>
    /// STOP, START or HELP where Twilio's Advanced Opt-Out has recognised and answered a keyword: then we must not
    /// answer too (https://www.twilio.com/docs/messaging/tutorials/advanced-opt-out).
    /// </summary>
    public string? OptOutType { get; init; }

    public string? FromCity { get; init; }

    public string? FromState { get; init; }

    public string? FromZip { get; init; }

    public string? FromCountry { get; init; }

    public static TwilioMessage Read(IReadOnlyList<KeyValuePair<string, string>> fields)
    {
        string? sid = null, oldSid = null, account = null, service = null, from = null, to = null, body = null;
        string? optOut = null, city = null, state = null, zip = null, country = null;
        int? segments = null;
        var urls = new string?[MostMedia];
        var types = new string?[MostMedia];
        foreach (var (key, value) in fields)
        {
            switch (key)
            {
                case "MessageSid": sid ??= TwilioField.Text(value); break;
                case "SmsMessageSid" or "SmsSid": oldSid ??= TwilioField.Text(value); break;
                case "AccountSid": account ??= TwilioField.Text(value); break;
                case "MessagingServiceSid": service ??= TwilioField.Text(value); break;
                case "From": from ??= TwilioField.Number(value); break;
                case "To": to ??= TwilioField.Number(value); break;
                case "Body": body ??= TwilioField.Text(value); break;
                case "NumSegments": segments ??= TwilioField.Count(value); break;
                case "OptOutType": optOut ??= TwilioField.Text(value)?.ToUpperInvariant(); break;
                case "FromCity": city ??= TwilioField.Text(value); break;
                case "FromState": state ??= TwilioField.Text(value); break;
                case "FromZip": zip ??= TwilioField.Text(value); break;
                case "FromCountry": country ??= TwilioField.Text(value); break;
                default:
                    Put(urls, "MediaUrl", key, value);
                    Put(types, "MediaContentType", key, value);
                    break;
            }
        }

        var media = new List<TwilioMedia>();
        for (var index = 0; index < MostMedia; index++)
        {
            if (urls[index] is { } url)
            {
                media.Add(new(url, types[index]));
            }
        }

        return new()
        {
            MessageSid = sid ?? oldSid,
            AccountSid = account,
            MessagingServiceSid = service,
            From = from,
            To = to,
            Body = body ?? "",
            Segments = segments ?? 1,
            Media = media,
            OptOutType = optOut,
            FromCity = city,
            FromState = state,
            FromZip = zip,
            FromCountry = country,
        };
    }

    private static void Put(string?[] list, string prefix, string key, string value)
    {
        if (key.StartsWith(prefix, StringComparison.Ordinal)
            && int.TryParse(key.AsSpan(prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var index)
            && index < MostMedia)
        {
            list[index] ??= TwilioField.Text(value);
        }
    }
}

/// <summary>A picture or file sent with a text.</summary>
/// <param name="Url">Where Twilio keeps it; may need the account's credentials.</param>
/// <param name="ContentType">As declared by the sender.</param>
public sealed record TwilioMedia(string Url, string? ContentType);
