using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using LeadLedger.Intake.Webhooks;

namespace LeadLedger.Hosting;

/// <summary>A request's JSON body, read strictly: what cannot be used is named with its place, never a 500.</summary>
public static class RequestJson
{
    private const int Limit = 64 * 1024;

    /// <summary>The body, or the refusal.</summary>
    public static async ValueTask<(T? Body, IResult? Refusal)> ReadAsync<T>(HttpContext http, JsonTypeInfo<T> json)
        where T : class
    {
        if (!http.Request.HasJsonContentType())
        {
            return (null, Problems.Of(415, "not-json", "Send the body as JSON with the header Content-Type: application/json."));
        }

        if (await WebhookBody.ReadAsync(http.Request, http.RequestAborted) is not { Length: <= Limit } bytes)
        {
            return (null, Problems.Of(413, "too-large", $"The body is larger than {Limit / 1024} KB."));
        }

        try
        {
            return JsonSerializer.Deserialize(bytes, json) is { } body
                ? (body, null)
                : (null, Wrong("body", "Send a JSON object."));
        }
        catch (JsonException exception)
        {
            var field = exception.Path is { Length: > 2 } path ? path[2..] : "body";
            return (null, Wrong(field, exception.Path is { Length: > 2 } ? "The value has the wrong type." : "This is not readable JSON."));
        }
        catch (InvalidOperationException)
        {
            // Text that is no valid Unicode.
            return (null, Wrong("body", "This is not readable JSON."));
        }
    }

    /// <summary>400 naming one field and its fix.</summary>
    public static IResult Wrong(string field, string fix) => Problems.Of(
        400, "bad-field", $"The field '{field}' cannot be used.", new Dictionary<string, string[]> { [field] = [fix] });
}
