using System.Security.Cryptography;
using System.Text;
using LeadLedger.Businesses;

namespace LeadLedger.Intake;

/// <summary>
/// Reads a form post into our words: by the paths of the business file where it names them, by common spellings where
/// it does not. Asks for as little as possible: one way to reach the visitor (ING-38).
/// </summary>
public static class FormReader
{
    private const int MaxLine = 300;
    private const int MaxUrl = 2000;
    private const int MaxMessage = 10_000;
    private const int MaxExtra = 50;
    private const int MaxExtraName = 100;
    private const int MaxExtraValue = 500;
    private const int MaxSubmissionId = 200;

    // Ids that name one submission. A bare id is not among them: on many forms it is the form's own, the same on every
    // post, and would make all but the first a duplicate.
    private static readonly string[] SubmissionIdPaths =
    [
        "form_response.token", "data.responseId", "data.submissionId", "submissionID", "submissionId", "submission_id",
        "responseId", "response_id", "entry_id", "entryId", "event_id", "eventId", "idempotency_key",
    ];

    private static readonly string[] SubmissionIdHeaders =
        ["webhook-id", "idempotency-key", "x-idempotency-key"];

    // Times that stand outside what the visitor typed.
    private static readonly string[] EnvelopeTimes =
        ["form_response.submitted_at", "payload.submittedAt", "data.createdAt"];

    // Never kept as extra fields: one-time tokens, and secrets that a form should not have sent.
    private static readonly HashSet<string> Dropped = new(StringComparer.Ordinal)
    {
        "grecaptcharesponse", "hcaptcharesponse", "cfturnstileresponse", "wpnonce", "csrftoken", "authenticitytoken",
        "password", "passwd", "cardnumber", "cvc", "cvv", "ssn", "key", "secret", "token", "apikey",
    };

    private static readonly HashSet<string> NetworkEvidence = new(StringComparer.Ordinal)
    {
        "ip", "ipaddress", "remoteip", "remoteaddr", "userip", "clientip", "useragent", "browser", "device",
        "devicetype",
    };

    /// <param name="query">Decoded query of the post's own address.</param>
    /// <param name="header">Gives a header by its name, in any case; null where absent.</param>
    /// <param name="isPhone">Whether a text can be read as a phone number in the business's region.</param>
    public static FormReading Read(
        Form form,
        PayloadDocument payload,
        IReadOnlyList<KeyValuePair<string, string>> query,
        Func<string, string?> header,
        Func<string, bool> isPhone)
    {
        if (payload.Unreadable is { } reason)
        {
            return new FormReading.Unreadable(reason);
        }

        var reader = new Reader(form, payload, query, header, isPhone);
        var submission = reader.Submission();
        if (form.HoneypotPath is { } trap && IsBait(reader.At(trap)))
        {
            return new FormReading.Honeypot(submission);
        }

        var problems = Problems(form, submission, isPhone);
        return problems.Count > 0 ? new FormReading.Rejected(problems) : new FormReading.Accepted(submission);
    }

    // A trap in the shape of a checkbox is sent as false or 0 by scripts that post every field.
    private static bool IsBait(string? value) => !string.IsNullOrWhiteSpace(value) && value is not ("false" or "0");

    private static List<FieldProblem> Problems(Form form, FormSubmission submission, Func<string, bool> isPhone)
    {
        var problems = new List<FieldProblem>();
        foreach (var name in form.Required)
        {
            var missing = name == FieldNames.Consent
                ? submission.Consent is not { Ticked: true }
                : Value(submission, name) is null;
            if (missing)
            {
                problems.Add(name == FieldNames.Consent
                    ? new(name, "The consent box is not ticked.", "Tick the box to agree before sending.")
                    : new(name, $"The field {name} is empty.", $"Fill in the field {name}."));
            }
        }

        var phoneWorks = submission.PhoneRaw is { } phone && isPhone(phone);
        var mailWorks = EmailShape.IsPlausible(submission.EmailRaw);
        var reachable = phoneWorks || mailWorks;
        if (submission.PhoneRaw is null && submission.EmailRaw is null)
        {
            Add(FieldNames.Phone, "There is no way to reach you: both phone and e-mail are empty.",
                "Give a phone number with its area code, or an e-mail address.");
        }

        if (submission.PhoneRaw is not null && !phoneWorks && (!reachable || form.Required.Contains(FieldNames.Phone)))
        {
            Add(FieldNames.Phone, "The phone number cannot be read.",
                "Write the number with its area code, such as 214 555 0100.");
        }

        if (submission.EmailRaw is not null && !mailWorks && (!reachable || form.Required.Contains(FieldNames.Email)))
        {
            Add(FieldNames.Email, "The e-mail address cannot be read.", "Write it like name@example.com.");
        }

        return problems;

        void Add(string field, string problem, string fix)
        {
            if (problems.All(known => known.Field != field))
            {
                problems.Add(new(field, problem, fix));
            }
        }
    }

    private static string? Value(FormSubmission submission, string name) => name switch
    {
        FieldNames.Phone => submission.PhoneRaw,
        FieldNames.Email => submission.EmailRaw,
        FieldNames.Name => submission.Name,
        FieldNames.FirstName => submission.FirstName,
        FieldNames.LastName => submission.LastName,
        FieldNames.Company => submission.Company,
        FieldNames.Role => submission.Role,
        FieldNames.Message => submission.Message,
        FieldNames.Service => submission.Service,
        FieldNames.Budget => submission.Budget,
        FieldNames.Deadline => submission.Deadline,
        FieldNames.PreferredTime => submission.PreferredTime,
        FieldNames.WidgetId => submission.WidgetId,
        FieldNames.SourceUrl => submission.SourceUrl,
        FieldNames.Referrer => submission.Referrer,
        FieldNames.LandingUrl => submission.LandingUrl,
        FieldNames.UtmSource => submission.Campaign.Source,
        FieldNames.UtmMedium => submission.Campaign.Medium,
        FieldNames.UtmCampaign => submission.Campaign.Name,
        FieldNames.UtmTerm => submission.Campaign.Term,
        FieldNames.UtmContent => submission.Campaign.Content,
        FieldNames.Gclid => submission.Campaign.Gclid,
        FieldNames.Fbclid => submission.Campaign.Fbclid,
        FieldNames.Locale => submission.Locale,
        FieldNames.SubmittedAt => submission.SubmittedAt?.Text,
        _ => submission.Extra.FirstOrDefault(field => field.Key == name).Value,
    };

    /// <summary>One reading: remembers which fields were used, so that the others can be kept as extra ones.</summary>
    private sealed class Reader(
        Form form,
        PayloadDocument payload,
        IReadOnlyList<KeyValuePair<string, string>> query,
        Func<string, string?> header,
        Func<string, bool> isPhone)
    {
        private readonly FieldIndex _fields = FieldIndex.Of(payload);
        private readonly HashSet<PayloadNode> _used = [];
        private readonly SortedSet<string> _notes = new(payload.Notes, StringComparer.Ordinal);

        private bool FromBrowser => form.Authentication.Scheme == FormScheme.BrowserOrigin;

        public FormSubmission Submission()
        {
            var sourceUrl = Line(FieldNames.SourceUrl, MaxUrl)
                ?? (FromBrowser && header("Referer") is { } referer ? SafeText.Line(referer, MaxUrl) : null);
            var landingUrl = Line(FieldNames.LandingUrl, MaxUrl);
            var first = Line(FieldNames.FirstName);
            var last = Line(FieldNames.LastName);
            var both = $"{first} {last}".Trim();
            var submission = new FormSubmission
            {
                FormId = form.Id,
                FormVersion = form.Version,
                SubmissionId = "",
                SubmissionIdIsHash = true,
                ContentHash = "",
                Name = Line(FieldNames.Name) ?? (both.Length > 0 ? both : null),
                FirstName = first,
                LastName = last,
                PhoneRaw = PhoneText(),
                EmailRaw = Line(FieldNames.Email),
                Company = Line(FieldNames.Company),
                Role = Line(FieldNames.Role),
                Message = Node(FieldNames.Message)?.Text() is { } message && !string.IsNullOrWhiteSpace(message)
                    ? SafeText.Cut(message.Trim(), MaxMessage)
                    : null,
                Service = Line(FieldNames.Service),
                Budget = Line(FieldNames.Budget),
                Deadline = Line(FieldNames.Deadline),
                PreferredTime = Line(FieldNames.PreferredTime),
                WidgetId = Line(FieldNames.WidgetId),
                SourceUrl = sourceUrl,
                Referrer = Line(FieldNames.Referrer, MaxUrl),
                LandingUrl = landingUrl,
                Campaign = Campaign(landingUrl, sourceUrl),
                UserAgent = NetworkLine(FieldNames.UserAgent, "User-Agent"),
                Device = NetworkLine(FieldNames.Device, null),
                Locale = Line(FieldNames.Locale) ?? (FromBrowser ? Language() : null),
                Consent = form.Consent is { } consent
                    ? ConsentEvidence.Of(consent, At(consent.CheckboxPath))
                    : null,
                SubmittedAt = Time(),
                Notes = _notes,
            };
            var id = SubmissionId();
            submission = submission with { Extra = Extra() };
            var hash = ContentHash(submission);
            return submission with
            {
                SubmissionId = id ?? hash,
                SubmissionIdIsHash = id is null,
                ContentHash = hash,
            };
        }

        /// <summary>
        /// The last filled value at a path of the business file, or of the answer that goes by that name.
        /// </summary>
        public string? At(string path) => Resolve(path) is { } node ? PayloadDocument.LastText(Use(node)) : null;

        private PayloadNode? Resolve(string path) =>
            form.Kind == FormKind.Typeform
                ? _fields.ByExactName(path)?.Value ?? payload.Find(path)
                : payload.Find(path) ?? _fields.ByExactName(path)?.Value;

        private PayloadNode? Node(string name)
        {
            if (form.Fields.TryGetValue(name, out var paths))
            {
                var nodes = paths.Select(Resolve).Where(node => node is not null).Select(node => Use(node!)).ToList();
                return nodes.Count switch
                {
                    0 => null,
                    1 => nodes[0],
                    _ => PayloadNode.Of(string.Join(
                        ' ',
                        nodes.Select(PayloadDocument.LastText).Where(text => !string.IsNullOrWhiteSpace(text)))),
                };
            }

            var field = _fields.ByName(FieldNames.Spellings(name)) ?? name switch
            {
                FieldNames.Phone => _fields.ByType("phone"),
                FieldNames.Email => _fields.ByType("email"),
                _ => null,
            };
            return field is null ? null : Use(field.Value);
        }

        private PayloadNode Use(PayloadNode node)
        {
            // The parts of a composite value count as used with it.
            if (_used.Add(node) && node.Members is { } parts)
            {
                _used.UnionWith(parts.Values);
            }

            return node;
        }

        private string? Line(string name, int maxLength = MaxLine)
        {
            var node = Node(name);
            var text = name is FieldNames.Phone or FieldNames.Email ? PayloadDocument.LastText(node) : node?.Text();
            var line = text is null ? "" : SafeText.Line(text, maxLength);
            return line.Length > 0 ? line : null;
        }

        // A plus sent unencoded arrives as a space. It is restored only where the digits alone are no number here, so
        // that a stray space before a national number does not turn it into a foreign one.
        private string? PhoneText()
        {
            var line = Line(FieldNames.Phone, 100);
            if (line is null || !char.IsAsciiDigit(line[0]) || isPhone(line)
                || PayloadDocument.LastText(Node(FieldNames.Phone))![0] != ' ' || !isPhone("+" + line))
            {
                return line;
            }

            _notes.Add(PayloadNotes.PlusRestored);
            return "+" + line;
        }

        private string? NetworkLine(string name, string? headerName)
        {
            var line = Line(name, 500);
            if (!form.CaptureNetworkEvidence)
            {
                return null;
            }

            return line ?? (FromBrowser && headerName is not null && header(headerName) is { Length: > 0 } value
                ? SafeText.Line(value, 500)
                : null);
        }

        private string? Language()
        {
            var accepted = header("Accept-Language")?.Split(',', ';')[0].Trim();
            return accepted is { Length: > 1 and <= 35 } ? SafeText.Line(accepted, 35) : null;
        }

        private Campaign Campaign(string? landingUrl, string? sourceUrl)
        {
            var landing = QueryOf(landingUrl);
            var source = QueryOf(sourceUrl);
            return new()
            {
                Source = Tag(FieldNames.UtmSource),
                Medium = Tag(FieldNames.UtmMedium),
                Name = Tag(FieldNames.UtmCampaign),
                Term = Tag(FieldNames.UtmTerm),
                Content = Tag(FieldNames.UtmContent),
                Gclid = Tag(FieldNames.Gclid),
                Fbclid = Tag(FieldNames.Fbclid),
            };

            string? Tag(string name) =>
                Line(name) ?? In(query, name) ?? In(landing, name) ?? In(source, name);
        }

        private static string? In(IReadOnlyList<KeyValuePair<string, string>> pairs, string name)
        {
            foreach (var (key, value) in pairs)
            {
                if (string.Equals(key, name, StringComparison.OrdinalIgnoreCase)
                    && SafeText.Line(value, MaxLine) is { Length: > 0 } line)
                {
                    return line;
                }
            }

            return null;
        }

        private static IReadOnlyList<KeyValuePair<string, string>> QueryOf(string? url)
        {
            var mark = url?.IndexOf('?', StringComparison.Ordinal) ?? -1;
            return mark < 0 ? [] : UrlEncoded.ReadQuery(url![mark..].Split('#')[0]);
        }

        private SubmissionTime? Time()
        {
            foreach (var path in form.Fields.ContainsKey(FieldNames.SubmittedAt) ? [] : EnvelopeTimes)
            {
                if (payload.Text(path) is { Length: > 0 } envelope)
                {
                    return SubmissionTime.Read(envelope);
                }
            }

            return Line(FieldNames.SubmittedAt) is { } text ? SubmissionTime.Read(text) : null;
        }

        private string? SubmissionId()
        {
            if (form.SubmissionIdPath is { } path)
            {
                return Id(At(path));
            }

            foreach (var name in SubmissionIdHeaders)
            {
                if (Id(header(name)) is { } id)
                {
                    return id;
                }
            }

            foreach (var candidate in SubmissionIdPaths)
            {
                if (payload.Find(candidate) is { Scalar: not null } node && Id(Use(node).Scalar) is { } id)
                {
                    return id;
                }
            }

            // Two builders do name a submission by a bare id; their other fields give them away.
            return payload.Text("triggerType") == "form_submission" ? Id(payload.Text("payload.id"))
                : payload.Has("form_id") && payload.Has("date_created") ? Id(payload.Text("id"))
                : null;
        }

        private static string? Id(string? text) =>
            text is null ? null
            : SafeText.Line(text, MaxSubmissionId + 1) is { Length: > 0 and <= MaxSubmissionId } id ? id
            : null;

        private List<KeyValuePair<string, string>> Extra()
        {
            var extra = new List<KeyValuePair<string, string>>();
            var seen = new HashSet<PayloadNode>();
            var trap = form.HoneypotPath is { } path ? Resolve(path) : null;
            foreach (var field in _fields.Fields)
            {
                if (extra.Count == MaxExtra)
                {
                    break;
                }

                var folded = FieldIndex.Fold(field.Names[0]);
                if (field.Value == trap || _used.Contains(field.Value) || !seen.Add(field.Value)
                    || Dropped.Contains(folded)
                    || (!form.CaptureNetworkEvidence && NetworkEvidence.Contains(folded))
                    || payload.Embedded(field.Value) is not null
                    || (field.Value.Members is not null && !field.IsAnswer))
                {
                    continue;
                }

                var value = field.Value.Text() is { } text ? SafeText.Cut(text.Trim(), MaxExtraValue) : "";
                if (value.Length > 0)
                {
                    extra.Add(new(SafeText.Line(field.Names[0], MaxExtraName), value));
                }
            }

            return extra;
        }

        // Length before value: no two different submissions write the same text. Times and campaign data are left out,
        // because the same words sent twice are the same inquiry wherever the second click came from.
        private static string ContentHash(FormSubmission submission)
        {
            var text = new StringBuilder();
            foreach (var part in (string?[])
            [
                submission.FormId, submission.Name, submission.FirstName, submission.LastName, submission.PhoneRaw,
                submission.EmailRaw, submission.Company, submission.Role, submission.Message, submission.Service,
                submission.Budget, submission.Deadline, submission.PreferredTime, submission.WidgetId,
                submission.Consent?.Raw, .. submission.Extra.SelectMany(field => new[] { field.Key, field.Value }),
            ])
            {
                text.Append(part?.Length ?? -1).Append(':').Append(part).Append('\n');
            }

            return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
        }
    }
}
