using System.Buffers.Binary;
using System.Security.Cryptography;

namespace LeadLedger.Intake.Spool;

/// <summary>
/// Seals spool records with AES-256-GCM, so that names, numbers and messages do not lie on the disk in plain text. The key is a file that only
/// the service's user can read; keeping it on another disk or in a secret store's mount keeps it out of copies of the data folder.
/// </summary>
public sealed class SpoolKey
{
    private const int KeyBytes = 32;
    private const int TagBytes = 16;
    private const int NonceBytes = 12;

    private readonly byte[] _key;

    public SpoolKey(byte[] key)
    {
        if (key.Length != KeyBytes)
        {
            throw new ArgumentException("a key of the spool has 32 bytes", nameof(key));
        }

        _key = key;
        Id = BinaryPrimitives.ReadUInt32LittleEndian(SHA256.HashData([.. "leadledger spool key"u8, .. key]));
    }

    /// <summary>Tells keys apart without telling anything about them.</summary>
    public uint Id { get; }

    /// <summary>Reads the key, or makes one where there is none.</summary>
    /// <exception cref="InvalidDataException">The file holds something else.</exception>
    public static SpoolKey Load(string path)
    {
        if (!File.Exists(path))
        {
            Create(path);
        }

        var key = File.ReadAllBytes(path);
        return key.Length == KeyBytes
            ? new SpoolKey(key)
            : throw new InvalidDataException($"The key file of the spool, {path}, must hold {KeyBytes} bytes; it has {key.Length}. Put the right file back.");
    }

    /// <summary>A whole record: header, sealed text, checksums.</summary>
    public byte[] Seal(ulong sequence, ReadOnlySpan<byte> text)
    {
        var record = new byte[SpoolFormat.HeaderBytes + text.Length + TagBytes];
        SpoolFormat.WriteHeader(record, text.Length + TagBytes, sequence, Id, RandomNumberGenerator.GetBytes(NonceBytes));
        using var cipher = new AesGcm(_key, TagBytes);
        cipher.Encrypt(
            SpoolFormat.NonceOf(record), text, record.AsSpan(SpoolFormat.HeaderBytes, text.Length), record.AsSpan(record.Length - TagBytes),
            record.AsSpan(0, SpoolFormat.SealedHeaderBytes));
        SpoolFormat.Complete(record);
        return record;
    }

    /// <summary>The text of a record; null when it was sealed with another key or changed by hand.</summary>
    public byte[]? Open(ReadOnlySpan<byte> record)
    {
        if (SpoolFormat.KeyOf(record) != Id || record.Length < SpoolFormat.HeaderBytes + TagBytes)
        {
            return null;
        }

        var text = new byte[record.Length - SpoolFormat.HeaderBytes - TagBytes];
        using var cipher = new AesGcm(_key, TagBytes);
        try
        {
            cipher.Decrypt(
                SpoolFormat.NonceOf(record), record[SpoolFormat.HeaderBytes..^TagBytes], record[^TagBytes..], text,
                record[..SpoolFormat.SealedHeaderBytes]);
            return text;
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }

    // Complete under its name or not there at all: a key that is half written would make every later record unreadable.
    private static void Create(string path)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        Directory.CreateDirectory(folder);
        var half = path + ".new";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var file = new FileStream(half, options))
        {
            file.Write(RandomNumberGenerator.GetBytes(KeyBytes));
            file.Flush(flushToDisk: true);
        }

        File.Move(half, path, overwrite: false);
        FolderSync.Flush(folder);
    }
}
