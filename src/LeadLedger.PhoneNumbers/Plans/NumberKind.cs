namespace LeadLedger.PhoneNumbers.Plans;

/// <summary>The ranges a plan describes, in the order of the bits a plan's automaton answers with.</summary>
internal enum NumberKind
{
    General,
    FixedLine,
    Mobile,
    TollFree,
    PremiumRate,
    SharedCost,
    PersonalNumber,
    Voip,
    Pager,
    Uan,
    Voicemail,
    NoInternationalDialling,
}
