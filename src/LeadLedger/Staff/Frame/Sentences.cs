using System.Text.Json;
using LeadLedger.Calls;
using LeadLedger.EventStore;
using LeadLedger.Leads;
using LeadLedger.Reading;

namespace LeadLedger.Staff.Frame;

/// <summary>Stored events as sentences, with personal data taken out of them before they are written where it must be hidden.</summary>
public static class Sentences
{
    public static string Of(LedgerModel model, string type, byte[] data, bool masked)
    {
        try
        {
            var fact = model.Events.Read(type, data);
            return masked ? Shown.MaskedSentence(LeadHistory.Describe(Masked(fact))) : LeadHistory.Describe(fact);
        }
        catch (Exception exception) when (exception is InvalidOperationException or JsonException)
        {
            return $"An event of the type {type}, which this version cannot put into words.";
        }
    }

    // A name stands in the sentence without quotes, and a raw number without a plus: no pattern could find them there.
    private static object Masked(object fact) => fact switch
    {
        FormSubmitted e => e with { Name = string.IsNullOrWhiteSpace(e.Name) ? e.Name : Shown.MaskedName(e.Name), Message = Hidden(e.Message) },
        SmsReceived e => e with { FromRaw = Hidden(e.FromRaw), Body = Hidden(e.Body)! },
        SmsRequested e => e with { Body = Hidden(e.Body)! },
        CallRinging e => e with { Parties = e.Parties with { From = Hidden(e.Parties.From) } },
        NoteAdded e => e with { Text = Hidden(e.Text)! },
        _ => fact,
    };

    private static string? Hidden(string? text) => string.IsNullOrWhiteSpace(text) ? text : "\u2022\u2022\u2022";
}
