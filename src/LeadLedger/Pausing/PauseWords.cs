using System.Diagnostics;
using LeadLedger.Messaging;
using LeadLedger.PhoneNumbers;
using LeadLedger.Sending;
using NodaTime;

namespace LeadLedger.Pausing;

/// <summary>What people read of a pause: what waits, what goes on, when it ends, and what to do. One place for alerts, lists and banners.</summary>
public static class PauseWords
{
    /// <summary>What waits under a scope.</summary>
    public static string Covers(string scope) => scope switch
    {
        SendingScopes.Everything => "everything that leaves",
        SendingScopes.Texts => "automatic texts to customers",
        "crm" => "updates to every CRM",
        _ when scope.StartsWith($"{SendingScopes.Texts}:", StringComparison.Ordinal) =>
            $"automatic texts to customers from {National(scope[(SendingScopes.Texts.Length + 1)..])}",
        _ when scope.StartsWith("crm:", StringComparison.Ordinal) => $"updates to the CRM '{scope[4..]}'",
        _ => scope,
    };

    /// <summary>A fact of the business's operations as a sentence.</summary>
    public static string Describe(IOperationsEvent fact) => fact switch
    {
        SendingPaused e => $"{Capital(Covers(e.Scope))} were paused by {e.By}: {e.Reason}"
            + (e.NeedsPerson ? "; a person has to resume them." : e.TryAgainAt is { } at ? $"; tried again at {at}." : "."),
        SendingProbeAllowed e => $"One of the waiting items was let through to see whether {Covers(e.Scope)} go again.",
        SendingProbeFailed e => $"The try failed ({e.Error}); {Covers(e.Scope)} are tried again at {e.TryAgainAt}.",
        SendingResumed e => $"{Capital(Covers(e.Scope))} were resumed by {e.By}: {e.Reason}.",
        OperationsAlertRequested e => $"Alert to {e.Recipient} by {string.Join(" and ", e.Channels)}: {e.Subject}.",
        OperationsAlertSent e => $"The alert by {e.Channel} was accepted.",
        OperationsAlertFailed e => $"The alert by {e.Channel} failed: {e.Error}.",
        _ => throw new UnreachableException($"{fact.GetType().Name} has no sentence"),
    };

    /// <summary>One sentence or two for a banner.</summary>
    public static string Banner(string scope, string reason, Pause? pause, DateTimeZone zone)
    {
        return scope == SendingScopes.Everything
            ? $"Sending is closed: {reason.TrimEnd('.')}. Leads are still taken in. When you have looked, open it: leadledger release --reason \"...\""
            : $"{Capital(Covers(scope))} are paused: {reason}. {Next(pause, zone)}";
    }

    /// <summary>What a person has to put right; the table may have lost a code that an old pause names.</summary>
    public static string Remedy(string? code) => ProviderCodes.Of(code).Remedy ?? "Put right what the provider names.";

    /// <summary>When and how it ends.</summary>
    public static string Next(Pause? pause, DateTimeZone zone) => pause switch
    {
        { NeedsPerson: true } => $"{Remedy(pause.Code)} Then resume.",
        { Probe: not null } => "One of them is being tried now; the rest follows by itself when it goes through.",
        { TryAgainAt: { } at } => $"The next try is at {ClockWords.Time(at.InZone(zone).TimeOfDay)}; it resumes by itself.",
        { Cause: PauseCauses.Staff } => "They wait until somebody resumes them.",
        { Cause: not PauseCauses.Breaker } => $"They resume by themselves with {Covers(pause.Cause)}.",
        { } => "The next try is made as soon as one of them is due; it resumes by itself.",
        null => "They resume when the cause is gone.",
    };

    private static string National(string e164) =>
        e164.StartsWith('+') ? PhoneNumber.FromE164(e164).Format(PhoneNumberFormat.National) : e164;

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}
