using System.Globalization;

namespace LeadLedger.Demo;

/// <summary>Made-up people with numbers from the ranges kept for fiction (555-0100 to 555-0199 of an area code); the seed decides who meets whom.</summary>
internal sealed class DemoPeople
{
    private static readonly string[] First =
    [
        "Lucia", "Marcus", "Hannah", "Darnell", "Sofia", "Grant", "Imani", "Peter", "Yolanda", "Kevin", "Beatriz", "Owen", "Tamika", "Russell", "Noemi", "Curtis",
        "Elena", "Victor", "Janelle", "Douglas", "Ines", "Wesley", "Monique", "Harold", "Paloma", "Trevor", "Adele", "Rafael", "Brenda", "Silas", "Corinne", "Emmett",
        "Gloria", "Desmond", "Fiona", "Hector", "Lorraine", "Malik", "Odessa", "Quentin", "Rosalind", "Stuart", "Thelma", "Ulises", "Vivian", "Warren", "Ximena", "Zachary",
        "Abel", "Bettina", "Clifton", "Dolores", "Edwin", "Francine", "Gideon", "Henrietta", "Isaac", "Josefina", "Kendra", "Leland",
    ];

    private static readonly string[] Last =
    [
        "Abernathy", "Barrientos", "Calloway", "Dominguez", "Eubanks", "Fitzgerald", "Guerrero", "Hollister", "Ibarra", "Jefferies", "Kowalski", "Landry", "McAdams",
        "Nakamura", "Okafor", "Pruitt", "Quintana", "Rutledge", "Salazar", "Thibodeaux", "Underwood", "Villanueva", "Whitaker", "Xiong", "Yarbrough", "Zimmerman", "Ashcroft",
        "Broussard", "Crenshaw", "Delacruz", "Escobedo", "Faulkner", "Gillespie", "Huang", "Ivey", "Juarez", "Kessler", "Lindqvist", "Montoya", "Norwood", "Osborne",
        "Petrov", "Ridgeway", "Sandoval", "Tillman", "Upshaw", "Vasquez", "Wozniak",
        "Arrington", "Benavides", "Cantrell", "Driscoll", "Espinoza", "Fontenot", "Goldberg", "Hathaway", "Iglesias", "Jankowski", "Kirkpatrick", "Lozano",
    ];

    private static readonly string[] StormMessages =
    [
        "Hail broke shingles on the south side, some are in the yard.", "Gutters came down in front of the garage. Can somebody look today?",
        "Insurance wants photos and an estimate after the hail.", "The skylight is cracked, it is covered with a tarp for now.",
        "Half of the ridge is gone after the wind.", "Neighbors say we lost shingles, I cannot see it from the ground.",
        "The vent pipe is bent and the flashing stands up.", "Need a tarp on the back of the house before the next rain.",
    ];

    private static readonly string[] QuietMessages =
    [
        "Roof is 19 years old, what would a new one cost?", "Please quote gutters with guards for a one-story house.",
        "We are selling and need a roof certification.", "Moss on the north side, do you clean roofs?",
    ];

    private static readonly string[] Notes =
    [
        "Estimate on Thursday at 9, gate code is on the work order.", "Tarp goes up this evening, Luis drives.", "Sends photos for the insurance tonight.",
        "Wants asphalt, not metal. Two estimates already.", "Left a voicemail, tries us again tomorrow.", "Only the gutter, small job.",
        "Adjuster comes on Monday, we meet him there.", "Talked through the deductible.",
    ];

    private static readonly string[] Areas = ["469", "972", "817", "682"];

    private readonly Random _random;
    private readonly Queue<string> _names;
    private readonly Queue<string> _numbers;

    public DemoPeople(Random random)
    {
        _random = random;
        var first = First.ToArray();
        var last = Last.ToArray();
        random.Shuffle(first);
        random.Shuffle(last);

        // Every last name once, so that only the two who are meant to be alike are.
        _names = new Queue<string>(first.Zip(last, (a, b) => $"{a} {b}"));
        var numbers = Enumerable.Range(0, 200)
            .Select(i => string.Create(CultureInfo.InvariantCulture, $"+1{Areas[i % 4]}5550{110 + (i / 4):000}")).ToArray();
        random.Shuffle(numbers);
        _numbers = new Queue<string>(numbers);
    }

    public DemoPerson Next() => Named(_names.Dequeue());

    public DemoPerson Named(string name)
    {
        var words = name.Split(' ');
        var shown = _random.Next(10) switch
        {
            < 6 => $"{words[^1]} {words[0]}".ToUpperInvariant(),
            < 7 => "WIRELESS CALLER",
            _ => null,
        };
        return new DemoPerson(name, NextNumber(), shown);
    }

    public string NextNumber() => _numbers.Dequeue();

    public string StormMessage() => Any(StormMessages);

    public string QuietMessage() => Any(QuietMessages);

    public string Note() => Any(Notes);

    public T Any<T>(IReadOnlyList<T> values) => values[_random.Next(values.Count)];

    public string Hex()
    {
        Span<byte> bytes = stackalloc byte[16];
        _random.NextBytes(bytes);
        return Convert.ToHexStringLower(bytes);
    }
}
