namespace LeadLedger.Messaging;

/// <summary>The business a template is checked for.</summary>
/// <param name="BusinessName">Counts with its real length; empty counts as the longest name allowed.</param>
/// <param name="UrgentRoute">Empty when the business has none (ACK-20).</param>
/// <param name="Healthcare">Dental, med-spa: the strictest rules (C-24, CON-15).</param>
/// <param name="LiveStatus">Staff set a live status, so what they are doing is known (C-25).</param>
public sealed record LintContext(string BusinessName, string UrgentRoute, bool Healthcare = false, bool LiveStatus = false);
