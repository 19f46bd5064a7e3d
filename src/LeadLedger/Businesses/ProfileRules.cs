namespace LeadLedger.Businesses;

/// <summary>
/// What a trade changes (GEN-09). Healthcare is the strictest: no text may show that somebody is a patient.
/// </summary>
public static class ProfileRules
{
    private static readonly string[] _everywhere =
        ["emergency", "urgent", "gas leak", "fire", "ambulance", "911"];

    /// <summary>Texts never hold service details and never greet a known customer as one (CON-15, C-24).</summary>
    public static bool IsHealthcare(this Profile profile) => profile is Profile.Dental or Profile.MedSpa;

    /// <summary>
    /// Words that bring an inquiry before a person at once (RTE-08), for files that name none. They need not be
    /// precise: a false alarm costs a look, a missed one may cost far more.
    /// </summary>
    public static IReadOnlyList<string> UrgentWords(this Profile profile) => profile switch
    {
        Profile.Roofing =>
        [
            .. _everywhere, "leak", "leaking", "water coming in", "ceiling", "caved in", "collapsed", "tree on",
            "hole in", "storm damage", "power line", "tarp",
        ],
        Profile.Dental =>
        [
            .. _everywhere, "bleeding", "swelling", "swollen", "abscess", "knocked out", "broken tooth", "severe pain",
            "unbearable", "fever", "can't breathe", "can't swallow",
        ],
        Profile.MedSpa =>
        [
            .. _everywhere, "bleeding", "swelling", "swollen", "allergic", "reaction", "blurry", "vision", "blister",
            "burn", "infection", "severe pain", "can't breathe",
        ],
        _ => _everywhere,
    };
}
