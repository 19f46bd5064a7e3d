using LeadLedger.Businesses;
using LeadLedger.Calendars;
using LeadLedger.Messaging;
using NodaTime;

namespace LeadLedger.Tests.Businesses;

public sealed class BusinessFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("leadledger-businesses").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_shortest_file_gets_the_defaults()
    {
        var business = BusinessTexts.Load(BusinessTexts.Minimal);

        Assert.Equal("northside", business.Id);
        Assert.Equal("America/Chicago", business.Zone.Id);
        Assert.Equal(new LocalDate(2026, 11, 20), business.EffectiveFrom);
        Assert.Equal("+12145550100", business.Lines.Single().Number.E164);
        Assert.Equal("+12145550111", business.Lines.Single().RingTo?.E164);
        Assert.Equal(Dump.Of(new TaskRules() with { BusinessOwner = "dana" }), Dump.Of(business.Tasks));
        Assert.Equal(Dump.Of(new SendingRules()), Dump.Of(business.Sending));
        Assert.Equal(Profile.General.UrgentWords(), business.UrgentWords);
        Assert.Equal(BusinessTexts.Shipped.Keys.Order(), business.Templates.Keys.Order());
        Assert.True(business.Calendar.IsOpen(Instant.FromUtc(2026, 11, 23, 14, 0)));
    }

    [Fact]
    public void Numbers_are_read_by_the_region_and_files_of_secrets_from_the_files_folder()
    {
        var business = BusinessTexts.Load(Everything.Text);

        Assert.Equal("+16045550121", business.StaffOf("mo")?.Phone?.E164);
        Assert.Equal(new Secret(null, Path.GetFullPath("/etc/leadledger/old/secret")), business.Forms[0].Authentication.PreviousSecret);
        Assert.Equal(["data.first", "data.last"], business.Forms[0].Fields["name"]);
        Assert.Equal(["data.phone"], business.Forms[0].Fields["phone"]);
        Assert.Equal("10:00-18:00", Assert.Single(business.Sending.FollowUp.Hours[IsoDayOfWeek.Monday]).ToString());
        Assert.Same(SendingWindow.EarlyMorning, business.Sending.Acknowledgement);
        Assert.Equal(Duration.FromSeconds(90), business.Acknowledgement.FormTarget);
        Assert.Equal("Christmas Day", business.Calendar.HolidayOn(new LocalDate(2026, 12, 25))?.Name);
        Assert.False(business.Calendar.IsOpen(new LocalDateTime(2026, 12, 24, 14, 0).InZoneStrictly(business.Zone).ToInstant()));
    }

    [Fact]
    [Trait("Requirement", "GEN-04")]
    public void The_policy_version_follows_the_content_and_nothing_else()
    {
        var version = BusinessTexts.Load(BusinessTexts.Minimal).PolicyVersion;
        var rearranged = BusinessTexts.With(file =>
        {
            var name = file["name"]!.DeepClone();
            file.Remove("name");
            file["name"] = name;
            file["$schema"] = "elsewhere.json";
        });

        Assert.Matches("^[0-9a-f]{12}$", version);
        Assert.Equal(version, BusinessTexts.Load("// a remark\n" + BusinessTexts.Minimal).PolicyVersion);
        Assert.Equal(version, BusinessTexts.Load(rearranged).PolicyVersion);
        Assert.NotEqual(version, BusinessTexts.Load(BusinessTexts.With(file => file["name"] = "Southside")).PolicyVersion);
    }

    [Fact]
    public void A_shipped_template_can_be_switched_on_or_reworded_and_others_added()
    {
        var business = BusinessTexts.Load(BusinessTexts.With(file => file["templates"] = Node("""
            [
              { "id": "ack-storm", "version": 3, "enabled": true },
              { "id": "ack-form", "version": 4, "text": "{{business_name}} here.", "author": "Dana", "effectiveFrom": "2026-12-01" },
              { "id": "own", "version": 1, "class": "service", "text": "Hello", "author": "Dana", "effectiveFrom": "2026-12-01" }
            ]
            """)));

        Assert.Equal(BusinessTexts.Shipped["ack-storm"] with { Enabled = true }, business.Templates["ack-storm"]);
        Assert.Equal(
            BusinessTexts.Shipped["ack-form"] with
            {
                Version = 4,
                Text = "{{business_name}} here.",
                Author = "Dana",
                EffectiveFrom = "2026-12-01",
            },
            business.Templates["ack-form"]);
        Assert.Equal(TemplateClass.Service, business.Templates["own"].Class);
        Assert.Equal(BusinessTexts.Shipped["ack-default"], business.Templates["ack-default"]);
    }

    [Fact]
    [Trait("Requirement", "GEN-09")]
    public void The_profile_brings_its_urgent_words_unless_the_file_has_its_own()
    {
        var dental = BusinessTexts.Load(BusinessTexts.With(file => file["profile"] = "dental"));
        var none = BusinessTexts.Load(BusinessTexts.With(file => file["urgentWords"] = Node("[]")));

        Assert.Contains("bleeding", dental.UrgentWords);
        Assert.Empty(none.UrgentWords);
        Assert.All(Enum.GetValues<Profile>(), profile => Assert.Contains("gas leak", profile.UrgentWords()));
        Assert.Equal([Profile.Dental, Profile.MedSpa], Enum.GetValues<Profile>().Where(ProfileRules.IsHealthcare));
    }

    [Fact]
    public void A_folder_holds_one_business_a_file_in_the_order_of_their_names()
    {
        Write("b.json", BusinessTexts.Minimal);
        Write("a.json", BusinessTexts.With(file =>
        {
            file["id"] = "southside";
            file["forms"]![0]!["id"] = "southside-website";
            file["lines"]![0]!["number"] = "+12145550102";
        }));
        Write("business.schema.json", BusinessSchema.Text);
        Write("notes.txt", "not a business");

        Assert.Equal(["southside", "northside"], LoadAll(_folder).Select(business => business.Id));
        Assert.Equal("northside", Assert.Single(LoadAll(Path.Combine(_folder, "b.json"))).Id);
    }

    [Fact]
    public void Businesses_may_not_share_an_id_a_form_a_line_or_a_webhook_secret()
    {
        var text = BusinessTexts.With(file => file["ghlSecret"] = Node("""{ "env": "SHARED" }"""));
        var (first, second) = (Write("a.json", text), Write("b.json", text));

        var problems = Assert.Throws<BusinessFileException>(() => LoadAll(_folder)).Problems;

        Assert.Equal(["id", "forms[0].id", "ghlSecret", "lines[0].number"], problems.Select(problem => problem.Path));
        Assert.All(problems, problem => Assert.Equal(second, problem.File));
        Assert.All(problems, problem => Assert.Contains(first, problem.What, StringComparison.Ordinal));
    }

    [Fact]
    public void One_number_may_be_a_line_in_two_Twilio_accounts()
    {
        Write("a.json", BusinessTexts.Minimal);
        Write("b.json", BusinessTexts.With(file =>
        {
            file["id"] = "southside";
            file["forms"]![0]!["id"] = "southside-website";
            file["twilio"] = Node("""{ "accountSid": "AC0123456789abcdef0123456789abcdef", "authToken": { "env": "T" } }""");
        }));

        Assert.Equal(2, LoadAll(_folder).Count);
    }

    [Fact]
    public void Every_problem_of_every_file_is_listed()
    {
        Write("a.json", BusinessTexts.With(file => file["zone"] = "America/Chicgo"));
        Write("b.json", "{ \"id\": \"x\"");
        Write("c.json", BusinessTexts.With(file => file.Remove("staff")));

        var problem = Assert.Throws<BusinessFileException>(() => LoadAll(_folder));

        Assert.Contains($"{Path.Combine(_folder, "a.json")}: zone: \"America/Chicgo\" is no IANA time zone: Did you mean \"America/Chicago\"?", problem.Message, StringComparison.Ordinal);
        Assert.Contains($"{Path.Combine(_folder, "b.json")}: line 1, character 12: is not JSON from here on: ", problem.Message, StringComparison.Ordinal);
        Assert.Contains($"{Path.Combine(_folder, "c.json")}: staff: is missing: The people who answer leads.", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_path_and_an_empty_folder_are_told()
    {
        var missing = Assert.Throws<BusinessFileException>(() => LoadAll(Path.Combine(_folder, "none.json"))).Problems;
        var empty = Assert.Throws<BusinessFileException>(() => LoadAll(_folder)).Problems;

        Assert.Equal("there is no such file or folder", Assert.Single(missing).What);
        Assert.Equal("holds no *.json file", Assert.Single(empty).What);
    }

    [Fact]
    public void A_byte_order_mark_is_no_obstacle() =>
        Assert.Equal("northside", BusinessTexts.Load("\uFEFF" + BusinessTexts.Minimal).Id);

    private static System.Text.Json.Nodes.JsonNode Node(string json) => System.Text.Json.Nodes.JsonNode.Parse(json)!;

    private static IReadOnlyList<Business> LoadAll(string path) =>
        BusinessFile.LoadAll(path, BusinessTexts.Shipped, (_, _) => []);

    private string Write(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }
}
