using System.Text.Json;

namespace LeadLedger.EventStore.Verification;

/// <summary>Whether two documents are the same, byte for byte, in canonical form.</summary>
internal static class SameJson
{
    public static bool Are(ReadOnlySpan<byte> stored, ReadOnlySpan<byte> expected)
    {
        try
        {
            return CanonicalJson.Of(stored).AsSpan().SequenceEqual(CanonicalJson.Of(expected));
        }
        catch (Exception exception) when (exception is FormatException or JsonException)
        {
            // Only the stored one can hold what our own writer never writes.
            return false;
        }
    }
}
