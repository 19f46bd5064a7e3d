using System.Text.Json;
using LeadLedger.EventStore;
using LeadLedger.Hosting;
using NodaTime.Text;

namespace LeadLedger.Reading;

/// <summary>
/// What is left of an answer, an event or a sentence when personal data is hidden. A text is hidden unless the name it stands under is known to
/// hold none, so what is added later is hidden until somebody decides otherwise. A sentence is made again out of what is left of its event.
/// </summary>
public static class Masking
{
    /// <summary>What stands for a hidden text.</summary>
    public const string Hidden = "\u2022\u2022\u2022";

    private const int ShownDigits = 2;

    // Our own words: states, codes, names out of the business file, ids and hashes. Nothing that anybody wrote, and nothing to reach them by.
    private static readonly HashSet<string> Plain = new(StringComparer.Ordinal)
    {
        "id", "business", "type", "kind", "status", "leadStatus", "state", "stage", "purpose", "purposes", "outcome", "codes", "code", "gate", "basis",
        "counterfactual", "policyVersion", "ruleVersion", "template", "templateReason", "class", "encoding", "zones", "quotaMonth",
        "owner", "queue", "rule", "routingReason", "rejected", "by", "setBy", "actor", "claimedBy", "closedBy", "recipient", "audience", "rung", "priority",
        "taskKind", "workKind", "alertKind", "was", "channel", "channels", "source", "line", "lineLabel", "formId", "formLabel", "formVersion", "textHash",
        "provider", "attestation", "handling", "optOutType", "via", "foundBy", "target", "scope", "cause", "step", "offers", "notTextable",
        "providerId", "callSid", "messageSid", "recordingSid", "contentType", "statuses", "finalStatuses", "dialStatuses", "legStatuses", "goesTo",
        "urgentWords", "words", "hash", "prevHash", "leaf", "head", "next",
    };

    // Under these the names are ours as well; under any other a name that is none of ours came from outside.
    private static readonly HashSet<string> PlainKeys = new(StringComparer.Ordinal) { "sources", "externalIds", "crmVersions", "consents", "moved", "summary" };

    private static readonly HashSet<string> OutsideKeys = new(StringComparer.Ordinal) { "extra", "headers" };

    // Reasons out of a closed set; a reason elsewhere was typed by somebody.
    private static readonly HashSet<string> WithCodedReason = new(StringComparer.Ordinal) { "call_missed", "call_outcome_revised", "call_settled" };

    /// <summary>Whether a text under this name holds no personal data.</summary>
    public static bool IsPlain(string name) => Plain.Contains(name);

    /// <summary>What is left of a text: of a number its last two digits.</summary>
    public static string Text(string text) =>
        text.Length == 0 ? ""
        : text is ['+', .. { Length: > 5 and <= 15 } digits] && digits.All(char.IsAsciiDigit) ? $"{Hidden} \u2022\u2022{text[^ShownDigits..]}"
        : Hidden;

    /// <summary>An event as a sentence.</summary>
    /// <param name="model">Knows the events.</param>
    /// <param name="type">Its stored name.</param>
    /// <param name="data">As stored.</param>
    /// <param name="masked">Whether personal data is hidden from whoever reads it.</param>
    public static string Sentence(LedgerModel model, string type, byte[] data, bool masked)
    {
        try
        {
            return LeadHistory.Describe(model.Events.Read(type, masked ? Event(model, type, data) : data));
        }
        catch (Exception exception) when (exception is InvalidOperationException or JsonException)
        {
            return $"An event of the type {type}, which this version cannot put into words.";
        }
    }

    /// <summary>An answer of the API with its personal data hidden; events in it get sentences that name nobody.</summary>
    public static byte[] Answer(LedgerModel model, JsonElement answer) => Written(json => new Mask(model, json).Write(answer, "", null, null));

    private static byte[] Event(LedgerModel model, string type, byte[] data)
    {
        using var document = JsonDocument.Parse(data);
        return Written(json => new Mask(model, json).Write(document.RootElement, "", type, null));
    }

    private static byte[] Written(Action<Utf8JsonWriter> write)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, JsonAnswer.Options))
        {
            write(json);
        }

        return buffer.ToArray();
    }

    /// <summary>One pass over a document.</summary>
    private readonly struct Mask(LedgerModel model, Utf8JsonWriter json)
    {
        /// <param name="element">What is written.</param>
        /// <param name="name">The name it stands under; of a list, for each of its items.</param>
        /// <param name="type">The event it belongs to.</param>
        /// <param name="holder">The name its object stands under.</param>
        /// <param name="gate">The gate whose check it belongs to.</param>
        public void Write(JsonElement element, string name, string? type, string? holder, string? gate = null)
        {
            switch (element.ValueKind)
            {
                case JsonValueKind.Object:
                    WriteObject(element, name, type);
                    break;
                case JsonValueKind.Array:
                    json.WriteStartArray();
                    foreach (var item in element.EnumerateArray())
                    {
                        Write(item, name, type, holder, gate);
                    }

                    json.WriteEndArray();
                    break;
                case JsonValueKind.String:
                    var text = element.GetString()!;
                    json.WriteStringValue(IsShown(name, type, holder, gate) || IsIdOrInstant(text) ? text : Text(text));
                    break;
                default:
                    element.WriteTo(json);
                    break;
            }
        }

        private static bool IsShown(string name, string? type, string? holder, string? gate) =>
            IsPlain(name)
            || (holder is not null && PlainKeys.Contains(holder))
            || name switch
            {
                "reason" => (type is not null && WithCodedReason.Contains(type)) || holder == "inquiries",
                "to" => type == "task_escalated",
                "input" => gate is not (null or "suppression"),
                _ => false,
            };

        private static bool IsIdOrInstant(string text) =>
            Guid.TryParseExact(text, "D", out _) || InstantPattern.ExtendedIso.Parse(text).Success;

        private static string? TextOf(JsonElement element, string name) =>
            element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

        private void WriteObject(JsonElement element, string name, string? type)
        {
            json.WriteStartObject();
            var gate = TextOf(element, "gate");
            var recorded = element.TryGetProperty("data", out var data) && data.ValueKind == JsonValueKind.Object ? TextOf(element, "type") : null;
            foreach (var member in OutsideKeys.Contains(name) ? [] : element.EnumerateObject().AsEnumerable())
            {
                json.WritePropertyName(member.Name);
                if (recorded is not null && member.NameEquals("sentence"))
                {
                    json.WriteStringValue(Sentence(model, recorded, JsonSerializer.SerializeToUtf8Bytes(data), masked: true));
                }
                else
                {
                    Write(member.Value, member.Name, member.NameEquals("data") ? recorded ?? type : type, name, gate);
                }
            }

            json.WriteEndObject();
        }
    }
}
