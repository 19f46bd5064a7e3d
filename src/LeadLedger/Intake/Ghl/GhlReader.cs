using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using NodaTime;

namespace LeadLedger.Intake;

/// <summary>
/// Reads what GoHighLevel sends. Its workflow webhooks carry neither a signature nor an event id, so the kind is told
/// from the content and the key against duplicates is derived.
/// </summary>
public static class GhlReader
{
    public const string PhoneField = "phone_number";
    public const string NameField = "contact_name";

    private const int MaxLine = 300;
    private const int MaxMessage = 10_000;

    private static readonly string[] PhonePaths =
        [PhoneField, "phone", "From", "from", "caller_number", "contact.phone", "customData.phone_number",
            "customData.phone", "triggerData.phone_number"];

    private static readonly string[] NamePaths =
        [NameField, "full_name", "name", "contact.full_name", "contact.name", "customData.contact_name"];

    private static readonly string[] StatusPaths =
        ["call_status", "callStatus", "CallStatus", "customData.call_status", "triggerData.call_status", "status"];

    private static readonly string[] EventIdPaths =
        ["messageId", "message_id", "webhookId", "event_id", "eventId", "submission_id", "submissionId"];

    private static readonly string[] TimePaths =
        ["call_time", "timestamp", "Timestamp", "dateAdded", "customData.timestamp", "triggerData.timestamp"];

    private static readonly string[] FormPaths =
        ["form_id", "formId", "form_name", "formName", "form.id", "form.name", "triggerData.form.id",
            "triggerData.form.name", "survey_id", "surveyId", "customData.form_id", "customData.form_name"];

    private static readonly string[] OriginPaths = ["customData.origin", "origin", "trigger", "workflow.name"];

    /// <param name="receivedAt">Read once by the receiver; its minute is part of a derived key.</param>
    public static GhlDelivery Read(PayloadDocument payload, Instant receivedAt)
    {
        var type = Line(payload, "type") ?? Line(payload, "event") ?? Line(payload, "customData.event");
        var statusText = First(payload, StatusPaths);
        var status = CallStatuses.ReadEvent(type, statusText, Answered(payload));
        var kind = KindOf(payload, type, status);
        var phone = First(payload, PhonePaths);
        var callSid = Line(payload, "CallSid") ?? Line(payload, "call_sid") ?? Line(payload, "callSid");
        var eventId = First(payload, EventIdPaths)
            ?? (callSid is null ? null : $"{callSid}:{CallStatuses.Name(status)}");
        var time = First(payload, TimePaths) is { } text ? SubmissionTime.Read(text) : null;
        var first = Line(payload, "first_name");
        var last = Line(payload, "last_name");
        var both = $"{first} {last}".Trim();
        var message = payload.Text("message") ?? payload.Text("customData.message");
        var email = Line(payload, "email") ?? Line(payload, "contact.email");
        return new()
        {
            Kind = kind,
            IdempotencyKey = eventId ?? DerivedKey(payload, phone, time, receivedAt),
            KeyIsDerived = eventId is null,
            PhoneRaw = phone,
            Name = First(payload, NamePaths) ?? (both.Length > 0 ? both : null),
            FirstName = first,
            LastName = last,
            EmailRaw = email,
            Message = string.IsNullOrWhiteSpace(message) ? null : SafeText.Cut(message.Trim(), MaxMessage),
            To = Line(payload, "To") ?? Line(payload, "to") ?? Line(payload, "to_number")
                ?? Line(payload, "customData.to"),
            StatusText = statusText,
            Status = status,
            Voicemail = IsVoicemail(payload, statusText),
            Duration = Seconds(payload),
            CallSid = callSid,
            ContactId = Line(payload, "contact_id") ?? Line(payload, "contactId"),
            LocationId = Line(payload, "locationId") ?? Line(payload, "location.id"),
            WorkflowId = Line(payload, "workflow.id"),
            WorkflowName = Line(payload, "workflow.name"),
            FormName = Line(payload, "form_name") ?? Line(payload, "formName") ?? Line(payload, "form.name")
                ?? Line(payload, "triggerData.form.name") ?? Line(payload, "customData.form_name"),
            OccurredAt = time,
            Problems = Problems(payload, kind, phone, email),
        };
    }

    // What says "call" outright wins over what says "form", and both over the bare contact fields, which a workflow
    // sends for every trigger.
    private static GhlKind KindOf(PayloadDocument payload, string? type, CallStatus status)
    {
        var isCall = Is(payload, "messageType", "CALL") || Mentions(type, "call") || payload.Has("CallSid")
            || payload.Has("call_sid") || payload.Has("call_status") || payload.Has("callStatus")
            || payload.Has("CallStatus") || payload.Has("customData.call_status");
        if (isCall)
        {
            // The documentation shows an inbound call under the type OutboundMessage: the direction decides.
            var outbound = Mentions(Line(payload, "direction") ?? type, "outbound");
            return outbound ? GhlKind.Unknown
                : IsVoicemail(payload, First(payload, StatusPaths)) ? GhlKind.MissedCall
                : status switch
                {
                    CallStatus.Completed or CallStatus.InProgress => GhlKind.AnsweredCall,
                    CallStatus.Queued or CallStatus.Ringing => GhlKind.Unknown,
                    CallStatus.Unknown when !Missed(payload, type) => GhlKind.Unknown,
                    _ => GhlKind.MissedCall,
                };
        }

        var isForm = FormPaths.Any(payload.Has) || Mentions(type, "form") || Mentions(type, "survey")
            || Mentions(Line(payload, "customData.origin"), "form");
        if (isForm)
        {
            return GhlKind.Form;
        }

        return Missed(payload, type) || payload.Has(PhoneField) || payload.Has(NameField)
            ? GhlKind.MissedCall
            : GhlKind.Unknown;
    }

    private static bool Missed(PayloadDocument payload, string? type) =>
        Mentions(type, "missed") || Mentions(type, "voicemail")
        || OriginPaths.Any(path => Mentions(Line(payload, path), "missed"))
        || Mentions(Line(payload, "tags"), "missed-call") || Mentions(Line(payload, "tags"), "missed call");

    private static List<FieldProblem> Problems(PayloadDocument payload, GhlKind kind, string? phone, string? email)
    {
        if (payload.Unreadable is { } reason)
        {
            return [new("body", reason, "Send JSON or form fields.")];
        }

        return kind is GhlKind.MissedCall or GhlKind.AnsweredCall or GhlKind.Unknown && phone is null
            ? [new(PhoneField, "The caller's number is missing.", $"Send the number in the field {PhoneField}.")]
            : kind == GhlKind.Form && phone is null && !EmailShape.IsPlausible(email)
                ? [new(PhoneField, "Neither a number nor an e-mail address is given.",
                    $"Send {PhoneField} or email with the form.")]
            : [];
    }

    // date_created is the contact's, the same on every delivery, so on its own it would swallow a second call.
    private static string DerivedKey(
        PayloadDocument payload,
        string? phone,
        SubmissionTime? time,
        Instant receivedAt)
    {
        var minute = (time?.Instant ?? receivedAt).ToUnixTimeSeconds() / 60;
        var text = new StringBuilder();
        foreach (var part in (string?[])
        [
            Line(payload, "contact_id") ?? Line(payload, "contactId"), phone, Line(payload, "workflow.id"),
            Line(payload, "type"), Line(payload, "status"), Line(payload, "call_status"),
            Line(payload, "date_created"), payload.Text("customData"), Line(payload, "message"),
            minute.ToString(CultureInfo.InvariantCulture),
        ])
        {
            text.Append(part?.Length ?? -1).Append(':').Append(part).Append('\n');
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }

    private static bool? Answered(PayloadDocument payload) =>
        payload.Text("answered") switch { "true" => true, "false" => false, _ => null };

    private static bool IsVoicemail(PayloadDocument payload, string? status) =>
        Mentions(status, "voicemail") || Is(payload, "voicemail", "true") || payload.Has("voicemail_url")
        || payload.Has("customData.voicemail_url");

    private static int? Seconds(PayloadDocument payload) =>
        int.TryParse(
            Line(payload, "callDuration") ?? Line(payload, "call_duration") ?? Line(payload, "CallDuration"),
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out var seconds)
            ? seconds
            : null;

    private static bool Is(PayloadDocument payload, string path, string value) =>
        string.Equals(payload.Text(path), value, StringComparison.OrdinalIgnoreCase);

    private static bool Mentions(string? text, string word) =>
        text is not null && text.Contains(word, StringComparison.OrdinalIgnoreCase);

    private static string? First(PayloadDocument payload, string[] paths)
    {
        foreach (var path in paths)
        {
            if (Line(payload, path) is { } line)
            {
                return line;
            }
        }

        return null;
    }

    private static string? Line(PayloadDocument payload, string path) =>
        payload.LastText(path) is { } text && SafeText.Line(text, MaxLine) is { Length: > 0 } line ? line : null;
}
