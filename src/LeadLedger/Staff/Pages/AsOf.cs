using System.Globalization;
using System.Text.Json;
using LeadLedger.Reading;
using LeadLedger.Staff.Frame;
using NodaTime;
using NodaTime.Text;

namespace LeadLedger.Staff.Pages;

/// <summary>One field of a lead at two instants.</summary>
public sealed record FieldChange(string Field, string Then, string Now);

/// <summary>A lead as everything recorded by an instant made it.</summary>
/// <param name="At">The instant.</param>
/// <param name="Fields">Field and value; empty when there was no such lead.</param>
/// <param name="Why">Why there are none.</param>
public sealed record LeadThen(Instant At, IReadOnlyDictionary<string, string> Fields, string? Why);

/// <summary>SCR-06: the lead as it was, and what changed between two instants. The address holds both, so it can be passed on.</summary>
public static class AsOf
{
    private const int MostEvents = 2000;

    private static readonly LocalDateTimePattern[] Typed =
    [
        LocalDateTimePattern.CreateWithInvariantCulture("uuuu'-'MM'-'dd'T'HH':'mm"), LocalDateTimePattern.CreateWithInvariantCulture("uuuu'-'MM'-'dd'T'HH':'mm':'ss"),
        LocalDateTimePattern.ExtendedIso,
    ];

    public static void Map(IEndpointRouteBuilder routes) => routes.MapPage("/leads/{id}/as-of", PageAccess.Read, PageAsync);

    /// <summary>An instant out of an address, or a local time out of the field; a typed second counts whole.</summary>
    public static Instant? Read(string? text, DateTimeZone zone)
    {
        if (string.IsNullOrEmpty(text) || text.Length > 40)
        {
            return null;
        }

        if (InstantPattern.ExtendedIso.Parse(text) is { Success: true, Value: var at })
        {
            return at;
        }

        foreach (var pattern in Typed)
        {
            if (pattern.Parse(text) is { Success: true, Value: var local })
            {
                return local.InZoneLeniently(zone).ToInstant() + Duration.FromSeconds(1) - Duration.FromNanoseconds(1000);
            }
        }

        return null;
    }

    /// <summary>What differs, in the order of the fields.</summary>
    public static IReadOnlyList<FieldChange> Difference(IReadOnlyDictionary<string, string> then, IReadOnlyDictionary<string, string> now) =>
        [.. then.Keys.Union(now.Keys)
            .Select(field => new FieldChange(field, then.GetValueOrDefault(field, ""), now.GetValueOrDefault(field, "")))
            .Where(change => change.Then != change.Now)];

    private static async Task<IResult> PageAsync(string id, HttpContext http, LeadDesk desk, Slices slices, string? at, string? with)
    {
        if (await desk.OpenAsync(http, id, "time machine") is not { } lead)
        {
            return LeadDesk.NotFound();
        }

        var past = await desk.PastAsync(http, lead.Id, MostEvents);
        var instants = past.Events.Select(entry => entry.At("recordedAt")).OfType<Instant>().Distinct().Order().ToArray();
        var now = PageContext.Of(http).Now;
        var chosen = Read(at, lead.Zone);
        var compared = Read(with, lead.Zone);
        if ((chosen is null && !string.IsNullOrEmpty(at)) || (compared is null && !string.IsNullOrEmpty(with)))
        {
            Notice.Say(http, "That is no time this page can read. Choose a day and a time, such as 20 November 2026, 14:05.", refusal: true);
        }

        var moment = chosen ?? now;
        var other = compared ?? (instants.Length > 0 ? instants[0] : moment);
        return PageAnswer.Of<AsOfPage>(
            ("Lead", lead),
            ("Moment", await ThenAsync(http, slices, lead, moment)),
            ("Other", await ThenAsync(http, slices, lead, other)),
            ("Before", instants.Where(each => each < moment).Select(each => (Instant?)each).LastOrDefault()),
            ("After", instants.Where(each => each > moment).Select(each => (Instant?)each).FirstOrDefault()),
            ("Event", past.Events.LastOrDefault(entry => entry.At("recordedAt") <= moment) is { ValueKind: JsonValueKind.Object } last ? LeadWords.Sentence(last, lead) : null),
            ("IsNow", chosen is null));
    }

    private static async Task<LeadThen> ThenAsync(HttpContext http, Slices slices, OpenedLead lead, Instant at)
    {
        var answer = await slices.GetAsync(http, "/api/leads/{id}", lead.Id.ToString(), ("asOf", StoredText.Of(at)));
        if (!answer.Succeeded)
        {
            return new LeadThen(at, new Dictionary<string, string>(), answer.Status == 410
                ? "By then it had been merged into another lead, which stands for it."
                : answer.Why);
        }

        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        Flatten(answer.Body, "", fields, lead);
        return new LeadThen(at, fields, null);
    }

    /// <summary>A document as fields with words for names; items of a list go by their id, so that a new one does not shift the rest.</summary>
    private static void Flatten(JsonElement element, string path, Dictionary<string, string> fields, OpenedLead lead)
    {
        foreach (var member in element.EnumerateObject())
        {
            // The hash is on the timeline, and 'fields' says again what stands beside it.
            if (path.Length == 0 && member.Name is ("fields" or "head"))
            {
                continue;
            }

            var name = path.Length == 0 ? Words(member.Name) : $"{path}: {Words(member.Name)}";
            switch (member.Value.ValueKind)
            {
                case JsonValueKind.Object:
                    Flatten(member.Value, name, fields, lead);
                    break;
                case JsonValueKind.Array when member.Value.EnumerateArray().Any(item => item.ValueKind == JsonValueKind.Object):
                    var place = 0;
                    foreach (var item in member.Value.EnumerateArray())
                    {
                        var key = item.Text("id") is { Length: >= 8 } itemId ? itemId[^6..] : (++place).ToString(CultureInfo.InvariantCulture);
                        Flatten(item, $"{name} {key}", fields, lead);
                    }

                    break;
                case JsonValueKind.Array:
                    Add(fields, name, member.Name, string.Join(", ", member.Value.EnumerateArray().Select(item => item.ToString())), lead);
                    break;
                case JsonValueKind.Null:
                    break;
                default:
                    Add(fields, name, member.Name, member.Value.ToString(), lead);
                    break;
            }
        }
    }

    private static void Add(Dictionary<string, string> fields, string name, string member, string value, OpenedLead lead)
    {
        if (value.Length == 0)
        {
            return;
        }

        // Names of states become words and instants local times; what somebody wrote stays as it is.
        fields[name] = value is "True" ? "yes" : value is "False" ? "no"
            : Masking.IsPlain(member) ? Shown.Words(value)
            : InstantPattern.ExtendedIso.Parse(value) is { Success: true, Value: var at } ? Shown.Full(at, lead.Zone) : value;
    }

    // lastInquiryAt reads last inquiry at.
    private static string Words(string name) =>
        string.Concat(name.Select(letter => char.IsAsciiLetterUpper(letter) ? $" {char.ToLowerInvariant(letter)}" : letter.ToString()));
}
