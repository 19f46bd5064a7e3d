using System.Text.RegularExpressions;
using NodaTime;

namespace LeadLedger.Tests.Support;

/// <summary>Leads whose personal data is unmistakable, in every kind of place where the service keeps some: to look for it where none may be.</summary>
public sealed class PersonalStory
{
    public const string Name = "Xanthippe Quellenberg";
    public const string Number = "+12145558642";
    public const string Mailbox = "xq@marzipanpost.example";
    public const string Text = "The zirconium gutter drips on the harpsichord";
    public const string Note = "Neighbour Thaddeus keeps the trombone";

    private static readonly string[] Words =
        ["Xanthippe", "Quellenberg", "Quellenburg", "marzipanpost", "zirconium", "harpsichord", "Thaddeus", "trombone", "velociraptor", "Bumblethorpe", "vermiculite", "Quicksilver"];

    // The number in any written form: its ten digits with whatever stands between them.
    private static readonly Regex Digits = new(string.Join("[^0-9<>]{0,3}", "2145558642".ToCharArray()), RegexOptions.CultureInvariant, TimeSpan.FromSeconds(5));

    public required Guid Lead { get; init; }

    /// <summary>A lead that went into the first.</summary>
    public required Guid Other { get; init; }

    /// <summary>A lead with a name like the first one's, which nobody has decided about.</summary>
    public required Guid Similar { get; init; }

    public required Guid Task { get; init; }

    public required string CallSid { get; init; }

    public static async Task<PersonalStory> TellAsync(TestApp app)
    {
        app.Log.Expect("was kept as quarantined");
        app.Mail.RecipientAnswer = 450;
        var lead = (await app.Forms.PostAsync("website", new
        {
            id = "story-1",
            name = Name,
            phone = Number,
            email = Mailbox,
            message = Text,
            company = "Bumblethorpe",
            service = "vermiculite",
            address = "17 Quicksilver Lane",
            sms_consent = "yes",
        })).Lead;
        await app.AdvanceAsync(Duration.FromMinutes(1));
        var other = (await app.Forms.WebsiteAsync("Xanthippe Quellenburg", "+12145558643", "other@marzipanpost.example", "The harpsichord again")).Lead;
        await app.AdvanceAsync(Duration.FromMinutes(1));
        var merged = (await app.Forms.WebsiteAsync("Thaddeus Quellenberg", "+12145558644", null, "The trombone")).Lead;
        var call = new TestCall(Number);
        await app.Twilio.MissedCallAsync(call);
        await app.Twilio.SmsAsync(Number, "please do not text me about the velociraptor any more");
        await app.Twilio.SmsAsync(Number, "the velociraptor is back", "+12149990000");
        var dana = await app.KeyAsync("staff", name: "dana");
        await app.PostAsync($"/api/leads/{lead}/notes", new { text = Note }, dana);
        await app.PostAsync($"/api/leads/{lead}/consents", new { value = Number, purpose = "marketing", state = "granted", evidence = "Thaddeus heard it" }, dana);
        await app.PostAsync($"/api/leads/{lead}/mergers", new { other = merged, reason = "Thaddeus lives there" }, dana);
        var task = (await app.LeadAsync(lead)).Task!.Id;
        await app.PutAsync($"/api/tasks/{task}/assignment", new { owner = "luis", reason = "Thaddeus knows him" }, dana);
        await app.AdvanceAsync(Duration.FromMinutes(20));
        return new PersonalStory { Lead = lead, Other = merged, Task = task, CallSid = call.Sid, Similar = other };
    }

    /// <summary>A route with these leads in place of its parameters, once for each of them.</summary>
    public IEnumerable<string> Concrete(string route)
    {
        if (!route.Contains('{', StringComparison.Ordinal))
        {
            return [route];
        }

        return new[] { Lead, Other, Similar }.Select(lead => route
            .Replace("{callSid}", CallSid, StringComparison.Ordinal)
            .Replace("{other}", Other.ToString(), StringComparison.Ordinal)
            .Replace("{id}", (IsOfTask(route) ? Task : lead).ToString(), StringComparison.Ordinal)).Distinct(StringComparer.Ordinal);
    }

    /// <summary>What of it stands in a text.</summary>
    public static IReadOnlyList<string> FoundIn(string text) =>
        [.. Words.Where(word => text.Contains(word, StringComparison.OrdinalIgnoreCase)), .. Digits.Matches(text).Select(match => match.Value)];

    private static bool IsOfTask(string route) =>
        route.Contains("/callbacks/", StringComparison.Ordinal) || route.Contains("/tasks/", StringComparison.Ordinal);
}
