namespace LeadLedger.Messaging;

/// <summary>A text ready for its recipient, with what it costs.</summary>
/// <param name="Body">The text, opt-out line included.</param>
/// <param name="Length">Encoding, units and segments of <paramref name="Body"/>.</param>
/// <param name="Missing">Variables without a usable value, and those left out to keep the segments.</param>
/// <param name="Sendable">False when a value is missing that the text cannot do without; such a text is never sent.</param>
public sealed record RenderedText(string Body, SmsLength Length, IReadOnlyList<string> Missing, bool Sendable = true);
