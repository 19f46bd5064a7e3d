namespace LeadLedger.PhoneNumbers.Reading;

/// <summary>What was read beside the digits themselves. Calling code 0 means that none was given and none assumed.</summary>
internal readonly record struct ReadNumber(int CallingCode, int Length, string? Extension);
