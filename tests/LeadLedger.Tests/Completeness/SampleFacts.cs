using System.Collections.Immutable;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using NodaTime;

namespace LeadLedger.Tests.Completeness;

/// <summary>A fact of any type with every field filled, as JSON: representative by the field's name, and always the same.</summary>
internal static class SampleFacts
{
    private const string Number = "+12145550100";

    private static readonly Dictionary<string, string> Texts = new(StringComparer.Ordinal)
    {
        ["alertKind"] = "new_inquiry",
        ["callSid"] = "CA0123456789abcdef0123456789abcdef",
        ["caller"] = Number,
        ["callerRaw"] = "2145550100",
        ["channelUrl"] = "https://hooks.example.com/team",
        ["deadline"] = "this week",
        ["emailBody"] = "Missed call from +12145550100.\nCall back by 3:45 PM.",
        ["evidence"] = "said so on the phone",
        ["externalId"] = "crm-17",
        ["fbclid"] = "IwAR0",
        ["formId"] = "website",
        ["formVersion"] = "3",
        ["forwardedFrom"] = "+12145550177",
        ["gate"] = "quiet_hours",
        ["gclid"] = "Cj0KCQ",
        ["input"] = "22:45 in America/Chicago",
        ["ip"] = "203.0.113.7",
        ["keys"] = "phone:+12145550100",
        ["legSid"] = "CA99999999999999999999999999999999",
        ["messageSid"] = "SM0123456789abcdef0123456789abcdef",
        ["note"] = "ring the back door",
        ["number"] = Number,
        ["otherSource"] = "form website",
        ["owner"] = "anna",
        ["phone"] = Number,
        ["phoneExtension"] = "7",
        ["phoneRaw"] = "(214) 555-0100 ext. 7",
        ["policyVersion"] = "policy-1",
        ["providerId"] = "SM0123456789abcdef0123456789abcdef",
        ["queue"] = "triage",
        ["reasons"] = "same name and street",
        ["recordingSid"] = "RE0123456789abcdef0123456789abcdef",
        ["referrer"] = "https://www.google.com/",
        ["rejected"] = "bo: off duty",
        ["role"] = "owner",
        ["routingReason"] = "owner of Main line",
        ["rule"] = "line_owner",
        ["ruleVersion"] = "match-1",
        ["service"] = "Heating repair",
        ["smsBody"] = "Missed call: +12145550100, call back by 3:45 PM",
        ["subject"] = "Missed call from Zoë",
        ["submissionId"] = "sub-1",
        ["target"] = "crm",
        ["template"] = "missed_call_open",
        ["templateReason"] = "open now",
        ["text"] = "I agree to texts about my request.",
        ["url"] = "https://api.twilio.com/2010-04-01/Accounts/AC1/Recordings/RE1",
        ["userAgent"] = "Mozilla/5.0",
        ["utmCampaign"] = "heat-2026",
        ["utmMedium"] = "cpc",
        ["utmSource"] = "google",
        ["words"] = "no heat",
        ["attestation"] = "A",
        ["audience"] = "human_queue",
        ["basis"] = "inquiry_reply",
        ["body"] = "Sorry we missed your call. Anna rings you back by 3:45 PM.\nReply STOP to opt out.",
        ["budget"] = "$5,000 - $10,000",
        ["by"] = "staff:anna",
        ["callerName"] = "ZOË O'NEIL",
        ["channel"] = "sms",
        ["channels"] = "sms",
        ["checkboxState"] = "on",
        ["class"] = "acknowledgement",
        ["code"] = "30006",
        ["codes"] = "QUIET_HOURS",
        ["company"] = "O'Neil & Søn",
        ["counterfactual"] = "at 08:00 in America/Chicago it would be sent",
        ["device"] = "mobile",
        ["email"] = "Zoe@example.com",
        ["emailKey"] = "zoe@example.com",
        ["emailTo"] = "anna@example.com",
        ["encoding"] = "gsm7",
        ["error"] = "the provider refused the number",
        ["from"] = Number,
        ["fromRaw"] = "(214) 555-0100",
        ["handling"] = "ring",
        ["kind"] = "phone",
        ["landingUrl"] = "https://example.com/repair",
        ["line"] = "+12145550199",
        ["lineLabel"] = "Main line",
        ["message"] = "No heat since \"Tuesday\" - 王",
        ["name"] = "Zoë O'Neil",
        ["optOutType"] = "STOP",
        ["outcome"] = "missed",
        ["phrase"] = "please stop texting me",
        ["priority"] = "normal",
        ["provider"] = "twilio",
        ["purpose"] = "acknowledgement",
        ["purposes"] = "service_sms",
        ["quotaMonth"] = "2026-11",
        ["reason"] = "no_answer",
        ["recipient"] = "anna",
        ["rung"] = "owner_reminder",
        ["smsTo"] = "+12145550188",
        ["smsFrom"] = "+12145550199",
        ["source"] = "missed call",
        ["sourceUrl"] = "https://example.com/contact?x=1",
        ["state"] = "granted",
        ["status"] = "no_answer",
        ["submittedAtText"] = "2026-11-20T12:30:00-06:00",
        ["taskKind"] = "callback",
        ["to"] = Number,
        ["via"] = "sms",
        ["value"] = Number,
        ["word"] = "STOP",
        ["zones"] = "America/Chicago",
    };

    public static JsonObject Of(Type type) => (JsonObject)Value(type, "", 0)!;

    private static JsonNode? Value(Type type, string name, int depth)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(string))
        {
            return Texts.GetValueOrDefault(name) ?? PlainText(name);
        }

        if (type == typeof(Guid))
        {
            return string.Create(CultureInfo.InvariantCulture, $"0190a5f0-0000-7000-8000-{Digest(name):x12}");
        }

        if (type == typeof(Instant))
        {
            return "2026-11-20T18:30:00.123456Z";
        }

        if (type == typeof(bool))
        {
            return true;
        }

        if (type == typeof(int) || type == typeof(long))
        {
            return (Digest(name) % 50) + 1;
        }

        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyDictionary<,>))
        {
            return new JsonObject { ["How did you hear of us?"] = "A neighbour", ["cf_17"] = "" };
        }

        if (type.IsEnum)
        {
            return JsonNamingPolicy.SnakeCaseLower.ConvertName(Enum.GetNames(type)[0]);
        }

        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ImmutableSortedDictionary<,>))
        {
            return new JsonObject { ["0190a5f0"] = Value(type.GetGenericArguments()[1], name, depth + 1) };
        }

        if (type.IsGenericType && (type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>) || type.GetGenericTypeDefinition() == typeof(ImmutableArray<>)))
        {
            return new JsonArray(Value(type.GetGenericArguments()[0], name, depth + 1));
        }

        var members = new JsonObject();
        foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.GetCustomAttribute<JsonIgnoreAttribute>() is null && property.Name != "EqualityContract"))
        {
            var member = JsonNamingPolicy.CamelCase.ConvertName(property.Name);
            members[member] = Value(property.PropertyType, member, depth + 1);
        }

        return members;
    }

    private static string PlainText(string name) =>
        name.EndsWith("Sid", StringComparison.Ordinal) || name.EndsWith("Id", StringComparison.Ordinal) || name.EndsWith("Hash", StringComparison.Ordinal)
            ? string.Create(CultureInfo.InvariantCulture, $"{name}-{Digest(name)}")
            : $"the {JsonNamingPolicy.SnakeCaseLower.ConvertName(name).Replace('_', ' ')}";

    // string.GetHashCode differs from run to run.
    private static int Digest(string name) => name.Aggregate(17, (sum, sign) => ((sum * 31) + sign) & 0xffff);
}
