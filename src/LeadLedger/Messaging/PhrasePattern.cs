using System.Collections.Frozen;

namespace LeadLedger.Messaging;

/// <summary>
/// A phrase written as data, matched on words within one sentence. Slots are separated by spaces:
/// <c>a|b</c> one of these words, <c>a*</c> a beginning, a final <c>?</c> makes the slot optional,
/// <c>_3</c> up to three words of any kind, <c>^</c> start and <c>$</c> end of the sentence apart from courtesies,
/// <c>!a|b</c> not followed by and <c>&lt;a|b</c> not preceded by one of these words.
/// </summary>
internal sealed class PhrasePattern
{
    private const string CourtesyWords =
        "please pls plz plse plez kindly thanks thank thx thnx tks ty you u sir maam ok okay hi hello hey yes no " +
        "sorry just and so well oh omg lol jesus god now asap por favor gracias hola merci svp sil vous plait bonjour";

    private static readonly HashSet<string> Courtesy = new(
        CourtesyWords.Split(' '), StringComparer.Ordinal);

    private readonly Slot[] slots;

    /// <summary>The required slot with the fewest words: without one of them there is nothing to find.</summary>
    private readonly Slot? rarest;

    public PhrasePattern(string source)
    {
        Source = source;
        slots = [.. source.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Slot.Parse)];
        rarest = slots.Where(slot => slot is { Kind: SlotKind.Words, Optional: false }).MinBy(slot => slot.Count);
    }

    public string Source { get; }

    /// <summary>Every pattern of a text with one on each line; empty lines and lines that start with # are skipped.</summary>
    public static IReadOnlyList<PhrasePattern> All(string lines) =>
    [
        .. lines.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Where(line => line[0] != '#')
            .Select(line => new PhrasePattern(line)),
    ];

    /// <summary>The first place where the phrase occurs, as word positions; null when it does not.</summary>
    public (int Start, int End)? Find(List<Word> words)
    {
        if (rarest is not null && !rarest.AcceptsAny(words))
        {
            return null;
        }

        for (var start = 0; start < words.Count; start++)
        {
            if (Match(words, start, 0, start) is { } end)
            {
                return (start, end);
            }
        }

        return null;
    }

    private int? Match(List<Word> words, int at, int slotIndex, int start)
    {
        if (slotIndex == slots.Length)
        {
            return at;
        }

        var slot = slots[slotIndex];
        switch (slot.Kind)
        {
            case SlotKind.Start:
                return AtStart(words, at) ? Match(words, at, slotIndex + 1, start) : null;
            case SlotKind.End:
                return AtEnd(words, at) ? Match(words, at, slotIndex + 1, start) : null;
            case SlotKind.NotBefore:
                return at > 0 && at < words.Count && words[at].BreakBefore == WordBreak.None &&
                    slot.Accepts(words[at - 1].Text)
                    ? null
                    : Match(words, at, slotIndex + 1, start);
            case SlotKind.NotAfter:
                return Follows(words, at, start) && slot.Accepts(words[at].Text)
                    ? null
                    : Match(words, at, slotIndex + 1, start);
            case SlotKind.Gap:
                for (var skipped = 0; skipped <= slot.Gap; skipped++)
                {
                    if (Match(words, at + skipped, slotIndex + 1, start) is { } end)
                    {
                        return end;
                    }

                    if (!Follows(words, at + skipped, start))
                    {
                        break;
                    }
                }

                return null;
            default:
                if (Follows(words, at, start) && slot.Accepts(words[at].Text) &&
                    Match(words, at + 1, slotIndex + 1, start) is { } rest)
                {
                    return rest;
                }

                return slot.Optional ? Match(words, at, slotIndex + 1, start) : null;
        }
    }

    /// <summary>There is a word, and it belongs to the same sentence as the match so far.</summary>
    private static bool Follows(List<Word> words, int at, int start) =>
        at < words.Count && (at == start || words[at].BreakBefore != WordBreak.Hard);

    private static bool AtStart(List<Word> words, int at)
    {
        while (at > 0 && at < words.Count && words[at].BreakBefore != WordBreak.Hard)
        {
            at--;
            if (!Courtesy.Contains(words[at].Text))
            {
                return false;
            }
        }

        return true;
    }

    private static bool AtEnd(List<Word> words, int at)
    {
        while (at < words.Count && words[at].BreakBefore != WordBreak.Hard)
        {
            if (!Courtesy.Contains(words[at].Text))
            {
                return false;
            }

            at++;
        }

        return true;
    }

    private enum SlotKind
    {
        Words,
        Gap,
        Start,
        End,
        NotAfter,
        NotBefore,
    }

    private sealed class Slot
    {
        private readonly FrozenSet<string> words = [];
        private readonly string[] beginnings = [];

        private Slot(SlotKind kind, int gap) => (Kind, Gap) = (kind, gap);

        private Slot(SlotKind kind, string alternatives, bool optional)
        {
            Kind = kind;
            Optional = optional;
            var all = alternatives.Split('|', StringSplitOptions.RemoveEmptyEntries);
            words = all.Where(word => !word.EndsWith('*')).ToFrozenSet(StringComparer.Ordinal);
            beginnings = [.. all.Where(word => word.EndsWith('*')).Select(word => word[..^1])];
        }

        public SlotKind Kind { get; }

        public int Gap { get; }

        public bool Optional { get; }

        public static Slot Parse(string slot) => slot switch
        {
            "^" => new(SlotKind.Start, 0),
            "$" => new(SlotKind.End, 0),
            ['_', var digit] => new(SlotKind.Gap, digit - '0'),
            ['!', .. var rest] => new(SlotKind.NotAfter, rest, false),
            ['<', .. var rest] => new(SlotKind.NotBefore, rest, false),
            [.. var rest, '?'] => new(SlotKind.Words, rest, true),
            _ => new(SlotKind.Words, slot, false),
        };

        public int Count => words.Count + beginnings.Length;

        public bool Accepts(string word)
        {
            if (words.Contains(word))
            {
                return true;
            }

            foreach (var beginning in beginnings)
            {
                if (word.StartsWith(beginning, StringComparison.Ordinal))
                {
                    return true;
                }
            }

            return false;
        }

        public bool AcceptsAny(List<Word> candidates)
        {
            foreach (var candidate in candidates)
            {
                if (Accepts(candidate.Text))
                {
                    return true;
                }
            }

            return false;
        }
    }
}
