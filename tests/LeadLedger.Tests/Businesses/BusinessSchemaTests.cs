using System.Text.Json;
using System.Text.Json.Nodes;
using LeadLedger.Businesses;
using LeadLedger.Calendars;
using LeadLedger.Messaging;

namespace LeadLedger.Tests.Businesses;

/// <summary>
/// The schema is what authors see: it must know exactly what the loader reads, with the same defaults.
/// </summary>
public sealed class BusinessSchemaTests
{
    /// <summary>Every object of the file and the record it becomes.</summary>
    private static readonly Dictionary<string, Type> _records = new()
    {
        [""] = typeof(Business),
        ["lines[]"] = typeof(Line),
        ["forms[]"] = typeof(Form),
        ["forms[].authentication"] = typeof(FormAuthentication),
        ["forms[].consent"] = typeof(FormConsent),
        ["staff[]"] = typeof(StaffMember),
        ["holidays[]"] = typeof(Holiday),
        ["specialDays[]"] = typeof(SpecialDay),
        ["sending"] = typeof(SendingRules),
        ["acknowledgement"] = typeof(AcknowledgementRules),
        ["matching"] = typeof(MatchRules),
        ["tasks"] = typeof(TaskRules),
        ["tasks.ladder[]"] = typeof(Rung),
        ["spam"] = typeof(SpamRules),
        ["limits"] = typeof(IntakeLimits),
        ["textLimits"] = typeof(TextLimits),
        ["templates[]"] = typeof(Template),
        ["twilio"] = typeof(TwilioAccount),
        ["crm[]"] = typeof(CrmTarget),
    };

    [Fact]
    public void Schema_and_records_know_the_same_properties()
    {
        string[] onlyInFile = ["$schema", "hours", "holidays", "specialDays"];
        string[] onlyInRecord = ["policyVersion", "calendar"];
        foreach (var (path, record) in _records)
        {
            var inSchema = SchemaWalk.PropertiesOf(path).Except(path.Length == 0 ? onlyInFile : []);
            var inRecord = Dump.Members(record)
                .Select(member => JsonNamingPolicy.CamelCase.ConvertName(member.Name))
                .Except(path.Length == 0 ? onlyInRecord : []);

            Assert.Equal(inRecord.Order(StringComparer.Ordinal), inSchema.Order(StringComparer.Ordinal));
        }

        Assert.Equal(
            SchemaWalk.Objects().Order(StringComparer.Ordinal),
            _records.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_loader_reads_every_property_of_the_schema()
    {
        var text = JsonNode.Parse(
            Everything.Text, null, new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip })!;
        var everything = BusinessTexts.Load(Everything.Text);
        var minimal = BusinessTexts.Load(BusinessTexts.Minimal);

        Assert.All(SchemaWalk.Paths(), path => Assert.True(SchemaWalk.Values(text, path).Any(), path));
        foreach (var (record, given, defaults) in new (Type, IEnumerable<object>, object)[]
        {
            (typeof(Business), [everything], minimal),
            (typeof(Line), everything.Lines, minimal.Lines[0]),
            (typeof(Form), everything.Forms, minimal.Forms[0]),
            (typeof(FormAuthentication), [everything.Forms[0].Authentication], minimal.Forms[0].Authentication),
            (typeof(FormConsent), [everything.Forms[0].Consent!], new FormConsent { Text = "", CheckboxPath = "", Purposes = [] }),
            (typeof(StaffMember), everything.Staff, minimal.Staff[0]),
            (typeof(SendingRules), [everything.Sending], minimal.Sending),
            (typeof(AcknowledgementRules), [everything.Acknowledgement], minimal.Acknowledgement),
            (typeof(MatchRules), [everything.Matching], minimal.Matching),
            (typeof(TaskRules), [everything.Tasks], minimal.Tasks),
            (typeof(Rung), everything.Tasks.Ladder, new Rung("", default, RungAudience.Owner, false)),
            (typeof(SpamRules), [everything.Spam], minimal.Spam),
            (typeof(IntakeLimits), [everything.Limits], minimal.Limits),
            (typeof(TextLimits), [everything.TextLimits], minimal.TextLimits),
            (typeof(Template), everything.Templates.Values, new Template { Id = "", Version = 1, Class = default, Text = "" }),
            (typeof(TwilioAccount), [everything.Twilio!], new TwilioAccount { AccountSid = "", AuthToken = new Secret(null, null) }),
        })
        {
            foreach (var member in Dump.Members(record).Where(member => member.Name != "PolicyVersion"))
            {
                Assert.True(
                    given.Any(each => Dump.Of(member.GetValue(each)) != Dump.Of(member.GetValue(defaults))),
                    $"{record.Name}.{member.Name} is {Dump.Of(member.GetValue(given.First()))} as without the file");
            }
        }
    }

    [Fact]
    public void A_default_written_out_changes_nothing()
    {
        var plain = BusinessTexts.Load(BusinessTexts.Minimal);
        var spelledOut = BusinessTexts.With(file =>
        {
            foreach (var path in SchemaWalk.Paths().Where(path => SchemaWalk.Default(path) is not null))
            {
                // A default of the shared-secret form in the minimal file that has no meaning for its scheme.
                if (!path.StartsWith("forms[].authentication.", StringComparison.Ordinal))
                {
                    SchemaWalk.Put(file, path, SchemaWalk.Default(path)!.Value);
                }
            }
        });

        Assert.True(JsonNode.Parse(spelledOut)!.AsObject().Count > 15);
        Assert.Equal(Dump.Of(plain), Dump.Of(BusinessTexts.Load(spelledOut) with { PolicyVersion = plain.PolicyVersion }));
    }

    [Fact]
    public void Defaults_of_authentication_are_those_of_its_record()
    {
        var record = new FormAuthentication { Scheme = FormScheme.Hmac };
        foreach (var name in SchemaWalk.PropertiesOf("forms[].authentication"))
        {
            if (SchemaWalk.Default($"forms[].authentication.{name}") is { } value)
            {
                var member = Dump.Members(record.GetType())
                    .Single(each => JsonNamingPolicy.CamelCase.ConvertName(each.Name) == name);
                Assert.Equal(member.GetValue(record)!.ToString(), value.ToString());
            }
        }
    }

    [Theory]
    [InlineData("profile", typeof(Profile))]
    [InlineData("lines[].mode", typeof(LineMode))]
    [InlineData("forms[].kind", typeof(FormKind))]
    [InlineData("forms[].authentication.scheme", typeof(FormScheme))]
    [InlineData("tasks.ladder[].audience", typeof(RungAudience))]
    [InlineData("templates[].class", typeof(TemplateClass))]
    [InlineData("templates[].audience", typeof(TemplateAudience))]
    [InlineData("templates[].use", typeof(TemplateUse))]
    public void Choices_are_the_values_of_their_type(string path, Type type) =>
        Assert.Equal(
            Enum.GetNames(type).Select(JsonNamingPolicy.SnakeCaseLower.ConvertName),
            SchemaWalk.At(path).GetProperty("enum").EnumerateArray().Select(each => each.GetString()!));

    [Fact]
    public void Every_shipped_window_can_be_named() =>
        Assert.Equal(
            SendingWindow.Profiles.Keys.Order(StringComparer.Ordinal),
            SchemaWalk.At("sending.followUp").GetProperty("oneOf")[0].GetProperty("enum").EnumerateArray()
                .Select(each => each.GetString()!).Order(StringComparer.Ordinal));

    [Fact]
    public void Every_schema_has_a_description_and_uses_only_what_the_check_understands()
    {
        string[] understood =
        [
            "description", "type", "properties", "required", "additionalProperties", "items", "enum",
            "pattern", "minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems", "minProperties",
            "maxProperties", "oneOf", "writeOnly", "$ref", "default", "examples",
        ];
        var root = JsonDocument.Parse(BusinessSchema.Text).RootElement;
        var schemas = SchemaWalk.Schemas(root).ToList();

        Assert.True(schemas.Count > 150);
        Assert.Equal("https://json-schema.org/draft/2020-12/schema", root.GetProperty("$schema").GetString());
        foreach (var schema in schemas)
        {
            Assert.True(schema.TryGetProperty("description", out _) || schema.TryGetProperty("$ref", out _), schema.ToString());
            var unknown = schema.EnumerateObject().Select(each => each.Name).Except(understood)
                .Except(["$schema", "$id", "title", "$defs"]);
            Assert.Empty(unknown);
            if (schema.TryGetProperty("type", out var type))
            {
                Assert.Equal(type.ValueEquals("object"), schema.TryGetProperty("additionalProperties", out _));
                Assert.Equal(type.ValueEquals("array"), schema.TryGetProperty("items", out _));
                Assert.Equal(type.ValueEquals("integer"), schema.TryGetProperty("minimum", out _) && schema.TryGetProperty("maximum", out _));
            }
        }
    }

    [Fact]
    public void Every_property_has_an_example()
    {
        var without = SchemaWalk.Paths()
            .Where(path => SchemaWalk.UseAt(path) is var use
                && !use.TryGetProperty("examples", out _)
                && !BusinessSchema.Definition(use).TryGetProperty("examples", out _)
                && !BusinessSchema.Definition(use).TryGetProperty("properties", out _)
                && !BusinessSchema.Definition(use).TryGetProperty("items", out _));

        Assert.Empty(without);
    }
}
