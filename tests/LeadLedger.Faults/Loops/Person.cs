using System.Globalization;

namespace LeadLedger.Faults.Loops;

/// <summary>
/// One invented caller. Every person of a run is used once, so that thousands of small histories fit into one database without touching each other.
/// The numbers 555-0100 to 555-0199 are kept free for such uses in every area code.
/// </summary>
/// <param name="Index">Counts the people of a run from 0.</param>
public sealed record Person(int Index)
{
    private const int PerArea = 100;

    // Area codes whose numbers belong to the forty-eight states.
    private const string AreaCodes =
        "201202203205206207208209210212213215216217218219224225228229231234239240248251252253254256260262267269270276281301302303304305307308309"
        + "310312313314315316317318319320321323325330331334336337339347351352360361386401402404405406407408409410412413414415417419423425430432434"
        + "435440443469478479480484501502503504505507508509510512513515516517518520530540541551559561562563567570571573574580585586601602603605606"
        + "607608609610612614615616617618619620623626630631636641646650651660661662678682701702703704706707708712713715716717718719720724727731732"
        + "734740754757760763765770772773774775781785786801802803804805806810812813814815816817818828830831832843845847848850856857858859860863864"
        + "865870878901903904906908909910912913914915916917918919920925928931936937940941947949951952954956970971972973978979980985989";

    /// <summary>How many people a run can have; as many again are their others.</summary>
    public static int Most => AreaCodes.Length / 6 * PerArea;

    /// <summary>Somebody else who is used together with this person only.</summary>
    public Person Other => new(Index + Most);

    public string Phone => string.Create(
        CultureInfo.InvariantCulture, $"+1{AreaCodes.AsSpan(Index / PerArea * 3, 3)}55501{Index % PerArea:D2}");

    public string Email => string.Create(CultureInfo.InvariantCulture, $"person{Index}@people.example");

    public string CallSid => string.Create(CultureInfo.InvariantCulture, $"CA{Index:x32}");

    public string SubmissionId => string.Create(CultureInfo.InvariantCulture, $"form-{Index:D8}");

    /// <summary>The provider's id of a text this person sends.</summary>
    public string MessageSid(int number) => string.Create(CultureInfo.InvariantCulture, $"SN{Index:x24}{number:x8}");
}
