using System.Text.Json.Nodes;
using LeadLedger.Faults.Twin;
using LeadLedger.Faults.Webhooks;

namespace LeadLedger.Faults.Runs;

/// <summary>The business files of a run: open around the clock and texting around the clock unless a test asks for quiet hours.</summary>
public static class TestBusiness
{
    public const string Id = "northside";

    private const string Week = """
        {
          "monday": ["00:00-24:00"], "tuesday": ["00:00-24:00"], "wednesday": ["00:00-24:00"], "thursday": ["00:00-24:00"],
          "friday": ["00:00-24:00"], "saturday": ["00:00-24:00"], "sunday": ["00:00-24:00"]
        }
        """;

    private const string Text = $$"""
        {
          "id": "{{Id}}", "name": "Northside Roofing", "author": "Dana", "effectiveFrom": "2026-01-01",
          "zone": "America/Chicago", "profile": "roofing",
          "hours": {{Week}},
          "staff": [
            { "id": "dana", "name": "Dana Whitfield", "email": "dana@northside.example", "alertBySms": false, "alertByEmail": true }
          ],
          "defaultOwner": "dana",
          "lines": [
            { "number": "{{SignedWebhooks.Line}}", "label": "Main line", "owner": "dana", "mode": "ring", "ringTo": "+12145550111", "ringAfterHours": true }
          ],
          "forms": [{
            "id": "{{SignedWebhooks.Form}}", "label": "Website quote request",
            "authentication": { "scheme": "shared_secret", "header": "X-Form-Secret", "secret": { "file": "form.secret" } },
            "fields": { "name": "name", "phone": "phone", "email": "email", "message": "message" },
            "submissionIdPath": "id",
            "consent": {
              "text": "Northside Roofing may text me about this request. Reply STOP to end.",
              "checkboxPath": "sms_consent", "purposes": ["transactional_reply"]
            }
          }],
          "urgentRoute": "call (214) 555-0190",
          "sending": { "acknowledgement": {{Week}} },
          "acknowledgement": { "repeatWindow": "0s", "minRingSeconds": 0 },
          "tasks": {
            "dueIn": "30m",
            "ladder": [ { "name": "owner_again", "after": "15m", "audience": "owner", "onlyUnclaimed": true } ],
            "businessOwner": "dana"
          },
          "textLimits": {
            "numberPerHour": 1000, "numberPerDay": 1000, "prefixPerHour": 100000, "prefixPerDay": 100000,
            "formPerHour": 100000, "formPerDay": 100000, "businessPerHour": 100000, "businessPerDay": 100000
          },
          "limits": { "requestsPerMinutePerIp": 60000, "requestsPerMinutePerForm": 60000 }
        }
        """;

    /// <summary>Writes the files into a new folder.</summary>
    public static void Write(string folder, string twinUrl, bool withCrm = false, Action<JsonObject>? change = null)
    {
        Directory.CreateDirectory(folder);
        var file = JsonNode.Parse(Text)!.AsObject();
        if (withCrm)
        {
            file["crm"] = JsonNode.Parse($$"""[{ "name": "jobs", "url": "{{twinUrl}}/crm", "signingSecret": { "file": "crm.secret" } }]""");
        }

        change?.Invoke(file);
        File.WriteAllText(Path.Combine(folder, Id + ".json"), file.ToJsonString());
        File.WriteAllText(Path.Combine(folder, "form.secret"), SignedWebhooks.FormSecret);
        File.WriteAllText(Path.Combine(folder, "crm.secret"), TruthTwin.CrmSecret);
    }
}
