using System.Text.Json.Nodes;

namespace LeadLedger.Tests.Support;

/// <summary>Business files for tests that host the service. <c>{outside}</c> becomes the address of the stand-ins.</summary>
public static class TestBusiness
{
    public const string MainLine = "+12145550100";

    /// <summary>Forwarded here when nobody answered elsewhere; owned by Luis.</summary>
    public const string StormLine = "+12145550101";

    /// <summary>Only its call status is reported to us.</summary>
    public const string StatusLine = "+12145550102";

    public const string FormSecret = "form secret for tests";
    public const string GhlSecret = "ghl secret for tests";

    /// <summary>Files that the business file refers to, by name below its folder.</summary>
    public static IReadOnlyDictionary<string, string> SecretFiles { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["form.secret"] = FormSecret,
        ["ghl.secret"] = GhlSecret,
        ["crm.secret"] = CrmTwin.Secret,
        ["channel.secret"] = "{outside}/channel",
        ["second.secret"] = TwilioWebhooks.SecondToken,
    };

    private const string Text = """
        {
          "id": "northside", "name": "Northside Roofing", "author": "Dana", "effectiveFrom": "2026-11-01",
          "zone": "America/Chicago", "profile": "roofing",
          "hours": {
            "monday": ["08:00-18:00"], "tuesday": ["08:00-18:00"], "wednesday": ["08:00-18:00"],
            "thursday": ["08:00-18:00"], "friday": ["08:00-18:00"], "saturday": ["09:00-13:00"]
          },
          "staff": [
            { "id": "dana", "name": "Dana Whitfield", "phone": "+12145550121", "email": "dana@northside.example", "alertByEmail": true },
            { "id": "luis", "name": "Luis Ortega", "phone": "+12145550122", "email": "luis@northside.example" },
            { "id": "priya", "name": "Priya Raman", "email": "priya@northside.example", "alertBySms": false, "alertByEmail": true }
          ],
          "defaultOwner": "dana",
          "lines": [
            { "number": "+12145550100", "label": "Main line", "owner": "dana", "mode": "ring", "ringTo": "+12145550111", "ringAfterHours": true },
            { "number": "+12145550101", "label": "Storm desk", "owner": "luis", "mode": "forwarded_when_unanswered" },
            { "number": "+12145550102", "label": "Old number", "mode": "status_only" }
          ],
          "forms": [{
            "id": "website", "label": "Website quote request",
            "authentication": { "scheme": "shared_secret", "header": "X-Form-Secret", "secret": { "file": "form.secret" } },
            "fields": { "name": "name", "phone": "phone", "email": "email", "message": "message", "service": "service", "source_url": "page" },
            "submissionIdPath": "id", "honeypotPath": "fax",
            "consent": {
              "text": "Northside Roofing may text me about this request. Reply STOP to end.",
              "checkboxPath": "sms_consent", "purposes": ["transactional_reply", "service_followup"]
            }
          }],
          "urgentRoute": "call (214) 555-0190",
          "urgentWords": ["leak", "water coming in"],
          "sending": {},
          "acknowledgement": { "repeatWindow": "4h", "minRingSeconds": 10 },
          "tasks": {
            "dueIn": "30m",
            "ladder": [
              { "name": "owner_again", "after": "15m", "audience": "owner", "onlyUnclaimed": true },
              { "name": "team", "after": "30m", "audience": "team", "onlyUnclaimed": true },
              { "name": "human_queue", "after": "2h", "audience": "human_queue" },
              { "name": "business_owner", "after": "24h", "audience": "business_owner" }
            ],
            "businessOwner": "dana"
          },
          "spam": { "listName": "own", "listVersion": "1", "numbers": ["+12145559999"], "scoreThreshold": 80 },
          "limits": { "requestsPerMinutePerIp": 5000, "requestsPerMinutePerForm": 5000 },
          "textLimits": { "prefixPerHour": 5000, "prefixPerDay": 5000, "formPerHour": 5000, "formPerDay": 5000, "businessPerHour": 5000, "businessPerDay": 5000 },
          "ghlSecret": { "file": "ghl.secret" }
        }
        """;

    /// <summary>The usual roofing business: Chicago, open on weekdays 08:00-18:00 and on Saturday morning.</summary>
    public static JsonObject Northside(Action<JsonObject>? change = null)
    {
        var file = JsonNode.Parse(Text)!.AsObject();
        change?.Invoke(file);
        return file;
    }

    /// <summary>With a CRM that is told of every change.</summary>
    public static JsonObject WithCrm() => Northside(file => file["crm"] = JsonNode.Parse(
        """[{ "name": "jobs", "url": "{outside}/crm", "signingSecret": { "file": "crm.secret" } }]"""));

    /// <summary>Another business of the same service, with lines and a form of its own.</summary>
    public static JsonObject Lakeside(Action<JsonObject>? change = null) => Northside(file =>
    {
        file["id"] = "lakeside";
        file["name"] = "Lakeside Roofing";
        file["lines"] = JsonNode.Parse("""[{ "number": "+12145550200", "label": "Lake line", "mode": "ring", "ringTo": "+12145550211" }]""");
        file["forms"]![0]!["id"] = "lakeside-website";
        file.Remove("ghlSecret");
        change?.Invoke(file);
    });
}
