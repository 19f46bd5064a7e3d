using System.Text.Json;

namespace LeadLedger.Faults.Checking;

/// <summary>A lead folded a second time, naively, as far as it matters to the people: who, how often, what was sent, what is to be done.</summary>
public sealed class PlainLead
{
    private static readonly string[] Order = ["requested", "ambiguous", "unconfirmed", "accepted", "sent", "delivered", "failed", "withheld"];

    public string? Phone { get; private set; }

    public int Inquiries { get; private set; }

    public bool OptedOut { get; private set; }

    public string? MergedInto { get; private set; }

    public string? OpenTask { get; private set; }

    public int TasksOpened { get; private set; }

    /// <summary>Tasks of the callback kind that stand open at the same time, at most.</summary>
    public int MostOpenTasks { get; private set; }

    public Dictionary<string, string> Messages { get; } = [];

    public HashSet<string> Unconfirmed { get; } = [];

    public int Notes { get; private set; }

    public void Apply(StoredFact fact)
    {
        var data = fact.Data;
        switch (fact.Type)
        {
            case "call_missed":
                Inquiries++;
                Phone ??= Text(data, "caller");
                break;
            case "form_submitted":
                Inquiries++;
                Phone ??= Text(data, "phone");
                break;
            case "sms_received":
                Inquiries++;
                Phone ??= Text(data, "from");
                break;
            case "opted_out":
                OptedOut = true;
                break;
            case "opted_in":
                OptedOut = false;
                break;
            case "lead_merged_into":
                MergedInto = Text(data, "survivor");
                break;
            case "task_opened":
                TasksOpened++;
                MostOpenTasks = Math.Max(MostOpenTasks, OpenTask is null ? 1 : 2);
                OpenTask = Text(data, "task");
                break;
            case "task_completed" or "task_cancelled":
                OpenTask = null;
                break;
            case "task_refreshed" or "note_added":
                Notes++;
                break;
            case "sms_requested":
                Messages[Text(data, "message")!] = "requested";
                break;
            case "sms_accepted":
                Reach(data, "accepted");
                break;
            case "sms_sent":
                Reach(data, "sent");
                break;
            case "sms_delivered":
                Reach(data, "delivered");
                break;
            case "sms_failed":
                Reach(data, "failed");
                break;
            case "sms_withheld":
                Reach(data, "withheld");
                break;
            case "sms_outcome_unknown":
                Reach(data, "ambiguous");
                break;
            case "sms_unconfirmed":
                Unconfirmed.Add(Text(data, "message")!);
                Reach(data, "unconfirmed");
                break;
            default:
                break;
        }
    }

    /// <summary>How the stored view differs from the fold; null when it does not.</summary>
    public string? Difference(JsonElement view)
    {
        if (Text(view, "phone") is { } phone && phone != Phone)
        {
            return $"phone {phone}, folded {Phone}";
        }

        if (view.GetProperty("inquiryCount").GetInt32() != Inquiries)
        {
            return $"{view.GetProperty("inquiryCount").GetInt32()} inquiries, folded {Inquiries}";
        }

        if (view.GetProperty("optedOut").GetBoolean() != OptedOut)
        {
            return $"optedOut is not {OptedOut}";
        }

        var task = view.TryGetProperty("task", out var open) && open.ValueKind == JsonValueKind.Object && Text(open, "closedAt") is null
            ? Text(open, "id") : null;
        if (task != OpenTask)
        {
            return $"open task {task ?? "none"}, folded {OpenTask ?? "none"}";
        }

        foreach (var message in view.GetProperty("messages").EnumerateArray())
        {
            var id = Text(message, "id")!;
            if (Messages.GetValueOrDefault(id) != Text(message, "state"))
            {
                return $"message {id} is {Text(message, "state")}, folded {Messages.GetValueOrDefault(id)}";
            }
        }

        return null;
    }

    internal static string? Text(JsonElement data, string name) =>
        data.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    // Reports come in any order; a state that was passed is never returned to.
    private void Reach(JsonElement data, string state)
    {
        var id = Text(data, "message")!;
        if (state == "withheld" || Array.IndexOf(Order, state) > Math.Min(Array.IndexOf(Order, Messages.GetValueOrDefault(id, "requested")), 4))
        {
            Messages[id] = Messages.GetValueOrDefault(id) is "delivered" or "failed" or "withheld" && state != "withheld" ? Messages[id] : state;
        }
    }
}
