using System.Globalization;
using LeadLedger.Faults.Webhooks;

namespace LeadLedger.Faults.Load;

/// <summary>A webhook and when it is sent, from the start of the run.</summary>
public sealed record Arrival(TimeSpan At, Webhook Webhook);

/// <summary>Which webhooks come when, drawn by seed: the same seed gives the same bytes at the same moments.</summary>
public sealed record Workload
{
    public required int Seed { get; init; }

    /// <summary>Webhooks in total, duplicates included.</summary>
    public required int Count { get; init; }

    /// <summary>Per second.</summary>
    public required double Rate { get; init; }

    public int People { get; init; } = Load.People.Most;

    public int DuplicatePercent { get; init; } = 10;

    /// <summary>Of a hundred people's turns, how many are an opt-out.</summary>
    public int StopPercent { get; init; } = 3;

    /// <summary>Of a hundred turns, how many are a call, a form and a text of one person at the same moment.</summary>
    public int BurstPercent { get; init; } = 10;

    /// <summary>Only calls that nobody answered, one webhook each; or only forms; null for everything.</summary>
    public string? Only { get; init; }

    /// <summary>People one after the other instead of drawn: everybody once before anybody twice.</summary>
    public bool InTurn { get; init; }

    public IEnumerable<Arrival> Arrivals()
    {
        var random = new Random(Seed);
        var queue = new PriorityQueue<Webhook, TimeSpan>();
        var clock = TimeSpan.Zero;
        var made = 0;
        var turn = 0;
        while (made < Count || queue.Count > 0)
        {
            var before = queue.Count;
            if (made < Count)
            {
                made += Turn(random, clock, turn++, Count - made, queue);
                clock += (queue.Count - before) / Rate * TimeSpan.FromSeconds(1);
            }

            while (queue.TryPeek(out var webhook, out var at) && (at <= clock || made >= Count))
            {
                queue.Dequeue();
                yield return new Arrival(at, webhook);
            }
        }
    }

    private int Turn(Random random, TimeSpan now, int turn, int room, PriorityQueue<Webhook, TimeSpan> queue)
    {
        var people = Math.Min(People, Load.People.Most);
        var person = Load.People.Of(InTurn ? turn % people : random.Next(people));
        var id = string.Create(CultureInfo.InvariantCulture, $"{Seed:x8}{turn:x24}");
        var roll = random.Next(100);
        var made = 0;
        if (Only is not null)
        {
            Add(now, Only == "form" ? Form() : SignedWebhooks.DialNoAnswer("CA" + id, person.Phone));
        }
        else if (roll < StopPercent)
        {
            Add(now, SignedWebhooks.Stop("SM" + id, person.Phone));
        }
        else if (roll < StopPercent + BurstPercent)
        {
            Add(now, Form());
            Add(now, SignedWebhooks.DialNoAnswer("CA" + id, person.Phone));
            Add(now, Text());
        }
        else if (roll < 65)
        {
            Add(now, SignedWebhooks.Voice("CA" + id, person.Phone));
            Add(now + TimeSpan.FromMilliseconds(random.Next(1, 400)), SignedWebhooks.DialNoAnswer("CA" + id, person.Phone));
            if (random.Next(3) == 0)
            {
                Add(now + TimeSpan.FromMilliseconds(random.Next(1, 600)), SignedWebhooks.CallCompleted("CA" + id, person.Phone));
            }
        }
        else if (roll < 85)
        {
            Add(now, Form());
        }
        else
        {
            Add(now, Text());
        }

        return made;

        Webhook Form() => SignedWebhooks.FormPost("form-" + id, person.Name, person.Phone, person.Email, "Shingles came down in the yard.");

        Webhook Text() => SignedWebhooks.Text("SM" + id, person.Phone, "Can somebody have a look this week?");

        void Add(TimeSpan at, Webhook webhook)
        {
            if (made < room)
            {
                queue.Enqueue(webhook, at);
                made++;
            }

            if (made < room && random.Next(100) < DuplicatePercent)
            {
                // Half of the repeats come at the same moment, half some seconds later.
                queue.Enqueue(webhook, random.Next(2) == 0 ? at : at + TimeSpan.FromMilliseconds(random.Next(3000)));
                made++;
            }
        }
    }
}
