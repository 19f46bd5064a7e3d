using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using LeadLedger.Calls;
using LeadLedger.EventStore;
using LeadLedger.Leads;
using LeadLedger.Pausing;
using LeadLedger.Tests.EventStore;
using LeadLedger.Tests.Messaging;

namespace LeadLedger.Tests.Completeness;

/// <summary>Nothing that belongs to a fact can be forgotten: its stored name, its place in the fold, its golden file, its row in the document.</summary>
public sealed partial class EventCompletenessTests
{
    // A new fact's golden file is written by a run with this set; one that exists is never written again.
    private const string WriteVariable = "LEADLEDGER_WRITE_GOLDEN";

    private static readonly Type[] LeadFacts = FactsOf(typeof(ILeadEvent));
    private static readonly Type[] CallFacts = FactsOf(typeof(ICallEvent));
    private static readonly Type[] OperationsFacts = FactsOf(typeof(IOperationsEvent));
    private static readonly Type[] AllFacts = [.. LeadFacts, .. CallFacts, .. OperationsFacts];
    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static TheoryData<string> Facts { get; } = [.. AllFacts.Select(type => type.Name).Order(StringComparer.Ordinal)];

    [Fact]
    public void There_are_facts_to_look_at() => Assert.True(LeadFacts.Length >= 39 && CallFacts.Length >= 7);

    [Theory]
    [MemberData(nameof(Facts))]
    public void Every_fact_is_sealed_and_stored_under_its_own_name_in_snake_case(string fact)
    {
        var type = TypeOf(fact);

        var stored = Assert.Single(EventNames.All.All, known => known.Json.Type == type);

        Assert.True(type.IsSealed);
        Assert.Equal(JsonNamingPolicy.SnakeCaseLower.ConvertName(type.Name), VersionSuffix().Replace(stored.Alias, ""));
    }

    [Fact]
    public void Every_stored_name_belongs_to_a_fact() =>
        Assert.Equal(
            AllFacts.Select(type => type.Name).Order(StringComparer.Ordinal),
            EventNames.All.All.Select(type => type.Json.Type.Name).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Facts))]
    public void Every_fact_has_its_place_in_the_fold_of_its_stream(string fact)
    {
        var type = TypeOf(fact);
        var stream = TestLedger.NewStream(1);
        var recorded = Recorded(stream, type, 1);

        if (type.IsAssignableTo(typeof(ILeadEvent)))
        {
            var open = LeadStreams.Lead.Fold([Recorded(stream, typeof(FormSubmitted), 1), Recorded(stream, typeof(TaskOpened), 2)]);
            var lead = Lead.Apply(open, recorded with { Version = 3 });
            Assert.Equal((3, recorded.Hash), (lead.Version, lead.Head));
        }
        else if (type.IsAssignableTo(typeof(IOperationsEvent)))
        {
            var operations = Operations.Apply(Operations.Empty, recorded);
            Assert.Equal((1, recorded.Hash), (operations.Version, operations.Head));
        }
        else
        {
            var call = CallRecord.Apply(CallRecord.Empty, recorded);
            Assert.Equal((1, recorded.Hash), (call.Version, call.Head));
        }
    }

    [Theory]
    [MemberData(nameof(Facts))]
    public void Every_fact_that_names_contact_points_changes_only_what_it_says(string fact)
    {
        var recorded = Recorded(TestLedger.NewStream(1), TypeOf(fact), 1);

        var keys = LeadStreams.Model.Gates.KeysOf(recorded);

        Assert.All(keys, key => Assert.Equal(TestLedger.Tenant, key.Tenant));
        Assert.Equal(keys.Distinct(), keys);
    }

    [Theory]
    [MemberData(nameof(Facts))]
    public void What_was_stored_once_is_read_the_same_for_ever(string fact)
    {
        var stored = EventNames.All.All.Single(known => known.Json.Type == TypeOf(fact));
        var path = RepositoryFiles.PathOf("tests", "LeadLedger.Tests", "Golden", $"{stored.Alias}.json");
        if (!File.Exists(path) && Environment.GetEnvironmentVariable(WriteVariable) is { Length: > 0 })
        {
            File.WriteAllText(path, Written(stored, SampleFacts.Of(stored.Json.Type)) + "\n");
        }

        Assert.True(File.Exists(path), $"{path} is missing; set {WriteVariable} for one run to write it");
        var golden = JsonNode.Parse(File.ReadAllText(path))!.AsObject();
        var read = EventNames.All.Read(stored.Alias, Encoding.UTF8.GetBytes(golden.ToJsonString()));
        var again = JsonSerializer.SerializeToNode(read, stored.Json)!.AsObject();

        // A field that is added later may be missing in the golden file; what is in it must come back unchanged.
        AssertContains(golden, again, stored.Alias);
        CanonicalJson.Of(golden.ToJsonString());
    }

    [Fact]
    public void Every_golden_file_belongs_to_a_stored_name() =>
        Assert.Equal(
            EventNames.All.All.Select(type => type.Alias).Order(StringComparer.Ordinal),
            Directory.GetFiles(RepositoryFiles.PathOf("tests", "LeadLedger.Tests", "Golden"), "*.json")
                .Select(path => Path.GetFileNameWithoutExtension(path)!).Order(StringComparer.Ordinal));

    [Fact]
    public void Every_event_and_every_field_stands_in_the_document()
    {
        var rows = File.ReadAllLines(RepositoryFiles.PathOf("docs", "events.md"))
            .Select(line => Row().Match(line))
            .Where(match => match.Success)
            .ToDictionary(match => match.Groups["alias"].Value, match => match.Groups["fields"].Value, StringComparer.Ordinal);

        Assert.Equal(
            EventNames.All.All.Select(type => type.Alias).Order(StringComparer.Ordinal), rows.Keys.Order(StringComparer.Ordinal));
        Assert.All(EventNames.All.All, type => Assert.Equal(
            SampleFacts.Of(type.Json.Type).Select(member => member.Key),
            Field().Matches(rows[type.Alias]).Select(match => match.Groups[1].Value)));
    }

    [Fact]
    public void A_fact_of_the_other_stream_is_refused_by_the_fold()
    {
        var stream = TestLedger.NewStream(1);

        Assert.ThrowsAny<InvalidCastException>(() => Lead.Apply(Lead.Empty, Recorded(stream, typeof(CallWaitEnded), 1)));
        Assert.ThrowsAny<InvalidCastException>(() => CallRecord.Apply(CallRecord.Empty, Recorded(stream, typeof(NoteAdded), 1)));
        Assert.ThrowsAny<InvalidCastException>(() => Operations.Apply(Operations.Empty, Recorded(stream, typeof(NoteAdded), 1)));
    }

    [Fact]
    public void Every_inquiry_has_a_summary_and_only_known_kinds_exist()
    {
        var inquiries = LeadFacts.Where(type => type.IsAssignableTo(typeof(IInquiry))).ToArray();

        var kinds = inquiries.Select(type => Inquiry.Of((IInquiry)Recorded(TestLedger.NewStream(1), type, 1).Data).Kind);

        Assert.Equal(["form", "missed_call", "sms"], kinds.Order(StringComparer.Ordinal));
    }

    private static RecordedEvent Recorded(StreamKey stream, Type type, long version)
    {
        var stored = EventNames.All.All.Single(known => known.Json.Type == type);
        return new RecordedEvent
        {
            Stream = stream,
            Version = version,
            Id = stream.Id,
            Type = stored.Alias,
            Data = EventNames.All.Read(stored.Alias, Encoding.UTF8.GetBytes(SampleFacts.Of(type).ToJsonString())),
            Timestamp = TestLedger.Noon,
            Actor = "system",
            Hash = string.Create(CultureInfo.InvariantCulture, $"hash-{version}"),
            Leaf = "",
            Salt = "",
        };
    }

    private static string Written(EventType stored, JsonObject sample) =>
        JsonSerializer.SerializeToNode(EventNames.All.Read(stored.Alias, Encoding.UTF8.GetBytes(sample.ToJsonString())), stored.Json)!
            .ToJsonString(Indented);

    private static void AssertContains(JsonNode? expected, JsonNode? actual, string where)
    {
        if (expected is JsonObject members)
        {
            foreach (var (name, value) in members)
            {
                AssertContains(value, Assert.IsType<JsonObject>(actual)[name], $"{where}.{name}");
            }
        }
        else if (expected is JsonArray items)
        {
            var others = Assert.IsType<JsonArray>(actual);
            Assert.Equal(items.Count, others.Count);
            for (var i = 0; i < items.Count; i++)
            {
                AssertContains(items[i], others[i], $"{where}[{i}]");
            }
        }
        else
        {
            Assert.Equal((where, expected?.ToJsonString()), (where, actual?.ToJsonString()));
        }
    }

    private static Type TypeOf(string name) => AllFacts.Single(type => type.Name == name);

    private static Type[] FactsOf(Type marker) =>
        [.. typeof(Lead).Assembly.GetTypes().Where(type => type is { IsInterface: false, IsAbstract: false } && type.IsAssignableTo(marker))];

    [GeneratedRegex("_v[0-9]+$")]
    private static partial Regex VersionSuffix();

    [GeneratedRegex(@"^\| `(?<alias>[a-z0-9_]+)` \| (?<when>[^|]+) \| (?<fields>[^|]*) \|$")]
    private static partial Regex Row();

    [GeneratedRegex("`([a-zA-Z0-9]+)`")]
    private static partial Regex Field();
}
