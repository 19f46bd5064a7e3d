using System.Globalization;
using System.Text;

namespace LeadLedger.EventStore.Verification;

/// <summary>One row that is not what the events say it must be.</summary>
/// <param name="Table">The table it was found in, such as <c>mt_events</c>.</param>
/// <param name="Tenant">The business.</param>
/// <param name="Stream">The stream, where the row belongs to one.</param>
/// <param name="Version">The event's place in the stream, where it is one event.</param>
/// <param name="What">What is wrong, in words.</param>
public sealed record LedgerProblem(string Table, string Tenant, Guid? Stream, long? Version, string What)
{
    public override string ToString()
    {
        var text = new StringBuilder(Table);
        text.Append(CultureInfo.InvariantCulture, $", business {Tenant}");
        if (Stream is { } stream)
        {
            text.Append(CultureInfo.InvariantCulture, $", stream {stream}");
        }

        if (Version is { } version)
        {
            text.Append(CultureInfo.InvariantCulture, $", version {version}");
        }

        return text.Append(": ").Append(What).ToString();
    }
}
