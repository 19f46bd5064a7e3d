using LeadLedger.Leads;
using NodaTime;

namespace LeadLedger.Staff.Frame;

/// <summary>What speaks for and against two leads being one person, and what merging them would come to. Pure; says nothing that names a person.</summary>
public static class MergeEvidence
{
    private static readonly Duration LongApart = Duration.FromDays(30);
    private static readonly Duration SoonAfter = Duration.FromHours(1);

    /// <summary>What speaks for it: what the suggestion found, and what the two have in common.</summary>
    public static IReadOnlyList<string> InFavour(Lead one, Lead two, Suggestion suggestion)
    {
        var reasons = new List<string>(suggestion.Reasons);
        var shared = one.ContactPoints.Intersect(two.ContactPoints).ToArray();
        if (shared.Length > 0)
        {
            reasons.Add($"both use the same {string.Join(" and ", shared.Select(point => point.Kind == "email" ? "mailbox" : "number").Distinct())}");
        }

        if (one.Company is { Length: > 0 } company && string.Equals(company, two.Company, StringComparison.OrdinalIgnoreCase))
        {
            reasons.Add("both gave the same company");
        }

        if (one.Service is { Length: > 0 } service && string.Equals(service, two.Service, StringComparison.OrdinalIgnoreCase))
        {
            reasons.Add("both asked for the same service");
        }

        if (Apart(one, two) <= SoonAfter)
        {
            reasons.Add($"their last inquiries came {Shown.Span(Apart(one, two))} apart");
        }

        return reasons;
    }

    /// <summary>What speaks against it; a person has more to go on than a similar name.</summary>
    public static IReadOnlyList<string> Against(Lead one, Lead two)
    {
        var reasons = new List<string>();
        if (!string.Equals(one.Name, two.Name, StringComparison.OrdinalIgnoreCase))
        {
            reasons.Add(one.Name is null || two.Name is null ? "only one of them gave a name" : "the names are not written the same");
        }

        foreach (var (kind, word) in (ReadOnlySpan<(string, string)>)[("phone", "number"), ("email", "mailbox")])
        {
            var first = one.ContactPoints.Where(point => point.Kind == kind).ToArray();
            var second = two.ContactPoints.Where(point => point.Kind == kind).ToArray();
            if (first.Length > 0 && second.Length > 0 && !first.Intersect(second).Any())
            {
                reasons.Add($"different {(kind == "email" ? "mailboxes" : "numbers")}");
            }
            else if (first.Length == 0 != (second.Length == 0))
            {
                reasons.Add($"only one of them has a {word}");
            }
        }

        if (one.Company is { Length: > 0 } company && two.Company is { Length: > 0 } other && !string.Equals(company, other, StringComparison.OrdinalIgnoreCase))
        {
            reasons.Add("different companies");
        }

        if (Apart(one, two) > LongApart)
        {
            reasons.Add($"their last inquiries came {Shown.Span(Apart(one, two))} apart");
        }

        return reasons;
    }

    /// <summary>What merging would come to, one sentence each.</summary>
    /// <param name="survivor">The lead that stays.</param>
    /// <param name="goes">The lead that goes into it.</param>
    /// <param name="ownerOf">The name of a member of the staff.</param>
    public static IReadOnlyList<string> Consequences(Lead survivor, Lead goes, Func<string, string> ownerOf)
    {
        var said = new List<string>
        {
            "The other record points here from now on. Nothing of its history is lost or rewritten; both are shown together.",
            $"It stands for {survivor.InquiryCount + goes.InquiryCount} inquiries, the first from the record that was opened earlier.",
        };
        said.Add((survivor.Owner, survivor.Queue, goes.Owner ?? goes.Queue) switch
        {
            ({ } owner, _, _) => $"{ownerOf(owner)} stays its owner.",
            (null, { } queue, _) => $"It stays in the queue {queue}.",
            (null, null, { } taken) => $"It goes to {ownerOf(taken)}, as the other one.",
            _ => "It still has no owner.",
        });
        if (survivor.OptedOut || goes.OptedOut)
        {
            said.Add("The opt-out carries over: a number that wants no texts gets none, whichever record it came from.");
        }

        if (survivor.OptOutHeld || goes.OptOutHeld)
        {
            said.Add("Words that may be an opt-out still wait for a person; texts to that number wait with them.");
        }

        said.Add((survivor.HasOpenTask, goes.HasOpenTask) switch
        {
            (true, true) => "Both have an open callback: one remains, and stands for both.",
            (true, false) => "Its open callback stays as it is.",
            (false, true) => "The open callback of the other one moves over, with its deadline.",
            _ => "Nobody waits for a callback, and none is opened.",
        });
        foreach (var (target, id) in goes.ExternalIds)
        {
            said.Add(survivor.ExternalIds.TryGetValue(target, out var own)
                ? $"{target} knows both: it is told to keep {own}. Its record {id} is not deleted there."
                : $"{target} knows the other one as {id}; it is told of this record as a new one unless it finds the number itself.");
        }

        said.Add("No text is sent because of the merge.");
        return said;
    }

    private static Duration Apart(Lead one, Lead two)
    {
        var apart = one.LastInquiryAt - two.LastInquiryAt;
        return apart < Duration.Zero ? -apart : apart;
    }
}
