using LeadLedger.Messaging;

namespace LeadLedger.Tests.Messaging;

public sealed class TemplateRendererTests
{
    private static readonly Template Plain = new()
    {
        Id = "test",
        Version = 1,
        Class = TemplateClass.Transactional,
        OptOutLine = false,
        Text = "Hi {{first_name}}, this is {{business_name}}. We will call {{window}}.",
        NamelessText = "This is {{business_name}}. You called {{called_at}}. We will call {{window}}.",
    };

    [Fact]
    [Trait("Requirement", "ACK-14")]
    public void A_known_first_name_is_greeted()
    {
        var text = Render(Plain, ("first_name", "Maria"), ("business_name", "Acme"), ("window", "on Monday after 8:00 AM"));

        Assert.Equal("Hi Maria, this is Acme. We will call on Monday after 8:00 AM.", text.Body);
        Assert.Empty(text.Missing);
        Assert.True(text.Sendable);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("  \u200B\t")]
    [InlineData("null")]
    [InlineData("NULL")]
    [InlineData("undefined")]
    [InlineData("A name far longer than twenty characters")]
    [Trait("Requirement", "NRM-13")]
    [Trait("Requirement", "ACK-14")]
    public void Without_a_usable_first_name_the_nameless_text_says_when_the_call_was(string? firstName)
    {
        var text = Render(
            Plain, ("first_name", firstName), ("business_name", "Acme"), ("called_at", "at 10:42 AM"), ("window", "today"));

        Assert.Equal("This is Acme. You called at 10:42 AM. We will call today.", text.Body);
        Assert.Equal(["first_name"], text.Missing);
        Assert.True(text.Sendable);
    }

    [Fact]
    public void Missing_words_take_their_space_along_and_missing_hours_have_a_fallback()
    {
        var text = Render(Plain, ("business_name", "Acme"));

        Assert.Equal("This is Acme. You called. We will call during business hours.", text.Body);
        Assert.True(text.Sendable);
    }

    [Fact]
    public void Without_the_business_name_the_text_is_not_sendable_and_its_sentence_is_gone()
    {
        var text = Render(Plain, ("window", "today"));

        Assert.Equal("You called. We will call today.", text.Body);
        Assert.Contains("business_name", text.Missing);
        Assert.False(text.Sendable);
    }

    [Theory]
    [InlineData("{{business_name}}")]
    [InlineData("@(1+1)")]
    [InlineData("${HOME}")]
    [InlineData("{0} %s \\n")]
    [InlineData("<b>&amp;</b>")]
    public void A_value_is_never_read_as_a_template(string value)
    {
        var text = Render(Text("Note {{service}}."), ("service", value));

        Assert.Equal($"Note {value}.", text.Body);
    }

    [Theory]
    [InlineData("Acme\r\nRoofing\n\n  Inc", "Acme Roofing Inc")]
    [InlineData("\u202Eevil\u202C name\0", "evil name")]
    [InlineData("  O\u2019Brien \u2013 Sons ", "O'Brien - Sons")]
    [InlineData("tab\tand\u2028line", "tab and line")]
    public void Control_and_invisible_characters_of_a_value_are_collapsed(string value, string printed) =>
        Assert.Equal($"From {printed}.", Render(Text("From {{business_name}}."), ("business_name", value)).Body);

    [Fact]
    public void Half_a_surrogate_pair_is_dropped() =>
        Assert.Equal("From lone x.", Render(Text("From {{business_name}}."), ("business_name", "lone \uD83D x")).Body);

    [Fact]
    public void A_long_value_is_cut_at_its_limit_and_says_so()
    {
        var text = Render(Text("{{service}}"), ("service", new string('a', 39) + "😀😀"));

        Assert.Equal(new string('a', 37) + "...", text.Body);
    }

    [Fact]
    public void A_cut_never_splits_a_surrogate_pair()
    {
        var text = Render(Text("{{service}}"), ("service", new string('a', 36) + "😀😀😀"));

        Assert.Equal(new string('a', 36) + "...", text.Body);
    }

    [Fact]
    public void A_name_that_ends_in_a_full_stop_gets_no_second_one() =>
        Assert.Equal("From Acme Inc.", Render(Text("From {{business_name}}."), ("business_name", "Acme Inc.")).Body);

    [Theory]
    [InlineData("Hi {{no_such_thing}} there. Bye {{business_name}}.", "Bye Acme.")]
    [InlineData("Bye {{business_name}}. Hi {{first_name", "Bye Acme.")]
    [InlineData("Bye {{ business_name }}. Hi {{}}.", "Bye Acme.")]
    public void Unknown_and_broken_placeholders_are_never_printed(string template, string body)
    {
        var text = Render(Text(template), ("business_name", "Acme"), ("first_name", "Maria"));

        Assert.Equal(body, text.Body);
        Assert.False(text.Sendable);
    }

    [Fact]
    [Trait("Requirement", "C-15")]
    public void The_opt_out_line_is_added_in_the_language_of_the_template()
    {
        var english = Text("Hi from {{business_name}}.") with { OptOutLine = true };

        Assert.Equal("Hi from Acme. Reply STOP to opt out.", Render(english, ("business_name", "Acme")).Body);
        Assert.Equal(
            "Hi from Acme. Responda STOP para salir.",
            Render(english with { Locale = "es" }, ("business_name", "Acme")).Body);
    }

    [Fact]
    public void A_text_that_says_stop_itself_gets_no_second_line_and_staff_get_none()
    {
        var own = Text("{{business_name}}. Text STOP to end.") with { OptOutLine = true };
        var staff = Text("New lead") with { OptOutLine = true, Audience = TemplateAudience.Staff };

        Assert.Equal("Acme. Text STOP to end.", Render(own, ("business_name", "Acme")).Body);
        Assert.Equal("New lead", Render(staff).Body);
        Assert.EndsWith(
            OptOutLines.English,
            Render(own with { Text = "{{business_name}}: NONSTOP service." }, ("business_name", "Acme")).Body,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_that_would_break_the_agreed_length_is_left_out()
    {
        var template = Plain with { MaxSegments = 1 };

        var text = Render(template, ("first_name", "Владимир"), ("business_name", "Acme Roofing"), ("window", "on Monday after 8:00 AM"));

        Assert.Equal("This is Acme Roofing. You called. We will call on Monday after 8:00 AM.", text.Body);
        Assert.Equal(1, text.Length.Segments);
        Assert.Contains("first_name", text.Missing);
    }

    [Fact]
    public void Accents_are_kept_where_transliteration_is_switched_off() =>
        Assert.Equal(
            "De Peña y Muñíz.",
            Render(Text("De {{business_name}}.") with { Transliterate = false }, ("business_name", "Peña y Muñíz")).Body);

    [Fact]
    public void The_length_is_that_of_the_body()
    {
        var text = Render(Plain, ("first_name", "Ana"), ("business_name", "Acme"), ("window", "today"));

        Assert.Equal(SmsSegments.Measure(text.Body), text.Length);
    }

    [Fact]
    public void Rendering_allocates_little_more_than_the_result()
    {
        var values = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["business_name"] = "Acme Roofing",
            ["first_name"] = "Maria",
            ["window"] = "when we open tomorrow at 8:00 AM",
        };
        var body = TemplateRenderer.Render(Plain, values).Body;

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            TemplateRenderer.Render(Plain, values);
        }

        var perRender = (GC.GetAllocatedBytesForCurrentThread() - before) / 100;
        Assert.InRange(perRender, 1, body.Length * 2 + 120);
    }

    private static Template Text(string text) => new()
    {
        Id = "test",
        Version = 1,
        Class = TemplateClass.Service,
        OptOutLine = false,
        Text = text,
    };

    private static RenderedText Render(Template template, params (string Name, string? Value)[] values) =>
        TemplateRenderer.Render(template, values.ToDictionary(pair => pair.Name, pair => pair.Value, StringComparer.Ordinal));
}
