using System.Security.Cryptography;
using NodaTime;

namespace LeadLedger.Sending;

/// <summary>
/// When a failed attempt is made again: 30 s, 2 min, 10 min (RTY-01), each up to a tenth sooner or later, so that rows which failed together
/// do not come back together. The shift follows from the row and the attempt alone: it is the same in every process and every replay.
/// </summary>
public static class RetryLadder
{
    private const double Jitter = 0.1;

    /// <summary>The rungs without their shift.</summary>
    public static IReadOnlyList<Duration> Rungs { get; } = [Duration.FromSeconds(30), Duration.FromMinutes(2), Duration.FromMinutes(10)];

    /// <summary>How long after a failed attempt the next one is; null when the ladder has ended.</summary>
    /// <param name="row">The work item.</param>
    /// <param name="attempts">Attempts made so far, at least 1.</param>
    public static Duration? After(Guid row, int attempts)
    {
        if (attempts < 1 || attempts > Rungs.Count)
        {
            return null;
        }

        Span<byte> seed = stackalloc byte[17];
        row.TryWriteBytes(seed, bigEndian: true, out _);
        seed[16] = (byte)attempts;
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(seed, digest);
        var unit = (BitConverter.ToUInt16(digest) / (double)ushort.MaxValue * 2) - 1;
        return Duration.FromMilliseconds((long)(Rungs[attempts - 1].TotalMilliseconds * (1 + (Jitter * unit))));
    }
}
