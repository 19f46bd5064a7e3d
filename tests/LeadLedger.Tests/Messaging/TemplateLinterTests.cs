using LeadLedger.Messaging;

namespace LeadLedger.Tests.Messaging;

public sealed class TemplateLinterTests
{
    private static readonly LintContext Context = new("Acme Roofing", "call (512) 555-0100");
    private static readonly LintContext Healthcare = Context with { Healthcare = true };

    [Fact]
    public void A_plain_acknowledgement_has_no_finding() =>
        Assert.Empty(Check("{{business_name}}: sorry we missed your call. A person will look at it {{window}}."));

    [Fact]
    [Trait("Requirement", "ACK-04")]
    public void A_first_message_must_name_the_business() =>
        AssertFinding(Check("Sorry we missed your call. How can we help?"), "business_name", LintSeverity.Error);

    [Fact]
    [Trait("Requirement", "ACK-04")]
    public void The_nameless_text_must_name_it_too() =>
        AssertFinding(
            TemplateLinter.Check(
                Template("Hi {{first_name}}, {{business_name}} here.") with { NamelessText = "Sorry we missed you." }, Context),
            "business_name", LintSeverity.Error);

    [Theory]
    [InlineData("Great talking with you!")]
    [InlineData("It was nice speaking to you today.")]
    [InlineData("As we discussed, we will look at it.")]
    [InlineData("Following up on our call.")]
    [InlineData("Thanks for chatting with us.")]
    [InlineData("Since we last spoke the price is the same.")]
    [InlineData("After our conversation we noted your address.")]
    [InlineData("Como hablamos, revisamos su techo.")]
    [Trait("Requirement", "ACK-05")]
    public void A_claimed_conversation_is_refused(string text) =>
        AssertFinding(Check("{{business_name}}: " + text), "past_conversation", LintSeverity.Error);

    [Theory]
    [InlineData("We will call you within 30 minutes.")]
    [InlineData("Back to you in 5 min.")]
    [InlineData("We call you within the hour.")]
    [InlineData("We respond in an hour.")]
    [InlineData("A person replies in a few minutes.")]
    [InlineData("We'll get back to you in thirty minutes.")]
    [InlineData("Give us 1 hr.")]
    [InlineData("We will call right away.")]
    [InlineData("We answer immediately.")]
    [InlineData("We'll call you back today.")]
    [InlineData("Someone will reach out tomorrow.")]
    [InlineData("We are here 24/7.")]
    [InlineData("You hear from us by 5 pm.")]
    [InlineData("Le llamamos en 30 minutos.")]
    [InlineData("Le contestamos enseguida.")]
    [Trait("Requirement", "ACK-06")]
    [Trait("Requirement", "C-01")]
    public void A_typed_time_is_refused(string text) =>
        AssertFinding(Check("{{business_name}}: " + text), "time_promise", LintSeverity.Error, "{{window}}");

    [Theory]
    [InlineData("We will call you {{window}}.")]
    [InlineData("What time today suits you?")]
    [InlineData("We open at 8:00 AM.")]
    [InlineData("Two short questions: it takes about 2 minutes.")]
    [InlineData("Pick one of the 15-minute slots.")]
    [Trait("Requirement", "C-01")]
    public void The_window_a_question_and_the_readers_own_time_are_no_promise(string text) =>
        Assert.DoesNotContain(Check("{{business_name}}: " + text), finding => finding.Rule == "time_promise");

    [Fact]
    public void A_vague_haste_is_a_warning() =>
        AssertFinding(Check("{{business_name}}: we will call you shortly."), "vague_time", LintSeverity.Warning);

    [Theory]
    [InlineData("All our roofers are out on jobs.")]
    [InlineData("We are on another call.")]
    [InlineData("Our team is helping another customer.")]
    [InlineData("We're with a patient.")]
    [InlineData("Our lines are busy.")]
    [InlineData("The crew is on a roof.")]
    [InlineData("Someone is already on their way.")]
    [InlineData("Estamos atendiendo a otro cliente.")]
    [Trait("Requirement", "C-25")]
    public void What_the_staff_are_doing_is_refused_unless_a_live_status_backs_it(string text)
    {
        AssertFinding(Check("{{business_name}}: " + text), "unverifiable_claim", LintSeverity.Error);
        Assert.DoesNotContain(
            TemplateLinter.Check(Template("{{business_name}}: " + text), Context with { LiveStatus = true }),
            finding => finding.Rule == "unverifiable_claim");
    }

    [Theory]
    [InlineData("Free estimates!", "promotion")]
    [InlineData("Ask for our discount.", "promotion")]
    [InlineData("A special offer for you.", "promotion")]
    [InlineData("Use coupon ROOF.", "promotion")]
    [InlineData("Best deal in town.", "promotion")]
    [InlineData("10% less.", "promotion")]
    [InlineData("Revisión gratis.", "promotion")]
    [InlineData("See https://acme.example/now", "url")]
    [InlineData("See www.acme.example", "url")]
    [InlineData("See acmeroofing.com.", "url")]
    [InlineData("See bit.ly/abc", "url")]
    [InlineData("Pick a time: {{booking_link}}", "url")]
    [Trait("Requirement", "CON-16")]
    public void Advertising_and_addresses_are_refused_in_a_transactional_text(string text, string rule) =>
        AssertFinding(Check("{{business_name}}: " + text), rule, LintSeverity.Error);

    [Theory]
    [InlineData("Feel free to reply here.")]
    [InlineData("Call our toll-free number {{number}}.")]
    [InlineData("Reply to add or correct anything.Thank you.")]
    public void Ordinary_words_are_no_advertising(string text) => Assert.Empty(Check("{{business_name}}: " + text));

    [Theory]
    [InlineData("After the storm we check roofs near you.")]
    [InlineData("We can do an inspection on Friday.")]
    [InlineData("Book your free cleaning.")]
    [InlineData("Hail damage? Reply 1.")]
    [InlineData("Schedule your inspection.")]
    [Trait("Requirement", "C-08")]
    public void Selling_is_refused_as_transactional_and_as_service_and_allowed_as_marketing(string text)
    {
        var template = Template("{{business_name}}: " + text);

        AssertFinding(TemplateLinter.Check(template, Context), "marketing_class", LintSeverity.Error);
        AssertFinding(
            TemplateLinter.Check(template with { Class = TemplateClass.Service }, Context), "marketing_class", LintSeverity.Error);
        Assert.DoesNotContain(
            TemplateLinter.Check(template with { Class = TemplateClass.Marketing }, Context),
            finding => finding.Rule == "marketing_class");
    }

    [Fact]
    [Trait("Requirement", "C-08")]
    public void A_neutral_link_to_pick_a_callback_time_is_service() =>
        Assert.Empty(TemplateLinter.Check(
            Template("{{business_name}} here. Pick a time for a call: {{booking_link}}") with { Class = TemplateClass.Service }, Context));

    [Theory]
    [InlineData("Welcome back!")]
    [InlineData("As an existing patient you come first.")]
    [InlineData("How was your last visit?")]
    [InlineData("Good to hear from you again.")]
    [InlineData("We have your chart.")]
    [InlineData("Como nuestro paciente tiene prioridad.")]
    [Trait("Requirement", "C-24")]
    public void Wording_for_known_customers_is_refused_in_healthcare_only(string text)
    {
        AssertFinding(TemplateLinter.Check(Template("{{business_name}}: " + text), Healthcare), "prior_customer", LintSeverity.Error);
        Assert.DoesNotContain(Check("{{business_name}}: " + text), finding => finding.Rule == "prior_customer");
    }

    [Fact]
    [Trait("Requirement", "CON-15")]
    public void Service_details_need_a_request_for_texting_and_never_reach_healthcare()
    {
        var template = Template("{{business_name}} noted your request. It says: {{message}}.");
        var requested = template with { OnlyWhenTextingRequested = true, MaxSegments = 4 };

        AssertFinding(TemplateLinter.Check(template, Context), "service_detail", LintSeverity.Error, "{{message}}");
        Assert.Empty(TemplateLinter.Check(requested, Context));
        AssertFinding(TemplateLinter.Check(requested, Healthcare), "service_detail", LintSeverity.Error, "{{message}}");
    }

    [Theory]
    [InlineData("Reply YES to confirm.")]
    [InlineData("Text back yes and we will call.")]
    [InlineData("Responda SÍ.")]
    [Trait("Requirement", "C-09")]
    public void Reply_yes_is_a_warning_with_a_better_word(string text)
    {
        var finding = AssertFinding(Check("{{business_name}}: " + text), "reply_yes", LintSeverity.Warning);

        Assert.Contains("Reply 1", finding.Message, StringComparison.Ordinal);
        Assert.Contains("Reply BOOK", finding.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Sent by LeadLedger.")]
    [InlineData("Powered by Twilio.")]
    [InlineData("I am the virtual assistant.")]
    [InlineData("This is a GoHighLevel message.")]
    [Trait("Requirement", "C-36")]
    public void Any_other_sender_is_refused(string text) =>
        AssertFinding(Check("{{business_name}}: " + text), "sender_name", LintSeverity.Error);

    [Fact]
    public void An_unknown_variable_is_refused() =>
        AssertFinding(Check("{{business_name}}: hi {{frist_name}}."), "unknown_variable", LintSeverity.Error, "{{frist_name}}");

    [Fact]
    public void Variables_for_staff_are_refused_to_leads_and_allowed_to_staff()
    {
        var template = Template("{{business_name}}: your score is {{score}}.");

        AssertFinding(TemplateLinter.Check(template, Context), "staff_only_variable", LintSeverity.Error, "{{score}}");
        Assert.Empty(TemplateLinter.Check(template with { Audience = TemplateAudience.Staff }, Context));
    }

    [Theory]
    [InlineData("{{business_name}}: hi {{first_name")]
    [InlineData("{{business_name}}: hi {first_name}.")]
    [InlineData("{{business_name}}: hi }} there.")]
    [InlineData("{{business_name}}: hi {{}}.")]
    [InlineData("{{business_name}}: hi {{{number}}}.")]
    public void Braces_must_come_in_pairs(string text) => AssertFinding(Check(text), "braces", LintSeverity.Error);

    [Fact]
    [Trait("Requirement", "NRM-15")]
    public void A_first_name_needs_a_nameless_text_without_it()
    {
        var template = Template("Hi {{first_name}}, {{business_name}} here.");

        AssertFinding(TemplateLinter.Check(template, Context), "nameless", LintSeverity.Error);
        AssertFinding(
            TemplateLinter.Check(template with { NamelessText = "{{first_name}}: {{business_name}} here." }, Context),
            "nameless", LintSeverity.Error);
        Assert.Empty(TemplateLinter.Check(template with { NamelessText = "{{business_name}} here." }, Context));
    }

    [Fact]
    [Trait("Requirement", "ACK-20")]
    public void Without_an_urgent_route_a_text_that_names_it_is_refused() =>
        AssertFinding(
            TemplateLinter.Check(Template("{{business_name}}: if it is urgent: {{urgent_route}}."), Context with { UrgentRoute = " " }),
            "urgent_route", LintSeverity.Error);

    [Theory]
    [InlineData(125, 1, false)]
    [InlineData(126, 1, true)]
    [InlineData(126, 2, false)]
    [Trait("Requirement", "C-15")]
    [Trait("Requirement", "ACK-09")]
    public void Segments_are_counted_with_the_opt_out_line_and_the_businesss_own_name(int letters, int allowed, bool refused)
    {
        // 12 letters of "Acme Roofing" and 23 of the opt-out line leave 125.
        var template = Template("{{business_name}}" + new string('z', letters)) with { MaxSegments = allowed };

        Assert.Equal(refused, TemplateLinter.Check(template, Context).Any(finding => finding.Rule == "segments"));
    }

    [Fact]
    [Trait("Requirement", "C-15")]
    public void The_nameless_text_is_measured_too()
    {
        var template = Template("{{business_name}}") with { NamelessText = "{{business_name}} {{called_at}}" + new string('z', 100) };

        AssertFinding(TemplateLinter.Check(template, Context), "segments", LintSeverity.Error);
        Assert.Equal(new(SmsEncoding.Gsm7, 12 + 1 + 30 + 100 + 23, 2), TemplateCost.WorstCase(template, Context));
    }

    [Fact]
    [Trait("Requirement", "C-15")]
    public void Typographic_characters_are_reported_with_their_plain_form()
    {
        var finding = AssertFinding(Check("{{business_name}} — we’re sorry."), "characters", LintSeverity.Warning, "—’");

        Assert.Contains("{{business_name}} - we're sorry.", finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_emoji_is_reported_as_costing_more() =>
        AssertFinding(Check("{{business_name}}: sorry 😀"), "characters", LintSeverity.Warning);

    [Fact]
    public void A_business_name_outside_gsm7_counts_in_ucs2() =>
        AssertFinding(
            TemplateLinter.Check(Template("{{business_name}}: sorry we missed your call. How can we help?"), Context with { BusinessName = "Дом" }),
            "segments", LintSeverity.Error);

    [Fact]
    public void An_empty_text_is_refused() => AssertFinding(Check(" "), "empty", LintSeverity.Error);

    [Fact]
    public void Every_finding_says_what_to_do()
    {
        var findings = Check("LeadLedger: great talking! Free storm inspection in 5 minutes, we are on another call — {{nope}} {{score}} YES {");

        Assert.True(findings.Count >= 8);
        Assert.All(findings, finding => Assert.True(finding.Message.Length > 20 && finding.Message.EndsWith('.'), finding.Message));
    }

    private static Template Template(string text) =>
        new() { Id = "test", Version = 1, Class = TemplateClass.Transactional, Text = text };

    private static IReadOnlyList<LintFinding> Check(string text) => TemplateLinter.Check(Template(text), Context);

    private static LintFinding AssertFinding(
        IReadOnlyList<LintFinding> findings, string rule, LintSeverity severity, string? shown = null)
    {
        var finding = findings.FirstOrDefault(each => each.Rule == rule);
        Assert.True(finding is not null, $"no {rule} in: " + string.Join(", ", findings.Select(each => each.Rule)));
        Assert.Equal(severity, finding.Severity);
        Assert.Contains(shown ?? "", finding.Excerpt + finding.Message, StringComparison.Ordinal);
        return finding;
    }
}
