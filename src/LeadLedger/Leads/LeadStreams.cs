using System.Security.Cryptography;
using System.Text;
using LeadLedger.Calls;
using LeadLedger.Contacting;
using LeadLedger.EventStore;
using LeadLedger.Pausing;

namespace LeadLedger.Leads;

/// <summary>What the event store is told of our streams and gate rows.</summary>
public static class LeadStreams
{
    public static StreamType<Lead> Lead { get; } = new(Leads.Lead.Empty, Leads.Lead.Apply, LedgerJsonContext.Default.Lead)
    {
        Name = "lead",
        Table = "mt_doc_leadview",
    };

    public static StreamType<CallRecord> Call { get; } = new(CallRecord.Empty, CallRecord.Apply, LedgerJsonContext.Default.CallRecord)
    {
        Name = "call",
        Table = "mt_doc_callrecord",
    };

    public static LedgerModel Model { get; } = new(
        EventNames.All,
        [Lead, Call, OperationsStream.Type],
        new GateType<ContactPoint>(ContactPoint.Empty, ContactPoints.Apply, LedgerJsonContext.Default.ContactPoint)
        {
            KeysOf = ContactPoints.KeysOf,
        });

    /// <summary>The stream of a call: derived from the provider's id, so that callbacks in any order find the same one.</summary>
    public static StreamKey CallOf(string business, string provider, string callSid)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes($"call\n{business}\n{provider}\n{callSid}"), digest);

        // A UUID of version 8: its content is ours to define (RFC 9562).
        digest[6] = (byte)((digest[6] & 0x0f) | 0x80);
        digest[8] = (byte)((digest[8] & 0x3f) | 0x80);
        return new StreamKey(business, new Guid(digest[..16], bigEndian: true));
    }
}
