using System.Security.Cryptography;
using System.Text;
using LeadLedger.EventStore;
using LeadLedger.Leads;

namespace LeadLedger.Pausing;

/// <summary>The one stream of a business's operations, and what the event store is told of it.</summary>
public static class OperationsStream
{
    public static StreamType<Operations> Type { get; } = new(Operations.Empty, Operations.Apply, LedgerJsonContext.Default.Operations)
    {
        Name = "operations",
        Table = "mt_doc_operations",
        Holds = Operations.HoldsOf,
    };

    /// <summary>Derived from the business, so that every process finds the same one.</summary>
    public static StreamKey Of(string business)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes($"operations\n{business}"), digest);

        // A UUID of version 8: its content is ours to define (RFC 9562).
        digest[6] = (byte)((digest[6] & 0x0f) | 0x80);
        digest[8] = (byte)((digest[8] & 0x3f) | 0x80);
        return new StreamKey(business, new Guid(digest[..16], bigEndian: true));
    }
}
