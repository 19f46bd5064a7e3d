using LeadLedger.Businesses;
using LeadLedger.EventStore;
using LeadLedger.Leads;
using LeadLedger.Messaging;
using NodaTime;

namespace LeadLedger.Tests.Support;

/// <summary>Values for decisions that need no service: a business, a lead folded from facts, an inquiry.</summary>
public static class Given
{
    public static readonly Match NewMatch = new(MatchOutcomes.New, [], "nothing_agrees", "1", []);

    public static Business Business(Action<System.Text.Json.Nodes.JsonObject>? change = null) => BusinessFile.Parse(
        "northside.json", TestBusiness.Northside(change).ToJsonString(), Path.GetTempPath(), ShippedTemplates.ById, (_, _) => []);

    /// <summary>A lead folded from facts, all recorded at one instant.</summary>
    public static Lead Lead(Instant at, params ReadOnlySpan<ILeadEvent> facts)
    {
        var key = new StreamKey("northside", at.NewId());
        var lead = LeadLedger.Leads.Lead.Empty;
        foreach (var fact in facts)
        {
            lead = LeadLedger.Leads.Lead.Apply(lead, new RecordedEvent
            {
                Stream = key,
                Version = lead.Version + 1,
                Id = at.NewId(),
                Type = "",
                Data = fact,
                Timestamp = at,
                Actor = "system",
                Hash = "",
                Leaf = "",
                Salt = "",
            });
        }

        return lead;
    }

    public static CallMissed Call(Instant at, string? caller = "+12145557001") => new()
    {
        Inquiry = at.NewId(),
        Call = at.NewId(),
        Provider = "twilio",
        CallSid = "CA1",
        Caller = caller,
        CallerRaw = caller,
        Line = TestBusiness.MainLine,
        Reason = "no_answer",
        RingSeconds = 20,
        OccurredAt = at,
        Match = NewMatch,
    };

    public static FormSubmitted Form(
        Instant at, string? name = "Maria Lopez", string? phone = "+12145557001", string? email = "maria@example.com", bool? consent = true, params string[] purposes) => new()
        {
            Inquiry = at.NewId(),
            FormId = "website",
            FormVersion = "1",
            SubmissionId = "s1",
            Name = name,
            Phone = phone,
            PhoneRaw = phone,
            PhoneUsable = phone is not null,
            Email = email,
            EmailKey = email,
            Attribution = new Attribution(),
            OccurredAt = at,
            Match = NewMatch,
            Consent = consent is not { } given ? null : new ConsentEvidence
            {
                FormId = "website",
                FormVersion = "1",
                Text = "May text me.",
                TextHash = new string('a', 64),
                Given = given,
                Purposes = purposes.Length == 0 ? ["transactional_reply"] : purposes,
                CapturedAt = at,
            },
        };
}
