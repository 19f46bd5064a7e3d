using LeadLedger.Businesses;
using LeadLedger.Calls;
using LeadLedger.EventStore;
using LeadLedger.Hosting;
using LeadLedger.Intake.Webhooks;
using LeadLedger.Leads;
using LeadLedger.Sending;
using Microsoft.Extensions.Primitives;
using NodaTime;

namespace LeadLedger.Intake.Twilio;

/// <summary>An authentic request of Twilio.</summary>
/// <param name="Fields">The decoded form fields; empty for other bodies.</param>
/// <param name="Businesses">The businesses of the account that signed it.</param>
public sealed record TwilioRequest(IReadOnlyList<KeyValuePair<string, string>> Fields, IReadOnlyList<Business> Businesses)
{
    /// <summary>The business the called number belongs to, or the only one of the account.</summary>
    public Business? BusinessOf(string? called) => BusinessDirectory.OfNumber(Businesses, called);
}

/// <summary>Verifies Twilio's requests and commits them: raw bytes first, signature over the public address, then fields.</summary>
public sealed class TwilioEdge(
    Deliveries deliveries, BusinessDirectory businesses, TwilioAccounts accounts, ServiceAddress address, Ledger ledger)
{
    private const string SignatureHeader = "X-Twilio-Signature";

    public string PublicBase => address.PublicBase;

    public StaffLinks Links => address.Links;

    public Instant Now => deliveries.Now;

    /// <summary>The webhook when it is authentic; else the refusal.</summary>
    public async Task<(Webhook? Webhook, IResult? Refusal)> ReadAsync(HttpContext http, string route, string argument, CancellationToken cancellation)
    {
        if (await WebhookBody.ReadAsync(http.Request, cancellation) is not { } body)
        {
            return (null, WebhookAnswers.TooLarge());
        }

        if (StringValues.IsNullOrEmpty(http.Request.Headers[SignatureHeader]))
        {
            return (null, WebhookAnswers.Unsigned($"The header {SignatureHeader} is missing."));
        }

        var fields = FieldsOf(body, http.Request.ContentType);
        var account = fields?.FirstOrDefault(field => field.Key == "AccountSid").Value;
        var (found, tokens) = account is null ? Anybody() : accounts.Named(businesses, account);
        var url = PublicUrl.Of(address.PublicBase, WebhookBody.RawTarget(http));
        return TwilioSignature.IsValid(tokens, url, fields, body, http.Request.Headers[SignatureHeader])
            ? (Webhook.Of(http, route, [.. found.Select(business => business.Id)], body, deliveries.Now) with
            {
                Argument = argument,
                OrderKeys = OrderKeysOf(route, fields ?? []),
            }, null)
            : (null, WebhookAnswers.BadSignature(
                $"The signature does not match. It is expected over {url}; set PUBLIC_BASE_URL to the address Twilio calls, and check the account and its auth token."));
    }

    /// <summary>The request behind a webhook, live or kept.</summary>
    public TwilioRequest RequestOf(Webhook webhook) => new(
        FieldsOf(webhook.Body, webhook.ContentType) ?? [], [.. webhook.Tenants.Select(businesses.Find).OfType<Business>()]);

    public Task<Deliveries.Result> CommitAsync(Webhook webhook, Business business, string source, string key, DeliveryRequest request) =>
        deliveries.CommitAsync(Deliveries.ReceiptOf(webhook, business.Id, source, key), "provider:twilio", request);

    /// <summary>Keeps a request that is authentic but names no call, message or line we know.</summary>
    public async Task<Taken> QuarantineAsync(Webhook webhook, string source, string? id, string? called)
    {
        var problem = id is null
            ? "it names no CallSid or MessageSid"
            : $"no business of this account has the number {SafeText.Line(called ?? "(none)", 40)}";
        var key = $"{id ?? "unreadable"}:{Convert.ToHexStringLower(WebhookBody.Sha256(webhook.Body).AsSpan(0, 8))}";
        var receipt = Deliveries.ReceiptOf(webhook, webhook.Tenants[0], source, key);
        return WebhookAnswers.Of(await deliveries.QuarantineAsync(receipt, "provider:twilio", problem));
    }

    /// <summary>The business of the called number, or the one that already has a record of this call.</summary>
    public async Task<Business?> BusinessOfAsync(TwilioRequest request, string? called, string callSid, CancellationToken cancellation)
    {
        if (request.BusinessOf(called) is { } business)
        {
            return business;
        }

        foreach (var candidate in request.Businesses)
        {
            if (await ledger.LoadAsync(LeadStreams.Call, LeadStreams.CallOf(candidate.Id, RecordCall.Twilio, callSid), cancellation) is not null)
            {
                return candidate;
            }
        }

        return null;
    }

    // Null for a body that is no form: Twilio then signs a hash of it.
    private static IReadOnlyList<KeyValuePair<string, string>>? FieldsOf(byte[] body, string? contentType) =>
        contentType is not null && contentType.StartsWith("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase)
            ? FormBody.Read(body, contentType).Pairs
            : null;

    // The other side is From, but of a report on one of our own texts; legs name their call as ParentCallSid.
    private static string[] OrderKeysOf(string route, IReadOnlyList<KeyValuePair<string, string>> fields)
    {
        var person = route == TwilioReports.SmsStatusSource ? "To" : "From";
        return
        [
            .. fields.Where(field => field.Value.Length > 0
                    && (field.Key == person || field.Key is "CallSid" or "ParentCallSid" or "MessageSid"))
                .Select(field => field.Value).Distinct(StringComparer.Ordinal),
        ];
    }

    private (IReadOnlyList<Business> Businesses, string[] Tokens) Anybody()
    {
        foreach (var business in businesses.All)
        {
            if (accounts.Named(businesses, accounts.SidOf(business) ?? "") is { Tokens.Length: > 0 } named)
            {
                return named;
            }
        }

        return ([], []);
    }
}
