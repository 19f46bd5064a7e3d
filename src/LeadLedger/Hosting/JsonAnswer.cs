using System.Text.Encodings.Web;
using System.Text.Json;

namespace LeadLedger.Hosting;

/// <summary>An answer written straight into the response, so that stored JSON passes through without being read.</summary>
public sealed class JsonAnswer(Action<Utf8JsonWriter> write, int status = StatusCodes.Status200OK) : IResult
{
    /// <summary>
    /// Every name and value is written through the writer or comes out of jsonb, so it need not be checked again. Text stays readable: the
    /// answer is JSON and never part of a page.
    /// </summary>
    public static readonly JsonWriterOptions Options = new()
    {
        SkipValidation = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = status;
        response.ContentType = "application/json; charset=utf-8";
        await using (var writer = new Utf8JsonWriter(response.BodyWriter, Options))
        {
            write(writer);
        }

        await response.BodyWriter.FlushAsync(httpContext.RequestAborted);
    }

    /// <summary>A page of a list: <c>{items, next}</c>.</summary>
    public static JsonAnswer Page<T>(IReadOnlyList<T> items, string? next, Action<Utf8JsonWriter, T> write, Action<Utf8JsonWriter>? more = null) =>
        new(json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("items");
            foreach (var item in items)
            {
                write(json, item);
            }

            json.WriteEndArray();
            json.WriteString("next", next);
            more?.Invoke(json);
            json.WriteEndObject();
        });
}
