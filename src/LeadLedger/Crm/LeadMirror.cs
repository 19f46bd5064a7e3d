using System.Text.Json.Serialization;
using LeadLedger.EventStore;
using LeadLedger.Leads;
using NodaTime;

namespace LeadLedger.Crm;

/// <summary>What a CRM webhook receives: the envelope of Standard Webhooks around the current lead.</summary>
public sealed record LeadMirror(string Type, Instant Timestamp, MirroredLead Data)
{
    public static LeadMirror Of(Lead lead, Instant now) => new(
        "lead.updated",
        now,
        new MirroredLead
        {
            ExternalId = lead.Id,
            Version = lead.Version,
            Business = lead.Business,
            Status = lead.Status,
            Name = lead.Name,
            Phone = lead.Phone,
            Email = lead.Email,
            Company = lead.Company,
            Message = lead.Message,
            Service = lead.Service,
            Source = lead.Source,
            Tag = lead.Source == "missed call" ? "missed-call-automation" : null,
            FirstTouch = lead.FirstTouch,
            Owner = lead.Owner,
            RoutingReason = lead.RoutingReason,
            OptedOut = lead.OptedOut,
            InquiryCount = lead.InquiryCount,
            Task = lead.Task is null ? null : new MirroredTask(
                lead.Task.Id, lead.Task.Kind, lead.Task.Owner, lead.Task.Queue, lead.Task.DueAt, lead.Task.Priority, lead.Task.ClosedAt, lead.Task.Outcome),
        });
}

/// <summary>A lead as other systems see it. <see cref="ExternalId"/> is the key to find or create it by.</summary>
public sealed record MirroredLead
{
    public required Guid ExternalId { get; init; }

    /// <summary>Rises with every change; drop what is older than what you have.</summary>
    public required long Version { get; init; }

    public required string Business { get; init; }

    public required string Status { get; init; }

    public string? Name { get; init; }

    public string? Phone { get; init; }

    public string? Email { get; init; }

    public string? Company { get; init; }

    public string? Message { get; init; }

    public string? Service { get; init; }

    public required string Source { get; init; }

    public string? Tag { get; init; }

    public Attribution? FirstTouch { get; init; }

    public string? Owner { get; init; }

    public string? RoutingReason { get; init; }

    public bool OptedOut { get; init; }

    public int InquiryCount { get; init; }

    public MirroredTask? Task { get; init; }
}

public sealed record MirroredTask(
    Guid Id, string Kind, string? Owner, string? Queue, Instant DueAt, string Priority, Instant? ClosedAt, string? Outcome);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(InstantJsonConverter)])]
[JsonSerializable(typeof(LeadMirror))]
internal sealed partial class LeadMirrorJson : JsonSerializerContext;
