using LeadLedger.Faults.Twin;
using LeadLedger.Faults.Webhooks;

namespace LeadLedger.Faults.Loops;

/// <summary>The use cases that are cut at every message.</summary>
public static class UseCases
{
    /// <summary>The name of the process that takes the webhooks.</summary>
    public const string Service = "service";

    // The first words of the statement that claims due work.
    private const string Claim = "with due as";

    public static UseCase NewMissedCall { get; } = new("a new missed call", MissAsync) { Prepare = RingAsync };

    public static UseCase Duplicate { get; } = new("the same delivery again", MissAsync) { Prepare = CalledAsync };

    public static UseCase AttachingForm { get; } = new("a form that joins a lead", FormAsync) { Prepare = CalledAsync };

    public static UseCase OptOut { get; } = new("an opt-out by text", StopAsync) { Prepare = CalledAsync };

    public static UseCase Merge { get; } = new("a merge by staff", MergeAsync)
    {
        People = static person => [person, person.Other],
        Prepare = static async (rig, person) =>
        {
            await CalledAsync(rig, person);
            await CalledAsync(rig, person.Other);
        },
    };

    public static UseCase Completion { get; } = new("staff complete a task", CompleteAsync) { Prepare = CalledAsync };

    /// <summary>Claim, mark and outcome of a text, and the alert of the staff beside it.</summary>
    public static UseCase Send { get; } = new("a text is claimed, marked and sent", MissAsync)
    {
        Prepare = RingAsync,
        Dispatches = true,
        CountFrom = Claim,
        Judge = SendJudge.Compare,
    };

    public static UseCase Scheduled { get; } = new("scheduled work falls due", DueAsync)
    {
        Prepare = TextedAsync,
        Dispatches = true,
        CountFrom = Claim,
        Judge = SendJudge.Compare,
    };

    /// <summary>The provider reports what became of a text.</summary>
    public static UseCase Callback { get; } = new("a text is reported as delivered", ReportAsync)
    {
        Plan = LoopRig.Healthy with { Callbacks = new Dictionary<TwinCallback, int> { [TwinCallback.Never] = 1 } },
        Prepare = TextedAsync,
        Dispatches = true,
        Judge = static (expected, found) => SendJudge.Compare(expected, found).Concat(DeliveredOnce(found)),
    };

    public static IReadOnlyList<UseCase> All { get; } =
        [Send, Scheduled, Callback, Merge, Completion, NewMissedCall, Duplicate, AttachingForm, OptOut];

    public static async Task CallAsync(LoopRig rig, Person person)
    {
        await RingAsync(rig, person);
        await MissAsync(rig, person);
    }

    public static Task RingAsync(LoopRig rig, Person person) =>
        rig.Provider.DeliverAsync(rig.Urls, SignedWebhooks.Voice(person.CallSid, person.Phone));

    public static Task MissAsync(LoopRig rig, Person person) =>
        rig.Provider.DeliverAsync(rig.Urls, SignedWebhooks.DialNoAnswer(person.CallSid, person.Phone));

    public static Task FormAsync(LoopRig rig, Person person) =>
        rig.Provider.DeliverAsync(
            rig.Urls, SignedWebhooks.FormPost(person.SubmissionId, "Maria Lopez", person.Phone, person.Email, "Please call about a roof."));

    public static Task StopAsync(LoopRig rig, Person person) =>
        rig.Provider.DeliverAsync(rig.Urls, SignedWebhooks.Stop(person.MessageSid(1), person.Phone));

    // What was taken may lie in the spool still, and then there is nothing yet that the use case could be about.
    private static async Task CalledAsync(LoopRig rig, Person person)
    {
        await CallAsync(rig, person);
        await Story.ArrivedAsync(rig, person, "task_opened");
    }

    private static async Task TextedAsync(LoopRig rig, Person person)
    {
        await CalledAsync(rig, person);
        await rig.SettledAsync([person]);
    }

    private static async Task ReportAsync(LoopRig rig, Person person)
    {
        var text = rig.Twin.ReadLog().SingleOrDefault(record => record.What == "accepted" && record.To == person.Phone)
            ?? throw new LoopViolationException("there is no text that could be reported");
        await rig.Provider.DeliverAsync(rig.Urls, SignedWebhooks.TextStatus(text.Callback!, text.Sid!, "delivered", text.From!, person.Phone));
    }

    private static IEnumerable<string> DeliveredOnce(Footprint found)
    {
        var reports = found.Lines.Sum(line => line.Split(' ').Count(word => word == "sms_delivered"));
        return reports == 1 ? [] : [$"delivered {reports} times: {found}"];
    }

    private static async Task MergeAsync(LoopRig rig, Person person)
    {
        var (survivor, other) = ((await rig.Footprints.LeadsAsync(person))[0], (await rig.Footprints.LeadsAsync(person.Other))[0]);
        await rig.Provider.CommandAsync(
            rig.Urls, HttpMethod.Post, $"/api/leads/{survivor}/mergers", $$"""{"other":"{{other}}","reason":"one person"}""", 409, 410);
    }

    private static async Task CompleteAsync(LoopRig rig, Person person) =>
        await rig.Provider.CommandAsync(
            rig.Urls, HttpMethod.Put, $"/api/tasks/{await rig.Footprints.TaskAsync(person)}/completion", """{"outcome":"spoke","note":"Will call back."}""", 409);

    private static async Task DueAsync(LoopRig rig, Person person)
    {
        if (await rig.Footprints.BringForwardAsync(person, "escalate_task") != 1)
        {
            throw new LoopViolationException("there is not exactly one scheduled row to bring forward");
        }
    }
}
