using System.Text;
using System.Text.Json;
using LeadLedger.Hosting;

namespace LeadLedger.Staff.Frame;

/// <summary>The consent history of one number or mailbox as a file: who may be texted for what, and since which event.</summary>
public static class ConsentReceipt
{
    private static readonly string[] Columns = ["at", "type", "purpose", "state", "evidence", "actor", "lead", "seq", "hash"];

    public static byte[] Csv(IReadOnlyList<ConsentLine> lines)
    {
        var text = new StringBuilder().AppendJoin(',', Columns).Append("\r\n");
        foreach (var line in lines)
        {
            text.AppendJoin(',', new[]
            {
                line.At.ToString(), line.Type, line.Purpose, line.State, line.Evidence, line.Actor, line.Lead.ToString(),
                line.Version.ToString(System.Globalization.CultureInfo.InvariantCulture), line.Hash,
            }.Select(CsvField.Of)).Append("\r\n");
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    public static byte[] Json(string business, string kind, string value, NodaTime.Instant madeAt, IReadOnlyList<ConsentLine> lines)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, JsonAnswer.Options))
        {
            json.WriteStartObject();
            json.WriteString("business", business);
            json.WriteString("kind", kind);
            json.WriteString("value", value);
            json.WriteInstant("madeAt", madeAt);
            json.WriteStartArray("events");
            foreach (var line in lines)
            {
                json.WriteStartObject();
                json.WriteInstant("at", line.At);
                json.WriteString("type", line.Type);
                json.WriteString("purpose", line.Purpose);
                json.WriteString("state", line.State);
                json.WriteString("evidence", line.Evidence);
                json.WriteString("actor", line.Actor);
                json.WriteString("leadId", line.Lead);
                json.WriteNumber("seq", line.Version);
                json.WriteString("hash", line.Hash);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return buffer.ToArray();
    }
}
