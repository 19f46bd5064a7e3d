namespace LeadLedger.Intake;

/// <summary>
/// What reading changed or decided about a payload; stored beside the event, so the words are stable.
/// </summary>
public static class PayloadNotes
{
    public const string Replaced = "characters that cannot be stored were replaced";
    public const string DuplicateKey = "a key appears more than once and the last one counts";
    public const string RepeatedField = "a form field appears more than once";
    public const string ByteOrderMark = "the body began with a byte order mark";
    public const string Utf16 = "the body was UTF-16";
    public const string JsonAsForm = "the body was JSON although its content type said form";
    public const string Sniffed = "the content type was missing or generic and the body's first character decided";
    public const string Incomplete = "the body ended early and what was read is kept";
    public const string PlusRestored = "a plus sign sent unencoded was restored";
}
