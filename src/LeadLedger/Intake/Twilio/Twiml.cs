using System.Globalization;
using System.Text;
using System.Xml;

namespace LeadLedger.Intake;

/// <summary>
/// Answers to Twilio's voice webhooks. Twilio reads an error page as instructions and fails the call, so every answer,
/// also after an internal error, is one of these.
/// </summary>
public static class Twiml
{
    public const string ContentType = "text/xml; charset=utf-8";

    /// <summary>Longest voicemail, seconds.</summary>
    public const int VoicemailSeconds = 120;

    private const string Open = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Response>";
    private const string Close = "</Response>";

    /// <summary>Ends the call.</summary>
    public const string Hangup = Open + "<Hangup/>" + Close;

    /// <summary>Nothing more to do: ends a call, answers a text with silence.</summary>
    public const string Empty = Open + Close;

    /// <summary>
    /// Rings a phone. The caller keeps hearing the ring until somebody answers (answerOnBridge), so a call that nobody
    /// takes is not reported as completed.
    /// </summary>
    /// <param name="publicBase">The service's address as Twilio calls it.</param>
    /// <param name="ringTo">E.164.</param>
    /// <param name="ringSeconds">1 to 600.</param>
    /// <param name="action">Path asked when the dialling ends.</param>
    /// <param name="legStatus">Path told about each state of the dialled leg.</param>
    public static string Dial(string publicBase, string ringTo, int ringSeconds, string action, string legStatus)
    {
        var xml = new StringBuilder(Open);
        xml.Append("<Dial answerOnBridge=\"true\" method=\"POST\" timeout=\"")
            .Append(Math.Clamp(ringSeconds, 1, 600).ToString(CultureInfo.InvariantCulture));
        Attribute(xml.Append('"'), "action", PublicUrl.Of(publicBase, action));
        xml.Append("><Number statusCallbackMethod=\"POST\"")
            .Append(" statusCallbackEvent=\"initiated ringing answered completed\"");
        Attribute(xml, "statusCallback", PublicUrl.Of(publicBase, legStatus));
        Escape(xml.Append('>'), ringTo);
        return xml.Append("</Number></Dial>").Append(Close).ToString();
    }

    /// <summary>
    /// Takes a message, announcing that it is recorded, as several states require. An action is always named: without
    /// one Twilio asks for the same document again and the caller is greeted in a circle.
    /// </summary>
    /// <param name="businessName">Spoken to the caller.</param>
    /// <param name="action">Path asked when the recording ends.</param>
    /// <param name="recordingStatus">Path told when the recording can be fetched.</param>
    public static string Voicemail(string publicBase, string businessName, string action, string recordingStatus)
    {
        var xml = new StringBuilder(Open);
        Escape(xml.Append("<Say>"), Greeting(businessName));
        xml.Append("</Say><Record maxLength=\"")
            .Append(VoicemailSeconds.ToString(CultureInfo.InvariantCulture))
            .Append("\" playBeep=\"true\" transcribe=\"false\" method=\"POST\"");
        Attribute(xml, "action", PublicUrl.Of(publicBase, action));
        Attribute(xml, "recordingStatusCallback", PublicUrl.Of(publicBase, recordingStatus));
        xml.Append(" recordingStatusCallbackMethod=\"POST\" recordingStatusCallbackEvent=\"completed absent\"/>");
        return xml.Append("<Hangup/>").Append(Close).ToString();
    }

    /// <summary>What a caller hears before the tone.</summary>
    public static string Greeting(string businessName)
    {
        var name = SafeText.Line(businessName, 100);
        var opening = name.Length == 0 ? "Hello." : $"Hello, you have reached {name}.";
        return $"{opening} We missed your call and would like to call you back. "
            + "This line records messages. After the tone, tell us your name and how we can help.";
    }

    private static void Attribute(StringBuilder xml, string name, string value)
    {
        Escape(xml.Append(' ').Append(name).Append("=\""), value);
        xml.Append('"');
    }

    private static void Escape(StringBuilder xml, string text)
    {
        for (var index = 0; index < text.Length; index++)
        {
            var character = text[index];
            if (index + 1 < text.Length && char.IsSurrogatePair(character, text[index + 1]))
            {
                xml.Append(character).Append(text[++index]);
                continue;
            }

            // Characters that XML 1.0 cannot carry, not even escaped, are left out.
            _ = character switch
            {
                '<' => xml.Append("&lt;"),
                '>' => xml.Append("&gt;"),
                '&' => xml.Append("&amp;"),
                '"' => xml.Append("&quot;"),
                '\'' => xml.Append("&apos;"),
                _ when XmlConvert.IsXmlChar(character) => xml.Append(character),
                _ => xml,
            };
        }
    }
}
