namespace LeadLedger.Messaging;

/// <summary>How a text travels: one character outside GSM-7 turns the whole of it into UCS-2.</summary>
public enum SmsEncoding
{
    Gsm7,
    Ucs2,
}

/// <summary>What a text costs to send.</summary>
/// <param name="Encoding">GSM-7 or UCS-2.</param>
/// <param name="Units">Septets in GSM-7, UTF-16 code units in UCS-2.</param>
/// <param name="Segments">Billed parts; 0 for an empty text.</param>
public readonly record struct SmsLength(SmsEncoding Encoding, int Units, int Segments);
