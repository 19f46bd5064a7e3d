using System.Text.Json;
using LeadLedger.Leads;
using NodaTime;

namespace LeadLedger.Demo;

/// <summary>Writes down what happens in the history: each way in which people reach the business, and what the staff do about it.</summary>
internal sealed class DemoPlan(DemoPeople people, Random random)
{
    public const string MainLine = "+12145550100";
    public const string StormDesk = "+12145550101";

    private readonly List<DemoStep> _steps = [];

    public string Chapter { get; set; } = "";

    /// <summary>In order of time; what happens at one instant, as it was written down.</summary>
    public IReadOnlyList<DemoStep> Steps => [.. _steps.OrderBy(step => step.At)];

    public void Add(Instant at, string what, Func<DemoStage, Task> act) => _steps.Add(new DemoStep(at, Chapter, what, act));

    /// <summary>Rings on the main line, nobody answers; the caller hangs up, or leaves a voicemail of so many seconds.</summary>
    public void MissedCall(DemoPerson person, Instant at, int voicemail = 0, bool reportedTwice = false)
    {
        var call = NewCall(person, MainLine);
        Add(at, $"{person.Name} calls the main line", stage => stage.Webhooks.VoiceAsync(call));
        Then(person, at, 20, "nobody answers", stage => stage.Webhooks.DialAsync(call, "no-answer", false, 0));
        End(person, call, at, 26 + voicemail, voicemail, reportedTwice);
    }

    /// <summary>Hangs up while it rings.</summary>
    public void HungUp(DemoPerson person, Instant at, int seconds)
    {
        var call = NewCall(person, MainLine);
        Add(at, $"{person.Name} calls the main line", stage => stage.Webhooks.VoiceAsync(call));
        End(person, call, at, seconds, 0, false);
    }

    /// <summary>Forwarded by the carrier to the storm desk, because nobody answered elsewhere.</summary>
    public void StormDeskCall(DemoPerson person, Instant at, int voicemail)
    {
        var call = NewCall(person, StormDesk);
        Add(at, $"{person.Name} is forwarded to the storm desk", stage => stage.Webhooks.VoiceAsync(call));
        End(person, call, at, 12 + voicemail, voicemail, false);
    }

    /// <summary>A call that somebody answers: it becomes no lead.</summary>
    public void AnsweredCall(DemoPerson person, Instant at, int seconds)
    {
        var call = NewCall(person, MainLine);
        Add(at, $"{person.Name} calls the main line", stage => stage.Webhooks.VoiceAsync(call));
        Then(person, at, 9 + seconds, "is answered", stage => stage.Webhooks.DialAsync(call, "completed", true, seconds));
        End(person, call, at, 10 + seconds, 0, false);
    }

    /// <summary>Fills in the form of the website.</summary>
    public void Form(
        DemoPerson person, Instant at, string message, bool consent = true, bool phone = true, string? email = null, bool postedTwice = false)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["id"] = people.Hex(),
            ["name"] = person.Name,
            ["email"] = email ?? person.Email,
            ["message"] = message,
            ["page"] = "https://northside.example/quote?utm_source=search&utm_campaign=storm",
            ["sms_consent"] = consent ? "yes" : "",
        };
        if (phone)
        {
            fields["phone"] = $"({person.Phone[2..5]}) {person.Phone[5..8]}-{person.Phone[8..]}";
        }

        var json = JsonSerializer.Serialize(fields);
        Add(at, $"{person.Name} fills in the form", async stage => stage.Remember(person, await stage.Webhooks.FormAsync(json)));
        if (postedTwice)
        {
            Then(person, at, 4, "posts it again", stage => stage.Webhooks.FormAsync(json));
        }
    }

    /// <summary>Sends a text to the main line.</summary>
    public void Text(DemoPerson person, Instant at, string body)
    {
        var sid = "SM" + people.Hex();
        Add(at, $"{person.Name} texts \"{body}\"", stage => stage.Webhooks.SmsAsync(sid, person.Phone, MainLine, body));
    }

    public void Claim(DemoPerson person, Instant at, string by) =>
        Add(at, $"{by} claims {person.Name}", async stage => await stage.Staff.ClaimAsync(by, await stage.LeadOfAsync(person)));

    public void Note(DemoPerson person, Instant at, string by, string text) =>
        Add(at, $"{by} notes on {person.Name}", async stage => await stage.Staff.NoteAsync(by, await stage.LeadOfAsync(person), text));

    /// <summary>Claims the callback and completes it a while later.</summary>
    public void CallBack(DemoPerson person, Instant claimed, int minutes, string? by = null, string? outcome = null)
    {
        var staff = by ?? people.Any<string>(["dana", "luis", "luis", "priya"]);
        var ended = outcome ?? random.Next(10) switch
        {
            < 4 => TaskOutcomes.EstimateScheduled,
            < 7 => TaskOutcomes.Spoke,
            < 9 => TaskOutcomes.Voicemail,
            _ => TaskOutcomes.NoInterest,
        };
        var note = random.Next(3) > 0 ? people.Note() : null;
        Claim(person, claimed, staff);
        Add(claimed + Duration.FromMinutes(minutes), $"{staff} completes {person.Name}: {ended}",
            async stage => await stage.Staff.CompleteAsync(staff, await stage.LeadOfAsync(person), ended, note));
    }

    /// <summary>One of the usual ways, by chance.</summary>
    public void Inquire(DemoPerson person, Instant at, string message)
    {
        switch (random.Next(12))
        {
            case < 4:
                MissedCall(person, at, reportedTwice: random.Next(3) == 0);
                break;
            case < 6:
                MissedCall(person, at, voicemail: random.Next(9, 45));
                break;
            case < 8:
                StormDeskCall(person, at, random.Next(2) * random.Next(8, 30));
                break;
            case < 9:
                Text(person, at, message);
                break;
            default:
                Form(person, at, message, consent: random.Next(5) > 0, postedTwice: random.Next(4) == 0);
                break;
        }
    }

    private DemoCall NewCall(DemoPerson person, string line) => new("CA" + people.Hex(), person.Phone, line, person.CallerName);

    private void End(DemoPerson person, DemoCall call, Instant at, int seconds, int voicemail, bool reportedTwice)
    {
        var ended = at + Duration.FromSeconds(seconds);
        Then(person, at, seconds, "hangs up", stage => stage.Webhooks.EndedAsync(call, "completed", seconds, ended));
        if (voicemail > 0)
        {
            Then(person, at, seconds + 3, $"left {voicemail} s of voicemail", stage => stage.Webhooks.RecordingAsync(call, voicemail));
        }

        if (reportedTwice)
        {
            Then(person, at, seconds + 5, "hung up, says the provider again", stage => stage.Webhooks.EndedAsync(call, "completed", seconds, ended));
        }
    }

    private void Then(DemoPerson person, Instant at, int seconds, string what, Func<DemoStage, Task<Guid?>> send) =>
        Add(at + Duration.FromSeconds(seconds), $"{person.Name}: {what}", async stage => stage.Remember(person, await send(stage)));
}
