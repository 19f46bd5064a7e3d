using System.Text.Json;
using System.Text.Json.Serialization;

namespace LeadLedger.Backup;

/// <summary>What one base backup is, kept beside it as <c>backup.json</c>. It is written last, so a folder without it is no backup.</summary>
public sealed record BackupRecord
{
    public const string FileName = "backup.json";

    /// <summary>private: the server in a data folder, which <c>restore</c> can lay out; external: a server of the operator's own.</summary>
    public required string Server { get; init; }

    public required string SystemIdentifier { get; init; }

    public required int Timeline { get; init; }

    /// <summary>Such as 15.18.</summary>
    public required string PostgresVersion { get; init; }

    public required int PostgresMajor { get; init; }

    /// <summary>Bytes of one file of the log.</summary>
    public required int WalSegmentBytes { get; init; }

    /// <summary>Where recovery begins, as PostgreSQL writes positions.</summary>
    public required string StartPosition { get; init; }

    /// <summary>The backup is whole from here on.</summary>
    public required string EndPosition { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>The earliest instant it can be restored to.</summary>
    public required DateTimeOffset FinishedAt { get; init; }

    public required long Bytes { get; init; }

    /// <summary>Files beside the database, with their SHA-256.</summary>
    public required IReadOnlyDictionary<string, string> Files { get; init; }

    [JsonIgnore]
    public bool IsPrivate => Server == "private";

    public static BackupRecord Read(string folder) =>
        JsonSerializer.Deserialize(File.ReadAllBytes(Path.Combine(folder, FileName)), BackupJson.Default.BackupRecord)!;

    public void Write(string folder) =>
        File.WriteAllBytes(Path.Combine(folder, FileName), JsonSerializer.SerializeToUtf8Bytes(this, BackupJson.Default.BackupRecord));
}

/// <summary>Says whose backups a folder holds.</summary>
/// <param name="SystemIdentifier">PostgreSQL's name for the cluster.</param>
/// <param name="Timeline">Of the log that is being followed; null before the first one.</param>
/// <param name="About">For a person who opens the file.</param>
public sealed record BackupMark(string SystemIdentifier, int? Timeline, string About);

/// <summary>The files a backup is described by.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(BackupRecord))]
[JsonSerializable(typeof(BackupMark))]
internal sealed partial class BackupJson : JsonSerializerContext;
