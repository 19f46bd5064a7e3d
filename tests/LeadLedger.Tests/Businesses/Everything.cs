namespace LeadLedger.Tests.Businesses;

/// <summary>A file in which every property of the schema has a value other than its default.</summary>
internal static class Everything
{
    public const string Text = """
        {
          "$schema": "business.schema.json",
          "id": "everything", "name": "Everything Dental", "author": "Mo", "effectiveFrom": "2027-02-03",
          "zone": "America/New_York", "region": "CA", "locale": "fr-CA", "profile": "roofing", "testMode": true,
          "hours": {
            "monday": ["08:00-12:00", "13:00-17:00"], "tuesday": ["09:00-17:00"], "wednesday": ["10:00-17:00"],
            "thursday": ["11:00-17:00"], "friday": ["22:00-02:00"], "saturday": ["12:00-17:00"], "sunday": ["13:00-17:00"],
          },
          "holidays": [{ "date": "2026-12-25", "name": "Christmas Day" }],
          "specialDays": [{ "date": "2026-12-24", "hours": ["08:00-12:00"], "name": "Christmas Eve" }],
          "staff": [
            { "id": "mo", "name": "Mo", "phone": "604 555 0121", "email": "mo@example.com", "alertBySms": false, "alertByEmail": true },
            { "id": "jo", "name": "Jo", "phone": "+16045550122" },
          ],
          "defaultOwner": "jo",
          "lines": [
            {
              "number": "+16045550100", "label": "Main", "owner": "mo", "mode": "status_only", "ringSeconds": 30,
              "voicemail": false, "ringAfterHours": false, "minAnsweredSeconds": 7,
            },
            { "number": "+16045550101", "label": "Second", "ringTo": "+16045550111" },
          ],
          "forms": [
            {
              "id": "all", "label": "All", "version": "7", "kind": "typeform",
              "authentication": {
                "scheme": "hmac", "secret": { "env": "A" }, "previousSecret": { "file": "old/secret" }, "header": "X-Sign",
                "headerFormat": "t={timestamp},v1={signature}", "prefix": "sha1=", "algorithm": "sha1",
                "encoding": "base64", "secretEncoding": "base64", "signed": "{id}.{timestamp}.{body}",
                "timestampHeader": "X-Time", "idHeader": "X-Id", "timestampUnit": "ms", "toleranceSeconds": 60,
              },
              "fields": { "phone": "data.phone", "name": ["data.first", "data.last"] },
              "required": ["name"],
              "submissionIdPath": "data.id", "honeypotPath": "data.fax",
              "consent": {
                "text": "Text me.", "checkboxPath": "data.ok", "purposes": ["marketing", "call"], "preChecked": true,
                "privacyPolicy": "v9",
              },
              "allowedOrigins": ["https://www.example.com", "http://localhost:8080"],
              "captureNetworkEvidence": true, "owner": "mo", "testMode": true,
            },
          ],
          "urgentRoute": "ring (604) 555-0190",
          "urgentWords": ["flood"],
          "sending": {
            "acknowledgement": "early_morning", "followUp": { "monday": ["10:00-18:00"] }, "followUpEnabled": false,
            "billingActive": false, "conversationQuota": 500, "allowedRegions": ["CA"],
            "whenCrmIsDown": "ack_only",
          },
          "acknowledgement": {
            "repeatWindow": "6h", "staleAfter": "10m", "minRingSeconds": 5, "missedCallTemplate": "own-call",
            "formTemplate": "own-call", "priorCustomerTemplate": "own-call", "callTarget": "45s", "formTarget": "1m30s",
            "formLimit": "4m",
          },
          "matching": { "version": "2", "openFor": "60d", "closedFor": "14d" },
          "tasks": {
            "dueIn": "20m",
            "ladder": [{ "name": "everyone", "after": "1h", "audience": "team", "onlyUnclaimed": true }],
            "teamChannelUrl": { "env": "B" }, "businessOwner": "mo",
          },
          "spam": { "listName": "theirs", "listVersion": "9", "numbers": ["+16045550166"], "scoreThreshold": 70 },
          "limits": { "requestsPerMinutePerIp": 30, "requestsPerMinutePerForm": 300 },
          "textLimits": {
            "numberPerHour": 3, "numberPerDay": 6, "prefixPerHour": 40, "prefixPerDay": 150, "formPerHour": 80, "formPerDay": 400,
            "businessPerHour": 250, "businessPerDay": 1500,
          },
          "templates": [
            {
              "id": "own-call", "version": 4, "class": "transactional", "locale": "es", "text": "Hola {{first_name}}",
              "namelessText": "Hola", "maxSegments": 2, "audience": "staff", "use": "alert", "optOutLine": false,
              "transliterate": false, "onlyWhenTextingRequested": true, "author": "Mo", "effectiveFrom": "2027-01-01",
            },
            { "id": "ack-storm", "version": 3, "enabled": false },
            { "id": "own-offer", "version": 1, "class": "marketing", "text": "Offer", "enabled": false, "author": "Mo", "effectiveFrom": "2027-01-01" },
          ],
          "twilio": {
            "accountSid": "AC0123456789abcdef0123456789abcdef", "authToken": { "env": "C" },
            "previousAuthToken": { "env": "D" },
          },
          "ghlSecret": { "file": "/run/secrets/ghl" },
          "crm": [{ "name": "jobs", "url": "https://crm.example.com/hooks", "signingSecret": { "env": "E" } }],
        }
        """;
}
