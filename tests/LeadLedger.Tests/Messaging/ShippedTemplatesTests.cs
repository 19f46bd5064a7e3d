using LeadLedger.Messaging;

namespace LeadLedger.Tests.Messaging;

public sealed class ShippedTemplatesTests
{
    private static readonly LintContext General = new("Acme Home Services", "call (512) 555-0100");
    private static readonly LintContext Roofing = new("Lone Star Roofing and Repair", "call (512) 555-0100 and press 1");
    private static readonly LintContext Dental = new("Bright Smile Dental", "call (512) 555-0100 or go to the nearest ER", Healthcare: true);
    private static readonly LintContext MedSpa = new("Glow Med Spa", "call 911", Healthcare: true);

    public static TheoryData<string> Ids() => [.. ShippedTemplates.All.Select(template => template.Id)];

    public static TheoryData<string> EnabledIds() =>
        [.. ShippedTemplates.All.Where(template => template.Enabled).Select(template => template.Id)];

    [Theory]
    [MemberData(nameof(EnabledIds))]
    [Trait("Requirement", "ACK-08")]
    public void An_enabled_template_has_no_error_for_a_general_business_or_a_roofer(string id)
    {
        Assert.Empty(Errors(id, General));
        Assert.Empty(Errors(id, Roofing));
    }

    [Theory]
    [MemberData(nameof(EnabledIds))]
    [Trait("Requirement", "C-24")]
    public void In_healthcare_only_the_texts_for_known_customers_are_refused(string id)
    {
        var forKnown = id.StartsWith("ack-prior-customer", StringComparison.Ordinal);

        Assert.Equal(forKnown, Errors(id, Dental).Contains("prior_customer"));
        Assert.Equal(forKnown, Errors(id, MedSpa).Contains("prior_customer"));
        if (!forKnown)
        {
            Assert.Empty(Errors(id, Dental));
            Assert.Empty(Errors(id, MedSpa));
        }
    }

    [Fact]
    [Trait("Requirement", "ACK-10")]
    public void The_one_hour_promise_is_disabled_and_the_linter_says_why()
    {
        Assert.False(ShippedTemplates.Get("ack-promise-hour").Enabled);
        Assert.Equal(["time_promise", "unverifiable_claim"], Errors("ack-promise-hour", General).Distinct().Order());
        Assert.Equal(["time_promise"], Errors("ack-promise-hour", General with { LiveStatus = true }).Distinct());
    }

    [Fact]
    [Trait("Requirement", "ACK-11")]
    [Trait("Requirement", "C-08")]
    public void The_storm_text_is_marketing_disabled_and_refused_as_transactional()
    {
        var storm = ShippedTemplates.Get("ack-storm");

        Assert.Equal((TemplateClass.Marketing, false), (storm.Class, storm.Enabled));
        Assert.Contains("Reply BOOK", storm.Text, StringComparison.Ordinal);
        Assert.Contains(
            TemplateLinter.Check(storm with { Class = TemplateClass.Transactional }, Roofing), finding => finding.Rule == "marketing_class");
    }

    [Fact]
    [Trait("Requirement", "FUP-02")]
    public void The_booking_follow_up_is_marketing_and_disabled()
    {
        var followUp = ShippedTemplates.Get("booking-followup");

        Assert.Equal((TemplateClass.Marketing, false), (followUp.Class, followUp.Enabled));
        Assert.DoesNotContain("time_promise", Errors("booking-followup", Roofing));
    }

    [Fact]
    public void Only_these_three_are_shipped_disabled() =>
        Assert.Equal(
            ["ack-promise-hour", "ack-storm", "booking-followup"],
            ShippedTemplates.All.Where(template => !template.Enabled).Select(template => template.Id).Order());

    [Theory]
    [InlineData("ack-default", "ACK-07", TemplateClass.Transactional, "business_name", "window", "urgent_route")]
    [InlineData("ack-ask-time", "ACK-08", TemplateClass.Transactional, "business_name")]
    [InlineData("ack-prior-customer", "ACK-12", TemplateClass.Transactional, "first_name", "business_name")]
    [InlineData("ack-window-number", "ACK-13", TemplateClass.Transactional, "business_name", "window", "number")]
    [InlineData("ack-form", "ACK-03", TemplateClass.Transactional, "business_name", "window", "urgent_route")]
    [InlineData("qualifying-question", "CNV-03", TemplateClass.Service, "first_name", "business_name")]
    [InlineData("review-request", "BKG-08", TemplateClass.ReviewRequest, "business_name", "review_link")]
    [InlineData("owner-alert", "OWN-06", TemplateClass.Service, "name", "phone", "message", "call_link", "sms_link", "source_page")]
    public void A_required_template_is_shipped_with_its_class_and_variables(
        string id, string requirement, TemplateClass templateClass, params string[] variables)
    {
        var template = ShippedTemplates.Get(id);

        Assert.True(template.Enabled, requirement);
        Assert.Equal(templateClass, template.Class);
        Assert.All(variables, name => Assert.Contains("{{" + name + "}}", template.Text, StringComparison.Ordinal));
    }

    [Fact]
    [Trait("Requirement", "ACK-07")]
    [Trait("Requirement", "ACK-08")]
    public void Acknowledgements_take_one_segment_except_where_two_are_allowed_on_purpose()
    {
        Assert.Equal(1, ShippedTemplates.Get("ack-ask-time").MaxSegments);
        Assert.Equal(1, ShippedTemplates.Get("ack-ask-time-es").MaxSegments);
        Assert.Equal(2, ShippedTemplates.Get("ack-default").MaxSegments);
        Assert.All(
            ShippedTemplates.All.Where(template => template.Audience == TemplateAudience.Lead),
            template => Assert.InRange(template.MaxSegments, 1, 2));
    }

    [Theory]
    [MemberData(nameof(Ids))]
    [Trait("Requirement", "NRM-15")]
    public void Whatever_is_missing_no_placeholder_no_null_and_no_gap_is_printed(string id)
    {
        var template = ShippedTemplates.Get(id);
        var names = CompiledTemplate.Of(template).Names.ToList();
        var everything = names.ToDictionary(name => name, string? (name) => Sample(name), StringComparer.Ordinal);
        var cases = names.Select(missing => Without(everything, [missing]))
            .Concat(names.Select(missing => Without(everything, names.Except([missing]))))
            .Append(Without(everything, names))
            .Append(names.ToDictionary(name => name, string? (_) => null, StringComparer.Ordinal))
            .Append(names.ToDictionary(name => name, string? (_) => "null", StringComparer.Ordinal))
            .Append(everything);

        Assert.All(cases, values =>
        {
            var text = TemplateRenderer.Render(template, values);

            Assert.DoesNotContain("{{", text.Body, StringComparison.Ordinal);
            Assert.DoesNotContain("}}", text.Body, StringComparison.Ordinal);
            Assert.DoesNotContain("null", text.Body, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("  ", text.Body, StringComparison.Ordinal);
            Assert.DoesNotContain(" .", text.Body, StringComparison.Ordinal);
            Assert.DoesNotContain(" ,", text.Body, StringComparison.Ordinal);
            Assert.DoesNotContain("..", text.Body.Replace("...", "", StringComparison.Ordinal), StringComparison.Ordinal);
            Assert.Equal(text.Body.Trim(), text.Body);
            Assert.Equal(
                names.All(name => TemplateVariables.Find(name)!.MayBeMissing || values.GetValueOrDefault(name) is not (null or "null")),
                text.Sendable);
        });
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void Every_text_is_plain_gsm7_and_starts_with_a_capital_or_its_name(string id)
    {
        var template = ShippedTemplates.Get(id);

        Assert.All(new[] { template.Text, template.NamelessText ?? "x" }, text => Assert.True(Gsm7.IsGsm7(text), text));
        Assert.True(template.Version >= 1);
        Assert.NotEqual("", template.Author);
        Assert.NotEqual("", template.EffectiveFrom);
    }

    [Fact]
    public void Ids_are_unique_and_every_spanish_text_has_an_english_one()
    {
        Assert.Equal(ShippedTemplates.All.Count, ShippedTemplates.ById.Count);
        foreach (var template in ShippedTemplates.All.Where(template => template.Locale == "es"))
        {
            var english = ShippedTemplates.Get(template.Id[..^3]);
            Assert.Equal((english.Class, english.Use, english.MaxSegments), (template.Class, template.Use, template.MaxSegments));
            Assert.Equal(template.Id, ShippedTemplates.IdIn(english.Id, "es-US"));
        }

        Assert.Equal("review-request", ShippedTemplates.IdIn("review-request", "es"));
        Assert.Equal("ack-default", ShippedTemplates.IdIn("ack-default", "en-US"));
    }

    [Fact]
    [Trait("Requirement", "ACK-07")]
    public void The_default_acknowledgement_reads_well()
    {
        var values = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["business_name"] = "Acme Roofing Inc.",
            ["called_at"] = "at 10:42 AM",
            ["window"] = "during business hours today",
            ["urgent_route"] = "call (512) 555-0100",
        };

        Assert.Equal(
            "Thank you for calling Acme Roofing Inc. We noted your call at 10:42 AM and a person will look at it during business " +
            "hours today. Reply to add or correct anything. If it is urgent: call (512) 555-0100. Reply STOP to opt out.",
            TemplateRenderer.Render(ShippedTemplates.Get("ack-default"), values).Body);
    }

    private static string Sample(string name) => name switch
    {
        "business_name" => "Acme",
        "first_name" => "Maria",
        "called_at" => "at 10:42 AM",
        "window" => "during business hours today",
        _ => "value",
    };

    private static Dictionary<string, string?> Without(Dictionary<string, string?> values, IEnumerable<string> missing) =>
        values.Where(pair => !missing.Contains(pair.Key)).ToDictionary(StringComparer.Ordinal);

    private static List<string> Errors(string id, LintContext context) =>
    [
        .. TemplateLinter.Check(ShippedTemplates.Get(id), context)
            .Where(finding => finding.Severity == LintSeverity.Error).Select(finding => finding.Rule),
    ];
}
