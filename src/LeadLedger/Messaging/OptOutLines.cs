namespace LeadLedger.Messaging;

/// <summary>The line that tells a lead how to stop the texts; part of every measured length (C-15).</summary>
public static class OptOutLines
{
    public const string English = "Reply STOP to opt out.";

    public const string Spanish = "Responda STOP para salir.";

    public static string In(string locale) =>
        locale.StartsWith("es", StringComparison.Ordinal) ? Spanish : English;
}
