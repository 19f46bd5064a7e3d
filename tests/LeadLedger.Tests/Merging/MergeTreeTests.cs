using System.Globalization;
using System.Net;
using FsCheck;
using FsCheck.Fluent;
using LeadLedger.Contacting;
using LeadLedger.Leads;
using LeadLedger.Tests.Support;
using NodaTime;

namespace LeadLedger.Tests.Merging;

/// <summary>
/// Random merges and separations, with calls, texts and opt-outs in between, against the same story told from scratch without the merges
/// that were undone.
/// </summary>
public sealed class MergeTreeTests(TestPostgres postgres)
{
    private const int People = 6;
    private const int Cases = 12;
    private static int _numbers;

    [Fact]
    [Trait("Requirement", "BF-02")]
    public async Task Random_trees_of_merges_and_separations_equal_a_computation_from_scratch()
    {
        await using var app = await TestApp.StartAsync(postgres);
        var stories = Gen.Choose(0, 1_000_000).ListOf(30).Sample(Cases, new Rnd(20261121), Cases);
        foreach (var story in stories)
        {
            await CheckAsync(app, Plan([.. story]));
        }

        await UnmergeLeadsTests.SoundAsync(app);
    }

    [Fact]
    [Trait("Requirement", "BF-02")]
    public async Task A_chain_five_deep_is_taken_apart_from_the_outside_in()
    {
        await using var app = await TestApp.StartAsync(postgres);
        var steps = new List<Step>();
        for (var i = 0; i < 5; i++)
        {
            steps.Add(new Step(Act.Merge, i + 1, i) { Undone = true });
            steps.Add(new Step(Act.Call, i / 2));
        }

        steps.Add(new Step(Act.Stop, 1));
        for (var i = 4; i >= 0; i--)
        {
            steps.Add(new Step(Act.Unmerge, i + 1, i));
            steps.Add(new Step(Act.Call, i));
        }

        await CheckAsync(app, steps);
        Assert.All(await app.LeadsAsync(), lead => Assert.True(lead.MergedInto is null && lead.Absorbed.IsEmpty));
        await UnmergeLeadsTests.SoundAsync(app);
    }

    private enum Act
    {
        Call,
        Form,
        Stop,
        Start,
        Merge,
        Unmerge,
    }

    private sealed record Step(Act Act, int Who, int Other = 0)
    {
        /// <summary>A merge that a later step takes back.</summary>
        public bool Undone { get; init; }
    }

    // Turns random numbers into steps that are possible, with a model of who stands for whom.
    private static List<Step> Plan(IReadOnlyList<int> numbers)
    {
        var into = new int?[People];
        var merged = new List<(int Survivor, int Other, int Step)>();
        var steps = new List<Step>();
        foreach (var number in numbers)
        {
            var standing = Enumerable.Range(0, People).Where(i => into[i] is null).ToArray();
            var person = number / 10 % People;
            switch (number % 10)
            {
                case 0 or 1 or 2 or 3 when standing.Length > 1:
                    var survivor = standing[number / 10 % standing.Length];
                    var others = standing.Where(i => i != survivor).ToArray();
                    var other = others[number / 1000 % others.Length];
                    into[other] = survivor;
                    merged.Add((survivor, other, steps.Count));
                    steps.Add(new Step(Act.Merge, survivor, other));
                    break;
                case 4 or 5 or 6 when merged.Any(m => into[m.Survivor] is null):
                    var possible = merged.Where(m => into[m.Survivor] is null).ToArray();
                    var undo = possible[number / 10 % possible.Length];
                    merged.Remove(undo);
                    into[undo.Other] = null;
                    steps[undo.Step] = steps[undo.Step] with { Undone = true };
                    steps.Add(new Step(Act.Unmerge, undo.Survivor, undo.Other));
                    break;
                case 7:
                    steps.Add(new Step(number % 100 < 50 ? Act.Stop : Act.Start, person));
                    break;
                case 8:
                    steps.Add(new Step(Act.Form, person));
                    break;
                default:
                    steps.Add(new Step(Act.Call, person));
                    break;
            }
        }

        return steps;
    }

    private static async Task CheckAsync(TestApp app, IReadOnlyList<Step> steps)
    {
        var told = await CastAsync(app);
        var scratch = await CastAsync(app);
        foreach (var step in steps)
        {
            app.Clock.Set(app.Clock.Now + Duration.FromMinutes(1));
            await PlayAsync(app, told, step);
            if (step is not { Act: Act.Unmerge } and not { Act: Act.Merge, Undone: true })
            {
                await PlayAsync(app, scratch, step);
            }
        }

        var story = string.Join(' ', steps.Select(step => $"{step.Act}({step.Who}{(step.Act is Act.Merge or Act.Unmerge ? $",{step.Other}" : "")})"));
        for (var i = 0; i < People; i++)
        {
            var (is_, should) = (await PictureAsync(app, told, i), await PictureAsync(app, scratch, i));
            Assert.True(is_ == should, $"{story}\nperson {i}\n is     {is_}\n should {should}");
        }
    }

    // Persons 4 and 5 share a number: nobody calls on it, but its leads have an order.
    private static async Task<Cast> CastAsync(TestApp app)
    {
        var phones = new string[People];
        var leads = new Guid[People];
        for (var i = 0; i < People; i++)
        {
            phones[i] = i == 5 ? phones[4] : "+1214556" + Interlocked.Increment(ref _numbers).ToString("0000", CultureInfo.InvariantCulture);
            var before = (await app.LeadsAsync()).Select(lead => lead.Id).ToHashSet();
            if (i is 0)
            {
                await app.Twilio.MissedCallAsync(new TestCall(phones[i]));
            }
            else
            {
                await app.Forms.WebsiteAsync(NameOf(i, phones[i]), phones[i], MailOf(i, phones[i]), $"message {i}");
            }

            leads[i] = (await app.LeadsAsync()).Single(lead => !before.Contains(lead.Id)).Id;
        }

        return new Cast(phones, leads);
    }

    private static string NameOf(int person, string phone) => $"{"Abcdef"[person]}xel {phone[^4..]}";

    private static string MailOf(int person, string phone) => $"p{person}.{phone[^4..]}@example.com";

    private static async Task PlayAsync(TestApp app, Cast cast, Step step)
    {
        var phone = cast.Phones[step.Who];
        switch (step.Act)
        {
            case Act.Call when step.Who < 4:
                await app.Twilio.MissedCallAsync(new TestCall(phone));
                break;
            case Act.Form when step.Who is > 0 and < 4:
                await app.Forms.WebsiteAsync(NameOf(step.Who, phone), phone, MailOf(step.Who, phone), "again");
                break;
            case Act.Stop when step.Who < 4:
                await app.Twilio.SmsAsync(phone, "STOP", optOutType: "STOP");
                break;
            case Act.Start when step.Who < 4:
                await app.Twilio.SmsAsync(phone, "START", optOutType: "START");
                break;
            case Act.Merge:
                await UnmergeLeadsTests.MergeAsync(app, cast.Leads[step.Who], cast.Leads[step.Other]);
                break;
            case Act.Unmerge:
                var reply = await UnmergeLeadsTests.UnmergeAsync(app, cast.Leads[step.Who], cast.Leads[step.Other]);
                Assert.True(reply.Status == HttpStatusCode.OK, reply.Body);
                break;
            default:
                break;
        }
    }

    // Everything of a lead that the merges decide, with persons instead of ids.
    private static async Task<string> PictureAsync(TestApp app, Cast cast, int person)
    {
        var lead = await app.LeadAsync(cast.Leads[person]);
        string Who(Guid id) => Array.IndexOf(cast.Leads, id).ToString(CultureInfo.InvariantCulture);
        string Plain(string? text) => cast.Phones.Select((phone, i) => (phone, i))
            .Aggregate(text ?? "-", (known, each) => known.Replace(each.phone, $"#{each.i}", StringComparison.Ordinal).Replace(each.phone[^4..], $"#{each.i}", StringComparison.Ordinal));
        var lines = new List<string>
        {
            $"into {(lead.MergedInto is { } into ? Who(into) : "-")}",
            $"absorbed {string.Join(',', lead.Absorbed.Select(Who))}",
        };
        if (lead.MergedInto is null)
        {
            lines.AddRange(
            [
                $"name {Plain(lead.Name)}", $"phone {Plain(lead.Phone)}", $"email {Plain(lead.Email)}", $"kind {lead.Kind}", $"status {lead.Status}",
                $"points {string.Join(',', lead.ContactPoints.Select(point => Plain(point.Value)).Order(StringComparer.Ordinal))}",
                $"inquiries {lead.InquiryCount} {string.Join(',', lead.Inquiries.Select(i => $"{i.Kind}@{i.At}"))}",
                $"sources {string.Join(',', lead.Sources)}", $"opened {lead.OpenedAt}", $"last {lead.LastInquiryAt}", $"source {lead.Source}",
                $"message {lead.Message}", $"first {lead.FirstTouch}", $"owner {lead.Owner} {lead.Queue}", $"optedOut {lead.OptedOut}",
                $"task {lead.HasOpenTask} {lead.Task?.Kind} {lead.Task?.InquiryCount} {lead.Task?.Owner}",
            ]);
        }

        foreach (var point in lead.ContactPoints)
        {
            var (state, streams) = await PointAsync(app, point);
            lines.Add($"{Plain(point.Value)}: {string.Join(',', streams.Select(Who))} suppressed {state.SuppressedSince}");
        }

        return string.Join("; ", lines);
    }

    private static async Task<(ContactPoint State, Guid[] Streams)> PointAsync(TestApp app, ContactRef point)
    {
        await using var command = app.Database.CreateCommand("select data::text, streams from contact_point where kind = $1 and value = $2");
        command.Parameters.Add(new Npgsql.NpgsqlParameter<string> { TypedValue = point.Kind });
        command.Parameters.Add(new Npgsql.NpgsqlParameter<string> { TypedValue = point.Value });
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        Assert.True(await reader.ReadAsync(TestContext.Current.CancellationToken));
        return (System.Text.Json.JsonSerializer.Deserialize(reader.GetString(0), LedgerJsonContext.Default.ContactPoint)!, reader.GetFieldValue<Guid[]>(1));
    }

    private sealed record Cast(string[] Phones, Guid[] Leads);
}
