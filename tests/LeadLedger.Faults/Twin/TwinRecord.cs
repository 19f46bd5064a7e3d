using System.Text.Json;
using System.Text.Json.Serialization;

namespace LeadLedger.Faults.Twin;

/// <summary>One line of the stand-in's log: what it received, took, answered or reported, on the disk before it was acted upon.</summary>
public sealed record TwinRecord
{
    /// <summary>
    /// received: a request to send a text was read. accepted: it was taken, the text counts as sent. callback: a status was reported and taken.
    /// crm: a record was applied. mail and channel: an alert was taken. complaint: a request the real provider would refuse.
    /// </summary>
    public required string What { get; init; }

    /// <summary>Microseconds since 1970.</summary>
    public required long At { get; init; }

    /// <summary>The stand-in's number of the request.</summary>
    public long Request { get; init; }

    public string? Sid { get; init; }

    public string? To { get; init; }

    public string? From { get; init; }

    public string? Body { get; init; }

    public string? Callback { get; init; }

    /// <summary>Seconds.</summary>
    public int Validity { get; init; }

    /// <summary>The fault of this request, a name of <see cref="TwinMode"/>.</summary>
    public string? Mode { get; init; }

    /// <summary>A text's status, a mail's subject or a complaint's words.</summary>
    public string? Detail { get; init; }

    public long Version { get; init; }

    /// <summary>Names the attempt: the last part of the callback's address.</summary>
    [JsonIgnore]
    public string? Token => Callback?[(Callback.LastIndexOf('/') + 1)..];

    /// <summary>Reads a log; a line cut short by a kill does not occur, because the stand-in is never killed.</summary>
    public static IReadOnlyList<TwinRecord> ReadAll(string path)
    {
        using var file = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        var records = new List<TwinRecord>();
        while (file.ReadLine() is { } line)
        {
            records.Add(JsonSerializer.Deserialize(line, TwinJson.Default.TwinRecord)!);
        }

        return records;
    }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(TwinRecord))]
[JsonSerializable(typeof(TwinPlan))]
internal sealed partial class TwinJson : JsonSerializerContext;
