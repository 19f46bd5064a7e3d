using System.Buffers;
using System.Collections.Frozen;

namespace LeadLedger.Messaging;

/// <summary>
/// The first name to greet with (NRM-13). In doubt there is none: a nameless greeting is always right, a wrong name
/// never is. For names that people typed; a carrier's caller-name display is not one.
/// </summary>
public static class FirstName
{
    private const int Longest = 20;

    /// <summary>Signs of an address, a program's placeholder, two people or anything else that is not one person's name.</summary>
    private static readonly SearchValues<char> ForeignSigns = SearchValues.Create("@{}<>[]|=_\\/&+#$%^;:");

    private static readonly FrozenSet<string> Titles = Set(
        "mr mrs ms miss mx dr prof professor sir madam maam rev reverend pastor father sister hon capt captain sgt lt col " +
        "maj gen sr sra srta senor senora senorita dra doctor doctora mister");

    private static readonly FrozenSet<string> Suffixes = Set(
        "jr sr ii iii iv md do dds dmd phd esq rn np pa pe cpa jd mba ret od dvm aprn lpn msn");

    private static readonly FrozenSet<string> NotNames = Set(
        "null undefined none nil na nan unknown anonymous anon private caller wireless unavailable restricted blocked " +
        "withheld guest user customer client patient visitor lead contact test tester testing name firstname lastname first " +
        "last fname full your asdf qwerty xxx abc admin info sales support office owner homeowner tenant landlord resident " +
        "mom dad me myself spam toll free cell phone mobile new no not the a an my our this hi hello yes ok");

    private static readonly FrozenSet<string> Company = Set(
        "llc inc incorporated corp corporation ltd limited co company lp llp plc pllc pc gmbh group services service solutions " +
        "roofing plumbing dental dentistry medspa spa clinic hospital medical health construction contracting contractors " +
        "builders homes properties property realty realtors apartments apartment management mgmt associates partners " +
        "holdings enterprises industries restaurant cafe bar grill bank church school university college academy hoa " +
        "insurance agency law firm attorneys electric heating cooling hvac landscaping cleaning repair auto motors store " +
        "shop market foundation trust city county department dept team sons brothers bros systems technologies tech " +
        "logistics transport trucking salon studio hotel inn motel storage supply ranch farms farm");

    /// <summary>The first name in its usual spelling, or null for a neutral greeting.</summary>
    public static string? From(string? fullName)
    {
        if (string.IsNullOrWhiteSpace(fullName) || fullName.Length > 120 ||
            fullName.AsSpan().ContainsAny(ForeignSigns) || fullName.Any(char.IsDigit))
        {
            return null;
        }

        var words = SplitName(GivenPart(WithoutBrackets(fullName)));
        if (words.Exists(word => Company.Contains(Key(word)) || Key(word) is "and" or "y" or "et" or "und"))
        {
            return null;
        }

        words.RemoveAll(word => Suffixes.Contains(Key(word)) && words.IndexOf(word) > 0);
        var titles = words.TakeWhile(word => Titles.Contains(Key(word))).Count();
        words.RemoveRange(0, titles);
        if (words.Count == 0 || (titles > 0 && words.Count == 1))
        {
            // "Mrs. Smith" holds a family name only.
            return null;
        }

        var first = words[0];
        return IsUsable(first, words) ? Capitalised(first, words) : null;
    }

    /// <summary>Turns "Smith, John" around; "John Smith, DDS" stays.</summary>
    private static string GivenPart(string name)
    {
        var parts = name.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return parts.Length switch
        {
            0 => "",
            1 => parts[0],
            _ when SplitName(parts[1]).TrueForAll(word => Suffixes.Contains(Key(word)) || Company.Contains(Key(word))) =>
                SplitName(parts[1]).Exists(word => Company.Contains(Key(word))) ? name.Replace(',', ' ') :
                parts.Length > 2 ? parts[2] : parts[0],
            _ => parts[1] + " " + parts[0],
        };
    }

    private static string WithoutBrackets(string name)
    {
        var open = name.IndexOf('(', StringComparison.Ordinal);
        var close = name.IndexOf(')', StringComparison.Ordinal);
        return open >= 0 && close > open ? name.Remove(open, close - open + 1) : name;
    }

    /// <summary>Words of letters with inner apostrophes, hyphens and full stops; emoji and other signs fall away.</summary>
    private static List<string> SplitName(string name)
    {
        var words = new List<string>();
        foreach (var word in name.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        {
            var kept = string.Concat(word.Where(IsNameCharacter).Select(Straight)).Trim('-', '\'', '.');
            if (kept.Length > 0)
            {
                words.Add(kept);
            }
        }

        return words;
    }

    private static char Straight(char letter) => letter is '\u2019' or '\u02BC' or '`' ? '\'' : letter;

    private static bool IsNameCharacter(char character) =>
        char.IsLetter(character) || LatinLetters.IsCombiningMark(character) ||
        character is '-' or '\'' or '.' or '\u2019' or '\u02BC' or '`';

    private static bool IsUsable(string first, List<string> words)
    {
        var letters = first.Count(char.IsLetter);
        if (letters < 2 || first.Length > Longest || first.Contains('.', StringComparison.Ordinal) ||
            NotNames.Contains(Key(first)) || words.TrueForAll(word => NotNames.Contains(Key(word))))
        {
            return false;
        }

        // Names without spaces in Chinese, Japanese or Korean start with the family name.
        if (first.Any(letter => letter is >= '\u2E80' and <= '\uD7AF'))
        {
            return false;
        }

        // Without a vowel it is an abbreviation or a slip of the keyboard; JD and TJ in capitals are names.
        return HasVowel(first) || AreInitials(first, words) || first.Any(letter => letter > '\u024F');
    }

    private static bool HasVowel(string name) =>
        name.Any(letter => "aeiouyøæ".Contains(char.ToLowerInvariant(LatinLetters.BaseOf(letter)), StringComparison.Ordinal));

    /// <summary>Two capitals beside words in mixed case were typed on purpose.</summary>
    private static bool AreInitials(string first, List<string> words) =>
        first.Length == 2 && first.All(char.IsUpper) && words.Exists(word => word.Any(char.IsLower));

    /// <summary>Only names typed in one case are respelled; DeShawn and LeAnn know best.</summary>
    private static string Capitalised(string first, List<string> words)
    {
        var oneCase = first.Where(char.IsLetter).All(char.IsUpper) || first.Where(char.IsLetter).All(char.IsLower);
        if (!oneCase || AreInitials(first, words))
        {
            return first;
        }

        return string.Create(first.Length, first, static (target, name) =>
        {
            var start = true;
            for (var i = 0; i < name.Length; i++)
            {
                target[i] = start ? char.ToUpperInvariant(name[i]) : char.ToLowerInvariant(name[i]);
                start = name[i] is '-' or '\'';
            }
        });
    }

    private static string Key(string word) =>
        string.Concat(word.Where(char.IsLetter).Select(letter => char.ToLowerInvariant(LatinLetters.BaseOf(letter))));

    private static FrozenSet<string> Set(string words) => words.Split(' ').ToFrozenSet(StringComparer.Ordinal);
}
