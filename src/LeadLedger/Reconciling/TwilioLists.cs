using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using LeadLedger.Intake;
using LeadLedger.Sending;
using NodaTime;
using NodaTime.Text;

namespace LeadLedger.Reconciling;

/// <summary>Which messages are asked for. The provider filters dates by whole days in UTC; finer cuts are the caller's.</summary>
public sealed record MessageFilter
{
    public string? To { get; init; }

    public string? From { get; init; }

    public required Instant SentFrom { get; init; }
}

/// <summary>
/// Reads Twilio's lists of messages and calls (contracts 4). A list that cannot be had, is too large or makes no sense is said to be
/// so; callers never see an exception of the network. Further pages are taken only from the same list of the same server.
/// </summary>
public sealed class TwilioLists(HttpClient http, TwilioAccounts accounts, CallDeadline callDeadline)
{
    /// <summary>Bytes of one page; a page of a thousand calls has about two million.</summary>
    private const int LargestPage = 8 * 1024 * 1024;

    /// <summary>The provider's own limit.</summary>
    private const int PageSize = 1000;

    private const int LongestWord = 64;
    private const int LongestText = 4000;

    private static readonly LocalDatePattern Day = LocalDatePattern.CreateWithInvariantCulture("uuuu-MM-dd");

    /// <summary>Messages in and out, as far as the filter lets them through.</summary>
    public Task<ProviderList<ListedMessage>> MessagesAsync(
        TwilioCredentials account, MessageFilter filter, int mostPages, CancellationToken cancellation) =>
        ListAsync(account, "Messages", "messages", mostPages, ReadMessage,
        [
            ("To", filter.To), ("From", filter.From), ("DateSent>", Day.Format(filter.SentFrom.InUtc().Date)),
        ], cancellation);

    /// <summary>Calls and their legs that started on the day of <paramref name="startedFrom"/> or later.</summary>
    public Task<ProviderList<ListedCall>> CallsAsync(
        TwilioCredentials account, Instant startedFrom, int mostPages, CancellationToken cancellation) =>
        ListAsync(account, "Calls", "calls", mostPages, ReadCall, [("StartTime>", Day.Format(startedFrom.InUtc().Date))], cancellation);

    private async Task<ProviderList<T>> ListAsync<T>(
        TwilioCredentials account,
        string resource,
        string property,
        int mostPages,
        Func<JsonElement, T?> read,
        (string Name, string? Value)[] filters,
        CancellationToken cancellation)
        where T : class
    {
        var items = new List<T>();
        var path = $"/2010-04-01/Accounts/{account.Sid}/{resource}.json";
        var query = string.Join('&', filters.Where(filter => filter.Value is not null)
            .Select(filter => $"{Uri.EscapeDataString(filter.Name)}={Uri.EscapeDataString(filter.Value!)}"));
        var address = new Uri($"{accounts.ApiBase}{path}?{query}&PageSize={PageSize}");
        var seen = new HashSet<Uri>();
        for (var page = 0; page < mostPages; page++)
        {
            seen.Add(address);
            var (next, problem) = await PageAsync(account, address, property, read, items, cancellation);
            if (problem is not null)
            {
                return new ProviderList<T>(items, problem);
            }

            if (next is null)
            {
                return new ProviderList<T>(items, null);
            }

            // A page elsewhere would get our credentials, and a page seen before has no end.
            if (!Uri.TryCreate(address, next, out var following) || following.Scheme != address.Scheme || following.Authority != address.Authority
                || following.UserInfo.Length > 0 || following.AbsolutePath != address.AbsolutePath || seen.Contains(following))
            {
                return new ProviderList<T>(items, "the provider's list names a next page that is none of its own");
            }

            address = following;
        }

        return new ProviderList<T>(items, null) { Cut = true };
    }

    private async Task<(string? Next, string? Problem)> PageAsync<T>(
        TwilioCredentials account, Uri address, string property, Func<JsonElement, T?> read, List<T> items, CancellationToken cancellation)
        where T : class
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.Authorization = new AuthenticationHeaderValue(
            "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{account.Sid}:{account.Token}")));
        using var deadline = callDeadline.Start(cancellation);
        try
        {
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, deadline.Token);
            if (!response.IsSuccessStatusCode)
            {
                return (null, $"the provider answered {(int)response.StatusCode}");
            }

            if (await BodyAsync(response, deadline.Token) is not { } body)
            {
                return (null, $"a page of the provider's list is larger than {LargestPage / (1024 * 1024)} MB");
            }

            return Read(body, property, read, items);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException or IOException)
        {
            return (null, "the provider could not be asked, or did not answer in time");
        }
    }

    private static async Task<ReadOnlyMemory<byte>?> BodyAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        await using var stream = await response.Content.ReadAsStreamAsync(cancellation);
        using var body = new MemoryStream();
        var buffer = new byte[16 * 1024];
        int read;
        while ((read = await stream.ReadAsync(buffer, cancellation)) > 0)
        {
            body.Write(buffer, 0, read);
            if (body.Length > LargestPage)
            {
                return null;
            }
        }

        return body.GetBuffer().AsMemory(0, (int)body.Length);
    }

    private static (string? Next, string? Problem) Read<T>(
        ReadOnlyMemory<byte> body, string property, Func<JsonElement, T?> read, List<T> items)
        where T : class
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            if (json.RootElement.ValueKind != JsonValueKind.Object
                || !json.RootElement.TryGetProperty(property, out var list) || list.ValueKind != JsonValueKind.Array)
            {
                return (null, $"the provider's answer holds no list of {property}");
            }

            // One item that cannot be read is left out; it must not hide the others.
            items.AddRange(list.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.Object).Select(read).OfType<T>());
            return (Text(json.RootElement, "next_page_uri", LongestText), null);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // The second is a string with half a surrogate pair.
            return (null, "the provider's answer is no list");
        }
    }

    private static ListedMessage? ReadMessage(JsonElement item) =>
        Word(item, "sid") is { } sid && Word(item, "direction") is { } direction && Word(item, "status") is { } status
        && Time(item, "date_created") is { } created
            ? new ListedMessage
            {
                Sid = sid,
                Direction = direction,
                From = Word(item, "from"),
                To = Word(item, "to"),
                Body = Text(item, "body", LongestText),
                Status = status,
                ErrorCode = Number(item, "error_code"),
                Media = Number(item, "num_media") ?? 0,
                CreatedAt = created,
                SentAt = Time(item, "date_sent"),
            }
            : null;

    private static ListedCall? ReadCall(JsonElement item) =>
        Word(item, "sid") is { } sid && Word(item, "direction") is { } direction && Word(item, "status") is { } status
            ? new ListedCall
            {
                Sid = sid,
                ParentSid = Word(item, "parent_call_sid"),
                Direction = direction,
                From = Word(item, "from"),
                To = Word(item, "to"),
                Status = status,
                StartedAt = Time(item, "start_time") ?? Time(item, "date_created"),
                EndedAt = Time(item, "end_time") ?? Time(item, "date_updated"),
                DurationSeconds = Number(item, "duration"),
                CallerName = Word(item, "caller_name"),
                ForwardedFrom = Word(item, "forwarded_from"),
            }
            : null;

    private static string? Text(JsonElement item, string name, int longest) =>
        item.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
        && value.GetString() is { Length: > 0 } text && text.Length <= longest ? text : null;

    // Names, numbers and ids; what is longer or holds control characters is none of these.
    private static string? Word(JsonElement item, string name) =>
        Text(item, name, LongestWord) is { } text && SafeText.Clean(text) == text ? text : null;

    private static Instant? Time(JsonElement item, string name) => Rfc2822.Read(Text(item, name, LongestWord))?.ToInstant();

    // Twilio writes some numbers as text.
    private static int? Number(JsonElement item, string name)
    {
        if (!item.TryGetProperty(name, out var value))
        {
            return null;
        }

        return value.ValueKind == JsonValueKind.Number
            ? value.TryGetInt32(out var number) ? number : null
            : int.TryParse(Text(item, name, LongestWord), NumberStyles.None, CultureInfo.InvariantCulture, out var written) ? written : null;
    }
}
