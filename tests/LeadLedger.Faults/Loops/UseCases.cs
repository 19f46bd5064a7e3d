using LeadLedger.Faults.Webhooks;

namespace LeadLedger.Faults.Loops;

/// <summary>The use cases that are cut at every message.</summary>
public static class UseCases
{
    /// <summary>The name of the process that takes the webhooks.</summary>
    public const string Service = "service";

    public static UseCase NewMissedCall { get; } = new("a new missed call", MissAsync) { Prepare = RingAsync };

    public static UseCase Duplicate { get; } = new("the same delivery again", MissAsync)
    {
        Prepare = static async (rig, person) =>
        {
            await RingAsync(rig, person);
            await MissAsync(rig, person);
        },
    };

    public static UseCase AttachingForm { get; } = new("a form that joins a lead", FormAsync)
    {
        Prepare = static async (rig, person) =>
        {
            await RingAsync(rig, person);
            await MissAsync(rig, person);
        },
    };

    public static UseCase OptOut { get; } = new("an opt-out by text", StopAsync)
    {
        Prepare = static async (rig, person) =>
        {
            await RingAsync(rig, person);
            await MissAsync(rig, person);
        },
    };

    public static Task RingAsync(LoopRig rig, Person person) =>
        rig.Provider.DeliverAsync(rig[Service].Url, SignedWebhooks.Voice(person.CallSid, person.Phone));

    public static Task MissAsync(LoopRig rig, Person person) =>
        rig.Provider.DeliverAsync(rig[Service].Url, SignedWebhooks.DialNoAnswer(person.CallSid, person.Phone));

    public static Task FormAsync(LoopRig rig, Person person) =>
        rig.Provider.DeliverAsync(
            rig[Service].Url, SignedWebhooks.FormPost(person.SubmissionId, "Maria Lopez", person.Phone, person.Email, "Please call about a roof."));

    public static Task StopAsync(LoopRig rig, Person person) =>
        rig.Provider.DeliverAsync(rig[Service].Url, SignedWebhooks.Stop(person.MessageSid(1), person.Phone));

    /// <summary>Those that need nothing but the write path.</summary>
    public static IReadOnlyList<UseCase> Intake { get; } = [NewMissedCall, Duplicate, AttachingForm, OptOut];
}
