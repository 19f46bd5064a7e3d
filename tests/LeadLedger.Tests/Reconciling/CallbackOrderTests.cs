using System.Text.Json;
using LeadLedger.Intake;
using LeadLedger.Leads;
using LeadLedger.Tests.Support;

namespace LeadLedger.Tests.Reconciling;

/// <summary>What becomes of a text does not depend on the order in which its callbacks arrive, nor on how often they do.</summary>
public sealed class CallbackOrderTests(TestPostgres postgres)
{
    private static readonly string[][] Sets =
    [
        ["queued", "sending", "sent", "delivered"],
        ["queued", "sent", "undelivered"],
        ["sent", "delivered", "undelivered", "failed"],
        ["accepted", "queued", "sending", "sent", "delivered", "read"],
        ["queued", "sending", "sent", "delivered", "undelivered", "read"],
    ];

    [Fact]
    [Trait("Requirement", "BF-16")]
    public void States_form_a_lattice_every_order_of_every_set_of_six_ends_in_one()
    {
        string[] all = ["accepted", "scheduled", "queued", "sending", "sent", "delivered", "partially_delivered", "read", "undelivered", "failed", "canceled", "nonsense"];
        var orders = 0;
        foreach (var set in Subsets(all, 6))
        {
            var ends = new HashSet<int>();
            foreach (var order in Orders(set))
            {
                string? known = null;
                foreach (var status in order)
                {
                    known = MessageStatuses.Replaces(known, status) ? status : known;
                }

                orders++;
                ends.Add(MessageStatuses.Rank(known));
            }

            Assert.Single(ends);
        }

        Assert.True(orders > 600_000);
    }

    [Theory]
    [Trait("Requirement", "BF-16")]
    [InlineData(TwilioMode.Ok)]
    [InlineData(TwilioMode.AcceptedAnswerLost)]
    public async Task Callbacks_in_every_order_and_twice_leave_the_same_lead(TwilioMode mode)
    {
        await using var app = await TestApp.StartAsync(postgres);
        var tried = 0;
        foreach (var set in Sets)
        {
            var ends = new HashSet<string>(StringComparer.Ordinal);

            // All orders of the short sets; of the long ones a fixed sample, each with callbacks repeated.
            foreach (var order in Sample(Orders(set), set.Length <= 4 ? int.MaxValue : 24))
            {
                var customer = People.Next();
                app.Texts.OnlyTo = customer;
                app.Texts.Next(mode);
                await app.Twilio.MissedCallAsync(new TestCall(customer));
                await app.RunDueAsync();
                var text = Assert.Single(app.Texts.To(customer));
                foreach (var status in Doubled(order, tried++))
                {
                    Assert.True((await app.Twilio.SmsStatusAsync(text, status, MessageStatuses.IsFailure(status) ? 30003 : null)).IsSuccess);
                }

                ends.Add(await EndAsync(app, customer));
            }

            Assert.Single(ends);
        }

        Assert.True(tried >= 100);
    }

    [Fact]
    [Trait("Requirement", "BF-16")]
    public async Task Callbacks_at_the_same_moment_leave_the_same_lead()
    {
        await using var app = await TestApp.StartAsync(postgres);
        var ends = new HashSet<string>(StringComparer.Ordinal);
        for (var round = 0; round < 10; round++)
        {
            var customer = People.Next();
            app.Texts.OnlyTo = customer;
            app.Texts.Next(TwilioMode.AcceptedAnswerLost);
            await app.Twilio.MissedCallAsync(new TestCall(customer));
            await app.RunDueAsync();
            var text = Assert.Single(app.Texts.To(customer));
            string[] all = ["queued", "sending", "sent", "delivered", "undelivered", "sent", "delivered"];
            Assert.All(
                await Task.WhenAll(all.Select(status => app.Twilio.SmsStatusAsync(text, status, status == "undelivered" ? 30003 : null))),
                reply => Assert.True(reply.IsSuccess));
            ends.Add(await EndAsync(app, customer));
        }

        Assert.Single(ends);
    }

    // Everything that people and decisions see of the text, without what differs from text to text by name.
    private static async Task<string> EndAsync(TestApp app, string customer)
    {
        var lead = await app.LeadOfAsync(customer);
        var message = lead.Messages[0];
        await using var gate = app.Database.CreateCommand(
            "select data::text from contact_point where value = $1");
        gate.Parameters.Add(new Npgsql.NpgsqlParameter { Value = customer });
        var point = JsonSerializer.Deserialize((string)(await gate.ExecuteScalarAsync())!, LedgerJsonContext.Default.ContactPoint)!;
        await using var row = app.Database.CreateCommand(
            "select state || ' ' || (provider_id is not null)::text from outbox where kind = 'send_sms' and stream_id = $1");
        row.Parameters.Add(new Npgsql.NpgsqlParameter { Value = lead.Id });
        return string.Join(" | ", message.State, message.Code, lead.AcknowledgedAt is not null, lead.Task?.Note,
            point.LastAcknowledgedAt is not null, point.NotTextable, await row.ExecuteScalarAsync());
    }

    private static IEnumerable<string> Doubled(string[] order, int seed)
    {
        for (var at = 0; at < order.Length; at++)
        {
            yield return order[at];
            if ((seed + at) % 2 == 0)
            {
                yield return order[(at * 7 + seed) % (at + 1)];
            }
        }
    }

    private static IEnumerable<string[]> Sample(IEnumerable<string[]> orders, int most)
    {
        var all = orders.ToArray();
        return all.Length <= most ? all : Enumerable.Range(0, most).Select(index => all[index * (all.Length / most)]);
    }

    private static IEnumerable<string[]> Subsets(string[] all, int size)
    {
        for (var bits = 0; bits < 1 << all.Length; bits++)
        {
            if (System.Numerics.BitOperations.PopCount((uint)bits) == size)
            {
                yield return [.. all.Where((_, index) => (bits >> index & 1) == 1)];
            }
        }
    }

    private static IEnumerable<string[]> Orders(string[] set)
    {
        if (set.Length <= 1)
        {
            yield return set;
            yield break;
        }

        for (var first = 0; first < set.Length; first++)
        {
            foreach (var rest in Orders([.. set.Where((_, index) => index != first)]))
            {
                yield return [set[first], .. rest];
            }
        }
    }
}
