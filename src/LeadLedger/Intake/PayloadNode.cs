using System.Text;

namespace LeadLedger.Intake;

/// <summary>
/// One value of a payload. Scalars are text (numbers exactly as written, so 1e400 and 40-digit ids survive);
/// null stands for JSON null.
/// </summary>
internal sealed class PayloadNode
{
    /// <summary>Characters at which joining a list or object stops; every reader cuts far shorter.</summary>
    private const int MaxJoined = 100_000;

    private PayloadNode(
        string? scalar,
        IReadOnlyList<PayloadNode>? items,
        OrderedDictionary<string, PayloadNode>? members)
    {
        Scalar = scalar;
        Items = items;
        Members = members;
    }

    public static PayloadNode Null { get; } = new(null, null, null);

    public string? Scalar { get; }

    public IReadOnlyList<PayloadNode>? Items { get; }

    public OrderedDictionary<string, PayloadNode>? Members { get; }

    public static PayloadNode Of(string scalar) => new(scalar, null, null);

    public static PayloadNode Of(IReadOnlyList<PayloadNode> items) => new(null, items, null);

    public static PayloadNode Of(OrderedDictionary<string, PayloadNode> members) => new(null, null, members);

    /// <summary>
    /// The value as text: a list joined by commas, an object's values joined by spaces (a composite name or phone);
    /// null where there is no text at all.
    /// </summary>
    public string? Text()
    {
        if (Scalar is not null || (Items is null && Members is null))
        {
            return Scalar;
        }

        var text = new StringBuilder();
        Append(text);
        return text.Length > 0 ? text.ToString() : null;
    }

    public PayloadNode? Member(string name) =>
        Members is not null && Members.TryGetValue(name, out var member) ? member : null;

    private void Append(StringBuilder text)
    {
        if (Scalar is not null)
        {
            text.Append(Scalar);
            return;
        }

        var separator = Items is not null ? ", " : " ";
        var start = text.Length;
        foreach (var child in Items ?? Members?.Values ?? (IEnumerable<PayloadNode>)[])
        {
            if (text.Length > MaxJoined)
            {
                return;
            }

            var before = text.Length;
            child.Append(text);
            if (text.Length > before && before > start)
            {
                text.Insert(before, separator);
            }
        }
    }
}
