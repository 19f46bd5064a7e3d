using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using LeadLedger.EventStore;
using LeadLedger.Leads;

namespace LeadLedger.Tests.Architecture;

/// <summary>Who may use what. Each rule is short enough to be read, and names the file that breaks it.</summary>
public sealed partial class ArchitectureTests
{
    // Folders whose files only compute, and the files in them that do not.
    private static readonly string[] RuleFolders =
    [
        "LeadLedger/Leads/", "LeadLedger/Matching/", "LeadLedger/Routing/", "LeadLedger/Contacting/", "LeadLedger/Calendars/",
        "LeadLedger/Messaging/", "LeadLedger/Alerts/", "LeadLedger.PhoneNumbers/",
    ];

    // Each decides nothing itself: it carries decisions between the store and the rules.
    private static readonly string[] NotRules = ["LeadLedger/Leads/LeadStreams.cs"];

    private static readonly string[] NotInRules =
        ["Npgsql", "HttpClient", "IOptions", "IClock", "ILogger", "Task<", "Task ", "async ", "await ", "Console.", "File.", "Environment."];

    // The machine's clock and the two polls: everything else takes an instant, or waits on a signal.
    private static readonly string[] Pragmas =
    [
        "LeadLedger.EventStore/Outbox/OutboxWorker.cs", "LeadLedger/Hosting/SystemTime.cs", "LeadLedger/Postgres/Poll.cs",
    ];

    [Fact]
    public void There_are_files_to_look_at() => Assert.True(SourceFiles.All.Count > 150);

    [Fact]
    public void Rules_do_no_input_or_output_and_ask_no_clock()
    {
        var offenders =
            from file in SourceFiles.All
            where RuleFolders.Any(folder => file.Path.StartsWith(folder, StringComparison.Ordinal)) && !NotRules.Contains(file.Path)
                && !file.Path.EndsWith("Handler.cs", StringComparison.Ordinal)
                // A slice has its endpoint below its rule; what the rule can reach is checked by its signature.
                && !file.Text.Contains("IEndpointRouteBuilder", StringComparison.Ordinal)
            from line in SourceFiles.CodeOf(file.Text)
            from word in NotInRules
            where Mentions(line.Code, word)
            select $"{file.Path}:{line.Number} uses {word.Trim()}";

        Assert.Empty(offenders);
    }

    [Fact]
    public void Every_decide_is_static_and_takes_and_gives_only_values()
    {
        var methods = typeof(Lead).Assembly.GetTypes()
            .SelectMany(type => type.GetMethods(BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            .Where(method => method.Name == "Decide").ToArray();
        var offenders =
            from method in methods
            from type in method.GetParameters().Select(parameter => parameter.ParameterType).Append(method.ReturnType)
            where !method.IsStatic || !IsValue(type)
            select $"{method.DeclaringType!.Name}.Decide: {type.Name}";

        Assert.NotEmpty(methods);
        Assert.Empty(offenders);
    }

    [Fact]
    public void Projects_refer_one_way()
    {
        var references = Directory.GetFiles(SourceFiles.Root, "*.csproj", SearchOption.AllDirectories).ToDictionary(
            path => Path.GetFileNameWithoutExtension(path)!,
            path => XDocument.Load(path).Descendants("ProjectReference")
                .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/'))).Order().ToArray());

        Assert.Equal(["LeadLedger", "LeadLedger.EventStore", "LeadLedger.PhoneNumbers"], references.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(["LeadLedger.EventStore", "LeadLedger.PhoneNumbers"], references["LeadLedger"]);
        Assert.Empty(references["LeadLedger.EventStore"]);
        Assert.Empty(references["LeadLedger.PhoneNumbers"]);
    }

    [Fact]
    public void The_event_store_knows_nothing_of_leads()
    {
        var words = typeof(Ledger).Assembly.GetTypes()
            .Where(type => type.Namespace?.StartsWith("LeadLedger.EventStore", StringComparison.Ordinal) == true)
            .Select(type => type.Name)
            .Where(name => name.StartsWith("Lead", StringComparison.Ordinal) || name.Contains("Sms", StringComparison.Ordinal)
                || name.Contains("Twilio", StringComparison.Ordinal));

        Assert.Empty(words);
        Assert.DoesNotContain(typeof(Ledger).Assembly.GetReferencedAssemblies(), name => name.Name == "LeadLedger");
    }

    [Fact]
    public void Banned_calls_are_allowed_only_where_the_machine_itself_is_asked()
    {
        var allowed = SourceFiles.All.Where(file => file.Text.Contains("RS0030", StringComparison.Ordinal)).Select(file => file.Path);

        Assert.Empty(allowed.Except(Pragmas));
    }

    [Fact]
    public void The_list_of_banned_calls_still_names_the_clocks_and_the_chances()
    {
        var banned = File.ReadAllText(Path.Combine(SourceFiles.Root, "..", "BannedSymbols.txt"));

        Assert.All(
            (string[])["DateTime.Now", "DateTime.UtcNow", "SystemClock.Instance", "Guid.NewGuid", "Guid.CreateVersion7;", "Random.Shared",
                "Thread.Sleep", "Task.Delay"],
            symbol => Assert.Contains(symbol, banned, StringComparison.Ordinal));
    }

    [Fact]
    public void Nothing_is_left_to_be_done_later()
    {
        var offenders =
            from file in SourceFiles.All
            from line in file.Text.Split('\n').Select((text, index) => (Text: text, Number: index + 1))
            where LeftOver().IsMatch(line.Text)
            select $"{file.Path}:{line.Number} {line.Text.Trim()}";

        Assert.Empty(offenders);
    }

    [Fact]
    public void Every_namespace_is_that_of_its_folder()
    {
        var offenders =
            from file in SourceFiles.All
            let declared = Namespace().Match(file.Text)
            where declared.Success
            let folder = Path.GetDirectoryName(file.Path)!.Replace('/', '.').Replace('\\', '.')
            where declared.Groups[1].Value != folder && !folder.StartsWith($"{declared.Groups[1].Value}.", StringComparison.Ordinal)
            select $"{file.Path} declares {declared.Groups[1].Value}";

        Assert.Empty(offenders);
    }

    [Fact]
    public void Queries_name_their_columns()
    {
        var offenders =
            from file in SourceFiles.All
            from line in SourceFiles.CodeOf(file.Text)
            where SelectEverything().IsMatch(line.Code)
            select $"{file.Path}:{line.Number}";

        Assert.Empty(offenders);
    }

    [Fact]
    public void Only_the_migrator_and_the_writer_of_the_store_write_to_martens_tables()
    {
        var writers =
            from file in SourceFiles.All
            where WritesMarten().IsMatch(file.Text)
            select file.Path;

        Assert.Equal(["LeadLedger.EventStore/Writing/BatchCommands.cs"], writers);
    }

    [Fact]
    public void No_reader_follows_the_ledger_by_position()
    {
        var offenders =
            from file in SourceFiles.All
            // Pages through the few streams of one merged lead: a place in a history that is shown, not in a feed that is followed.
            where file.Path != "LeadLedger/Reading/HistoryQuery.cs"

            // An auditor's search goes backwards through what is there and shows it.
            where file.Path != "LeadLedger/Staff/Frame/EventSearch.cs"

            // Only tells open pages to look again: what it might miss, the next change or a press of reload shows. Nothing is derived from it.
            where file.Path != "LeadLedger/Staff/Live/LiveFeed.cs"
            from line in SourceFiles.CodeOf(file.Text)
            where Tail().IsMatch(line.Code)
            select $"{file.Path}:{line.Number}";

        Assert.Empty(offenders);
    }

    [Fact]
    public void Facts_cannot_be_changed_once_made()
    {
        var offenders =
            from type in typeof(Lead).Assembly.GetTypes()
            where type.IsAssignableTo(typeof(ILeadEvent)) || type.IsAssignableTo(typeof(LeadLedger.Calls.ICallEvent))
            from property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            where property.SetMethod is { } set
                && !set.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(System.Runtime.CompilerServices.IsExternalInit))
            select $"{type.Name}.{property.Name}";

        Assert.Empty(offenders);
    }

    [Fact]
    public void Facts_hold_no_floating_point_numbers()
    {
        var offenders =
            from type in typeof(Lead).Assembly.GetTypes()
            where type.IsAssignableTo(typeof(ILeadEvent)) || type.IsAssignableTo(typeof(LeadLedger.Calls.ICallEvent))
            from property in type.GetProperties()
            let inner = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType
            where inner == typeof(double) || inner == typeof(float) || inner == typeof(decimal)
            select $"{type.Name}.{property.Name}";

        Assert.Empty(offenders);
    }

    private static bool IsValue(Type type)
    {
        var space = type.Namespace ?? "";
        return !space.StartsWith("Microsoft", StringComparison.Ordinal) && !space.StartsWith("Npgsql", StringComparison.Ordinal)
            && !space.StartsWith("System.Net", StringComparison.Ordinal) && !space.StartsWith("System.IO", StringComparison.Ordinal)
            && !space.StartsWith("System.Threading", StringComparison.Ordinal) && type.Name != "IClock"
            && type.GetGenericArguments().All(IsValue);
    }

    private static bool Mentions(string code, string word)
    {
        var at = code.IndexOf(word, StringComparison.Ordinal);
        return at >= 0 && (at == 0 || !char.IsLetterOrDigit(code[at - 1]))
            // A callback task of a lead is a Task too, but never a generic or awaited one.
            && (word != "Task " || TaskReturning().IsMatch(code));
    }

    [GeneratedRegex(@"\b(TODO|FIXME|HACK|XXX)\b|NotImplementedException")]
    private static partial Regex LeftOver();

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Namespace();

    [GeneratedRegex(@"\bselect\s+\*", RegexOptions.IgnoreCase)]
    private static partial Regex SelectEverything();

    [GeneratedRegex(@"\b(insert into|update|delete from) mt_(events|streams)\b")]
    private static partial Regex WritesMarten();

    [GeneratedRegex(@"seq_id\s*>")]
    private static partial Regex Tail();

    [GeneratedRegex(@"\b(public|private|internal|protected)\b.*\bTask \w+\(")]
    private static partial Regex TaskReturning();
}
