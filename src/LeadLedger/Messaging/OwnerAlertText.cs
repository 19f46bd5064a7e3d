using System.Globalization;
using System.Text;

namespace LeadLedger.Messaging;

/// <summary>
/// Writes the alert to staff (OWN-06 to OWN-08, OWN-11). The same content always gives the same text, so a retry can
/// be compared with the first attempt.
/// </summary>
public static class OwnerAlertText
{
    private const string SeeLead = "see the lead page";
    private const int ShortestMessage = 20;
    private const int LongestMailedMessage = 5000;
    private const int LongestSubject = 120;

    /// <summary>What gives way, after the message, when an alert is too long: the name and the length it keeps.</summary>
    private static readonly (string Name, int Length)[] Shortened =
        [("source_page", 16), ("name", 24), ("note", 24), ("shared_with", 20)];

    /// <summary>Id of the shipped template for a new lead.</summary>
    public static string TemplateId(OwnerAlertContent content) =>
        content.Withheld ? "owner-alert-withheld" : "owner-alert";

    /// <summary>The length a value keeps however long the alert is; its own limit when it never gives way.</summary>
    internal static int ShortestLength(TemplateVariable variable) =>
        variable.Name == "message" ? ShortestMessage
            : Array.Find(Shortened, each => each.Name == variable.Name) is { Length: > 0 } found ? found.Length
            : variable.MaxLength;

    /// <summary>The alert text; the message gives way first, then page and note, until it fits the template's segments.</summary>
    public static RenderedText Sms(Template template, OwnerAlertContent content)
    {
        var values = Values(content);
        var whole = TemplateRenderer.Render(template, values);
        if (Fits(whole, template))
        {
            return whole;
        }

        var message = values["message"];
        if (FitMessage(template, values, message) is { } cut)
        {
            return cut;
        }

        // Long page, name or note, often in a script that costs double: keep what is needed to call back.
        foreach (var (name, length) in Shortened)
        {
            values[name] = Start(values[name], length);
        }

        if (FitMessage(template, values, message) is { } shorter)
        {
            return shorter;
        }

        foreach (var (name, value) in values)
        {
            values[name] = value is null ? null : OnlyGsm7(value);
        }

        message = message is null ? null : OnlyGsm7(message);
        if (message is not null && message.Count('?') * 3 > message.Length)
        {
            message = SeeLead;
        }

        return FitMessage(template, values, message) ?? TemplateRenderer.Render(template, values);
    }

    /// <summary>The alert as mail, with the whole message; the heading is the first line of the template.</summary>
    public static OwnerAlertEmail Email(Template template, OwnerAlertContent content)
    {
        var values = Values(content);
        var heading = TemplateRenderer.Render(template with { Transliterate = false }, values).Body.Split('\n')[0];
        var who = OneLine(content.Name, 40) ?? (content.Withheld ? null : OneLine(content.PhoneNational, 24));

        var body = new StringBuilder().Append(heading).Append("\n\n");
        Line(body, "Name", OneLine(content.Name, 80) ?? "not given");
        Line(body, "Phone", OneLine(values["phone"], 24) ?? "not given");
        Line(body, "Message", null);
        Message(body, content);
        Line(body, "Call", values["call_link"]);
        Line(body, "Text", values["sms_link"]);
        Line(body, "E-mail", OneLine(content.Email, 120));
        Line(body, "When", OneLine(content.CalledAt, 60));
        Line(body, "Page", content.WithholdDetails ? null : OneLine(content.SourcePage, 300));
        Line(body, "Source", OneLine(content.Source, 80));
        Line(body, "Intent", content.WithholdDetails ? null : OneLine(content.Intent, 80));
        Line(body, "Score", content.Score?.ToString(CultureInfo.InvariantCulture));
        Line(body, "Shared with", OneLine(content.SharedWith, 200));
        Line(body, "Note", OneLine(content.Note, 300));
        Line(body, "Call log", content.Withheld ? values["call_log_link"] : null);
        Line(body, "Lead", OneLine(content.LeadLink, 300));
        return new(OneLine(who is null ? heading : $"{heading}: {who}", LongestSubject)!, body.ToString());
    }

    private static Dictionary<string, string?> Values(OwnerAlertContent content)
    {
        var hidden = content.WithholdDetails && !string.IsNullOrWhiteSpace(content.Message);
        var reachable = !content.Withheld && !string.IsNullOrWhiteSpace(content.PhoneE164);
        return new(StringComparer.Ordinal)
        {
            ["kind"] = content.Kind,
            ["name"] = content.Name,
            ["phone"] = content.Withheld ? "withheld" : content.PhoneNational ?? content.PhoneE164,
            ["message"] = hidden ? SeeLead : content.Message,
            ["call_link"] = reachable ? "tel:" + content.PhoneE164 : null,
            ["sms_link"] = reachable ? "sms:" + content.PhoneE164 : null,
            ["email"] = content.Email,
            ["source_page"] = content.WithholdDetails ? content.Source : ShortPage(content.SourcePage) ?? content.Source,
            ["source"] = content.Source,
            ["intent"] = content.WithholdDetails ? null : content.Intent,
            ["score"] = content.Score?.ToString(CultureInfo.InvariantCulture),
            ["called_at"] = content.CalledAt,
            ["lead_link"] = content.LeadLink,
            ["call_log_link"] = content.CallLogLink ?? content.LeadLink,
            ["shared_with"] = content.SharedWith,
            ["note"] = content.Note,
            ["waiting"] = content.Waiting,
        };
    }

    private static bool Fits(RenderedText text, Template template) => text.Length.Segments <= template.MaxSegments;

    /// <summary>The longest beginning of the message that fits; null when even the shortest does not.</summary>
    private static RenderedText? FitMessage(Template template, Dictionary<string, string?> values, string? message)
    {
        var longest = Math.Min(message?.Length ?? 0, TemplateVariables.Find("message")!.MaxLength);
        RenderedText? best = null;
        int fits = Math.Min(ShortestMessage, longest) - 1, tooLong = longest + 1;
        while (tooLong - fits > 1)
        {
            var length = (fits + tooLong) / 2;
            values["message"] = Start(message, length);
            var text = TemplateRenderer.Render(template, values);
            (fits, tooLong, best) = Fits(text, template) ? (length, tooLong, text) : (fits, length, best);
        }

        values["message"] = Start(message, Math.Min(ShortestMessage, longest));
        return best;
    }

    private static string? Start(string? text, int length)
    {
        if (text is null || text.Length <= length)
        {
            return text;
        }

        var end = Math.Max(1, length - 3);
        return string.Concat(text.AsSpan(0, char.IsHighSurrogate(text[end - 1]) ? end - 1 : end).TrimEnd(), "...");
    }

    private static string OnlyGsm7(string text)
    {
        var plain = Gsm7.Transliterate(text);
        return string.Concat(plain.Where(letter => !char.IsLowSurrogate(letter))
            .Select(letter => Gsm7.Width(letter) == 0 ? '?' : letter));
    }

    /// <summary>Host and path are enough to know the page; the query is advertising numbers.</summary>
    private static string? ShortPage(string? page)
    {
        if (string.IsNullOrWhiteSpace(page))
        {
            return null;
        }

        var start = page.IndexOf("://", StringComparison.Ordinal) is var scheme and >= 0 ? scheme + 3 : 0;
        var end = page.IndexOfAny(['?', '#'], start) is var query and >= 0 ? query : page.Length;
        var shortPage = page[start..end].TrimEnd('/');
        return shortPage.StartsWith("www.", StringComparison.OrdinalIgnoreCase) ? shortPage[4..] : shortPage;
    }

    private static void Line(StringBuilder body, string label, string? value)
    {
        if (value is not null || label == "Message")
        {
            body.Append(label).Append(": ").Append(value).Append(label == "Message" ? "" : "\n");
        }
    }

    /// <summary>Later lines of a message are indented, so that they cannot pose as labelled lines of ours.</summary>
    private static void Message(StringBuilder body, OwnerAlertContent content)
    {
        if (string.IsNullOrWhiteSpace(content.Message))
        {
            body.Append("none\n");
            return;
        }

        if (content.WithholdDetails)
        {
            body.Append(SeeLead).Append('\n');
            return;
        }

        var written = 0;
        foreach (var line in content.Message.ReplaceLineEndings("\n").Split('\n'))
        {
            if (written >= LongestMailedMessage)
            {
                body.Append("  ...\n");
                return;
            }

            if (OneLine(line, LongestMailedMessage - written) is { } text)
            {
                body.Append(written == 0 ? "" : "  ").Append(text).Append('\n');
                written += text.Length;
            }
        }
    }

    /// <summary>Without line ends, control and invisible characters; null when nothing is left.</summary>
    private static string? OneLine(string? value, int maxLength)
    {
        var buffer = new TextBuffer(stackalloc char[256]);
        VariableValue.Append(ref buffer, value, maxLength, transliterate: false);
        var line = buffer.Length == 0 ? null : buffer.ToString();
        buffer.Dispose();
        return line;
    }
}
