using LeadLedger.Intake.Twilio;

namespace LeadLedger.Staff.Frame;

/// <summary>The addresses that a provider or form builder is told to post to.</summary>
public static class WebhookAddresses
{
    /// <summary>What to paste for a line, by the field of the provider's console.</summary>
    /// <param name="publicBase">The service's public address.</param>
    /// <param name="mode">The line's mode, as the API names it.</param>
    public static IReadOnlyList<(string Field, string Address)> OfLine(string publicBase, string? mode)
    {
        var status = ("Call status changes", publicBase + TwilioEndpoints.Root);
        var texts = ("A message comes in", $"{publicBase}{TwilioEndpoints.Root}/sms");
        return mode == "status_only" ? [status, texts] : [("A call comes in", $"{publicBase}{TwilioEndpoints.Root}/voice"), status, texts];
    }

    public static string OfForm(string publicBase, string form) => $"{publicBase}/api/webhooks/forms/{form}";

    public static string OfGhl(string publicBase) => $"{publicBase}/api/webhooks/ghl";
}
