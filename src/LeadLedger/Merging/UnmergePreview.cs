using System.Text.Json.Serialization;
using LeadLedger.EventStore;
using LeadLedger.Leads;
using NodaTime;

namespace LeadLedger.Merging;

/// <summary>What separating two leads would come to; nothing is changed by asking.</summary>
/// <param name="Survivor">The lead that stands for both now, as it will be.</param>
/// <param name="Other">The lead that had gone into it, as it will be.</param>
/// <param name="Inquiries">Where each inquiry goes that came since the merge, oldest first.</param>
/// <param name="Texts">Texts that are not finished and go on for the other lead.</param>
public sealed record UnmergePreview(
    UnmergedLead Survivor, UnmergedLead Other, IReadOnlyList<UnmergedInquiry> Inquiries, IReadOnlyList<UnmergedText> Texts)
{
    /// <summary>Whether a person has to pick whose an inquiry was.</summary>
    public bool NeedsPick => Inquiries.Any(inquiry => inquiry.GoesTo == InquiryPlace.Pick);

    public static UnmergePreview Of(Separation separation) => new(
        UnmergedLead.Of(separation.Survivor),
        UnmergedLead.Of(separation.Other),
        [.. separation.Inquiries.Select(place => new UnmergedInquiry(
            place.Inquiry.Id, place.Inquiry.Kind, place.Inquiry.Source, place.Inquiry.At, place.GoesTo, place.Why))],
        [.. separation.Other.Messages.Where(message => separation.Moved.Contains(message.Id) && message.State is "requested" or "ambiguous")
            .Select(message => new UnmergedText(message.Id, message.To, message.State))]);
}

/// <summary>One of the two leads, as it will be.</summary>
public sealed record UnmergedLead
{
    public required Guid Id { get; init; }

    public required string Status { get; init; }

    public string? Name { get; init; }

    public string? Owner { get; init; }

    public string? Queue { get; init; }

    public required IReadOnlyList<ContactRef> ContactPoints { get; init; }

    public required int InquiryCount { get; init; }

    /// <summary>The latest inquiries, newest first.</summary>
    public required IReadOnlyList<Inquiry> Inquiries { get; init; }

    /// <summary>The task it will have open; null for none.</summary>
    public CallbackTask? Task { get; init; }

    public required bool OptedOut { get; init; }

    public static UnmergedLead Of(Lead lead) => new()
    {
        Id = lead.Id,
        Status = lead.Status,
        Name = lead.Name,
        Owner = lead.Owner,
        Queue = lead.Queue,
        ContactPoints = lead.ContactPoints,
        InquiryCount = lead.InquiryCount,
        Inquiries = lead.Inquiries,
        Task = lead.HasOpenTask ? lead.Task : null,
        OptedOut = lead.OptedOut,
    };
}

/// <summary>Where one inquiry goes.</summary>
/// <param name="Id">The inquiry.</param>
/// <param name="Kind">missed_call, form or sms.</param>
/// <param name="Source">Such as <c>missed call</c>.</param>
/// <param name="At">When it came.</param>
/// <param name="GoesTo">survivor, other or pick; a pick stays with the survivor until a person has decided.</param>
/// <param name="Why">A sentence.</param>
public sealed record UnmergedInquiry(Guid Id, string Kind, string Source, Instant At, string GoesTo, string Why);

/// <summary>A text that goes on for the other lead.</summary>
/// <param name="Message">The text.</param>
/// <param name="To">E.164.</param>
/// <param name="State">requested or ambiguous.</param>
public sealed record UnmergedText(Guid Message, string To, string State);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(InstantJsonConverter)])]
[JsonSerializable(typeof(UnmergePreview))]
internal sealed partial class UnmergeJson : JsonSerializerContext;
