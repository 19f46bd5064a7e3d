using System.Buffers.Binary;
using System.Text.Json;
using System.Text.Json.Serialization;
using NodaTime;

namespace LeadLedger.Intake.Webhooks;

/// <summary>A webhook as bytes: the length of its description (4, little-endian), the description as JSON, the raw body.</summary>
public static class WebhookBytes
{
    private const int LengthBytes = 4;

    public static byte[] Write(Webhook webhook)
    {
        var description = JsonSerializer.SerializeToUtf8Bytes(
            new WebhookDescription
            {
                Route = webhook.Route,
                Argument = webhook.Argument,
                ReceivedAt = webhook.ReceivedAt.ToUnixTimeTicks(),
                Tenants = [.. webhook.Tenants],
                ContentType = webhook.ContentType,
                Query = webhook.Query,
                Headers = webhook.Headers.ToDictionary(StringComparer.Ordinal),
                RemoteAddress = webhook.RemoteAddress,
                OrderKeys = [.. webhook.OrderKeys],
            },
            WebhookDescriptionJson.Default.WebhookDescription);
        var bytes = new byte[LengthBytes + description.Length + webhook.Body.Length];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, description.Length);
        description.CopyTo(bytes, LengthBytes);
        webhook.Body.CopyTo(bytes, LengthBytes + description.Length);
        return bytes;
    }

    /// <exception cref="InvalidDataException">The bytes are no webhook.</exception>
    public static Webhook Read(byte[] bytes)
    {
        try
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(bytes);
            var description = JsonSerializer.Deserialize(bytes.AsSpan(LengthBytes, length), WebhookDescriptionJson.Default.WebhookDescription)!;
            return new Webhook
            {
                Route = description.Route,
                Argument = description.Argument,
                ReceivedAt = Instant.FromUnixTimeTicks(description.ReceivedAt),
                Tenants = description.Tenants,
                ContentType = description.ContentType,
                Query = description.Query,
                Headers = new Dictionary<string, string>(description.Headers, StringComparer.OrdinalIgnoreCase),
                RemoteAddress = description.RemoteAddress,
                OrderKeys = description.OrderKeys,
                Body = bytes[(LengthBytes + length)..],
            };
        }
        catch (Exception problem) when (problem is JsonException or ArgumentException or NullReferenceException)
        {
            throw new InvalidDataException("a kept webhook cannot be read", problem);
        }
    }
}

/// <summary>Everything of a webhook but its body.</summary>
internal sealed record WebhookDescription
{
    public required string Route { get; init; }

    public required string Argument { get; init; }

    /// <summary>Units of 100 nanoseconds since 1970.</summary>
    public required long ReceivedAt { get; init; }

    public required string[] Tenants { get; init; }

    public string? ContentType { get; init; }

    public required string Query { get; init; }

    public required Dictionary<string, string> Headers { get; init; }

    public string? RemoteAddress { get; init; }

    public string[] OrderKeys { get; init; } = [];
}

[JsonSerializable(typeof(WebhookDescription))]
internal sealed partial class WebhookDescriptionJson : JsonSerializerContext;
