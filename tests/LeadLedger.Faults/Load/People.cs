using System.Globalization;

namespace LeadLedger.Faults.Load;

/// <summary>Somebody who calls, writes and fills in forms.</summary>
public sealed record Person(int Index, string Phone, string Name, string Email);

/// <summary>People with numbers from the ranges reserved for fiction: 555-0100 to 555-0199 of North American area codes.</summary>
public static class People
{
    // All in the United States, in its four large zones.
    private static readonly string[] AreaCodes =
    [
        "214", "312", "405", "414", "417", "501", "504", "512", "515", "563", "573", "608", "612", "615", "630", "636", "651", "682", "708", "713",
        "763", "773", "806", "815", "816", "817", "830", "847", "901", "903", "913", "918", "920", "936", "940", "952", "956", "972", "979", "985",
        "201", "202", "203", "212", "215", "216", "240", "248", "267", "301", "302", "304", "305", "313", "315", "330", "336", "347", "352", "386",
        "401", "404", "407", "410", "412", "413", "419", "434", "440", "443", "484", "508", "513", "516", "518", "540", "551", "561", "570", "571",
        "585", "586", "603", "607", "609", "610", "614", "616", "617", "631", "646", "703", "704", "706", "716", "717", "718", "724", "727", "732",
        "734", "740", "757", "770", "772", "774", "781", "786", "802", "803", "804", "810", "813", "814", "828", "843", "845", "856", "859", "860",
        "862", "863", "864", "904", "908", "910", "912", "914", "917", "919", "937", "941", "954", "973", "978", "980", "989", "303", "307", "385",
        "406", "435", "505", "575", "719", "720", "801", "970", "206", "209", "213", "253", "310", "323", "360", "408", "415", "425", "503", "509",
        "510", "530", "541", "559", "562", "619", "626", "650", "661", "702", "707", "714", "760", "775", "805", "818", "831", "858", "909", "916",
        "925", "949", "951", "971",
    ];

    private static readonly string[] FirstNames = ["Maria", "James", "Aisha", "Wei", "Olga", "Diego", "Hannah", "Tom", "Priya", "Noah"];

    private static readonly string[] LastNames =
    [
        "Lopez", "Miller", "Khan", "Chen", "Petrova", "Garcia", "Schmidt", "Brown", "Patel", "Johnson", "Nguyen", "Rossi", "Novak", "Silva", "Kim",
    ];

    public static int Most => AreaCodes.Length * 100;

    public static Person Of(int index) => new(
        index,
        string.Create(CultureInfo.InvariantCulture, $"+1{AreaCodes[index / 100]}55501{index % 100:00}"),
        $"{FirstNames[index % FirstNames.Length]} {LastNames[index / FirstNames.Length % LastNames.Length]}",
        string.Create(CultureInfo.InvariantCulture, $"person{index}@home.example"));
}
