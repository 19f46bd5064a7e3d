using System.Globalization;

namespace LeadLedger.Intake;

/// <summary>
/// An error answer of Twilio's REST interface, in the older shape (code, message, more_info) or the newer one of
/// RFC 9457 (title, detail, errors). Whatever else comes back, such as a proxy's page, is judged by its HTTP status.
/// </summary>
public sealed record TwilioError
{
    private const int MaxMessage = 500;
    private const int MaxBodyRead = 64 * 1024;

    /// <summary>Twilio's code; null where the body names none.</summary>
    public int? Code { get; init; }

    public required int HttpStatus { get; init; }

    /// <summary>The provider's own words, on one line and cut to 500 characters; shown, never matched.</summary>
    public string? Message { get; init; }

    public required TwilioErrorKind Kind { get; init; }

    public required bool Retryable { get; init; }

    public required bool StopsQueue { get; init; }

    /// <param name="body">At most its first 64 KiB are read.</param>
    public static TwilioError Read(int httpStatus, ReadOnlyMemory<byte> body)
    {
        var payload = PayloadDocument.Read(body.Length > MaxBodyRead ? body[..MaxBodyRead] : body, "application/json");
        var code = Number(payload.Text("code")) ?? Number(payload.Text("error_code"));
        var message = payload.Text("detail") is { } detail && payload.Has("title")
            ? $"{payload.Text("title")}: {detail} {payload.Text("errors")}"
            : payload.Text("message") ?? payload.Text("title");
        var meaning = code is { } known ? TwilioErrors.Of(known) : null;
        if (meaning is null or { Kind: TwilioErrorKind.Unknown })
        {
            meaning = ByStatus(httpStatus);
        }

        return new()
        {
            Code = code,
            HttpStatus = httpStatus,
            Message = message is null ? null : SafeText.Line(message, MaxMessage),
            Kind = meaning.Kind,
            Retryable = meaning.Retryable,
            StopsQueue = meaning.StopsQueue,
        };
    }

    // A create that ends in a server error may have been carried out; only 429 promises that it was not.
    private static TwilioErrorMeaning ByStatus(int httpStatus) => httpStatus switch
    {
        401 or 403 => TwilioErrors.Of(20003),
        404 => TwilioErrors.Of(20404),
        429 => TwilioErrors.Of(20429),
        408 or >= 500 => new(0, TwilioErrorKind.Uncertain, false, "The provider failed while answering."),
        >= 400 => new(0, TwilioErrorKind.Config, false, "The provider refused the request."),
        _ => new(0, TwilioErrorKind.Uncertain, false, "The provider's answer makes no sense."),
    };

    private static int? Number(string? text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0
            ? number
            : null;
}
