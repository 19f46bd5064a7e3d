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

    /// <summary>Adds the lines from a place of a log on; a line that is being written is left for the next time.</summary>
    /// <returns>Where the next time begins.</returns>
    public static long ReadFrom(string path, long place, List<TwinRecord> records)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        file.Position = place;
        var bytes = new byte[file.Length - place];
        file.ReadExactly(bytes);
        var whole = bytes.AsSpan(0, bytes.AsSpan().LastIndexOf((byte)'\n') + 1);
        foreach (var line in whole.Split((byte)'\n'))
        {
            if (whole[line] is { Length: > 0 } text)
            {
                records.Add(JsonSerializer.Deserialize(text, TwinJson.Default.TwinRecord)!);
            }
        }

        return place + whole.Length;
    }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(TwinRecord))]
[JsonSerializable(typeof(TwinPlan))]
internal sealed partial class TwinJson : JsonSerializerContext;
