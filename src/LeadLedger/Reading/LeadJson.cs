using System.Buffers;
using System.Text.Json;
using LeadLedger.Leads;

namespace LeadLedger.Reading;

/// <summary>
/// A lead as the API shows it: its stored document as it is, and beside it <c>fields</c> with the eight names of ING-42. The
/// document is not deserialised; one pass over its top level finds what is needed.
/// </summary>
public sealed class LeadJson : IResult
{
    private const int FieldCount = 8;

    private readonly byte[] _document;
    private readonly Range[] _found = new Range[FieldCount];

    private LeadJson(byte[] document)
    {
        _document = document;
        var reader = new Utf8JsonReader(document);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var field = FieldOf(ref reader);
            var merged = field < 0 && reader.ValueTextEquals("mergedInto"u8);
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            if (merged && reader.TokenType == JsonTokenType.String)
            {
                MergedInto = reader.GetGuid();
            }

            reader.Skip();
            if (field >= 0)
            {
                _found[field] = start..(int)reader.BytesConsumed;
            }
        }
    }

    /// <summary>The lead that stands for this one since a merge.</summary>
    public Guid? MergedInto { get; }

    public static LeadJson Of(byte[] document) => new(document);

    public static LeadJson Of(Lead lead) => new(JsonSerializer.SerializeToUtf8Bytes(lead, LedgerJsonContext.Default.Lead));

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.ContentType = "application/json; charset=utf-8";
        WriteTo(httpContext.Response.BodyWriter);
        await httpContext.Response.BodyWriter.FlushAsync(httpContext.RequestAborted);
    }

    public void WriteTo(IBufferWriter<byte> output)
    {
        output.Write(_document.AsSpan(0, _document.AsSpan().LastIndexOf((byte)'}')));
        output.Write(",\"fields\":{"u8);
        for (var field = 0; field < FieldCount; field++)
        {
            output.Write(NameOf(field));
            var value = _document.AsSpan(_found[field]);
            output.Write(value.IsEmpty ? "null"u8 : value);
        }

        output.Write("}}"u8);
    }

    private static ReadOnlySpan<byte> NameOf(int field) => field switch
    {
        0 => "\"widget_id\":"u8,
        1 => ",\"source_url\":"u8,
        2 => ",\"name\":"u8,
        3 => ",\"phone\":"u8,
        4 => ",\"email\":"u8,
        5 => ",\"message\":"u8,
        6 => ",\"sms_sent\":"u8,
        _ => ",\"consent_text\":"u8,
    };

    private static int FieldOf(ref Utf8JsonReader reader) =>
        reader.ValueTextEquals("widgetId"u8) ? 0
        : reader.ValueTextEquals("sourceUrl"u8) ? 1
        : reader.ValueTextEquals("name"u8) ? 2
        : reader.ValueTextEquals("phone"u8) ? 3
        : reader.ValueTextEquals("email"u8) ? 4
        : reader.ValueTextEquals("message"u8) ? 5
        : reader.ValueTextEquals("smsSent"u8) ? 6
        : reader.ValueTextEquals("consentText"u8) ? 7
        : -1;
}
