namespace LeadLedger.Benchmarks.Pages;

/// <summary>Names for the leads of the benchmark: a few that are common, many that are rare, the same ones in every run.</summary>
public static class PeopleNames
{
    private static readonly string[] First =
    [
        "Maria", "James", "Linda", "Robert", "Patricia", "John", "Jennifer", "Michael", "Elena", "David", "Susan", "Carlos", "Karen", "Thomas",
        "Nancy", "Daniel", "Lisa", "Matthew", "Betty", "Anthony", "Ana", "Mark", "Sandra", "Steven", "Ashley", "Paul", "Kimberly", "Andrew",
        "Donna", "Joshua", "Emily", "Kenneth", "Carol", "Kevin", "Priya", "Brian", "Amanda", "George", "Deborah", "Edward", "Wei", "Ronald",
    ];

    private static readonly string[] Beginnings =
    [
        "Al", "Bar", "Ber", "Cal", "Car", "Dal", "Del", "El", "Far", "Fin", "Gar", "Gil", "Hal", "Har", "Ing", "Jan", "Kel", "Kir", "Lam", "Lin",
        "Mac", "Mar", "Mor", "Nor", "Ol", "Par", "Quin", "Ran", "Ros", "Sal", "Sten", "Tor", "Ul", "Val", "Wal", "Wes", "Yar", "Zel",
    ];

    private static readonly string[] Middles = ["a", "be", "ci", "do", "e", "fi", "go", "la", "mi", "no", "ri", "so", "ta", "ve", "wi"];

    private static readonly string[] Endings = ["nd", "son", "ez", "ton", "ley", "berg", "mann", "ski", "well", "ford", "ins", "ard", "ova", "er", "oy"];

    /// <summary>A share of the surnames is common: every tenth person has one of these.</summary>
    private static readonly string[] Common = ["Garcia", "Smith", "Johnson", "Nguyen"];

    public static IReadOnlyList<string> CommonParts { get; } = [.. First.Take(20).Concat(Common).Select(name => name[..Math.Min(4, name.Length)].ToLowerInvariant())];

    public static string Of(long person) => $"{First[Mixed(person) % First.Length]} {Surname(person)}";

    public static string Surname(long person)
    {
        var mixed = Mixed(person + 77);
        return mixed % 10 == 0
            ? Common[mixed / 10 % Common.Length]
            : Beginnings[mixed % Beginnings.Length] + Middles[mixed / 41 % Middles.Length] + Endings[mixed / 701 % Endings.Length];
    }

    /// <summary>Spreads neighbouring numbers, always in the same way.</summary>
    public static long Mixed(long number)
    {
        var mixed = unchecked((ulong)number * 0x9E37_79B9_7F4A_7C15UL);
        mixed ^= mixed >> 29;
        mixed = unchecked(mixed * 0xBF58_476D_1CE4_E5B9UL);
        return (long)((mixed ^ (mixed >> 32)) >> 1);
    }
}
