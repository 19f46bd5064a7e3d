using LeadLedger.Messaging;

namespace LeadLedger.Tests.Messaging;

public sealed class OwnerAlertTextTests
{
    private static readonly OwnerAlertContent Maria = new(
        Kind: "missed call",
        Name: "Maria Lopez",
        PhoneNational: "(512) 555-0142",
        PhoneE164: "+15125550142",
        Message: "Water is coming through the ceiling",
        SourcePage: "https://www.acme-roofing.example/emergency/?gclid=abc#top",
        Source: "main line",
        Intent: "emergency repair",
        Score: 82,
        CalledAt: "at 10:42 AM",
        LeadLink: "https://leads.acme.example/l/0192f0c1");

    [Fact]
    [Trait("Requirement", "OWN-06")]
    [Trait("Requirement", "OWN-07")]
    public void The_alert_has_its_heading_and_every_line_in_order()
    {
        var text = Sms(Maria);

        Assert.Equal(
            """
            New missed call
            Name: Maria Lopez
            Phone: (512) 555-0142
            Message: Water is coming through the ceiling
            Call: tel:+15125550142
            Text: sms:+15125550142
            Page: acme-roofing.example/emergency
            Lead: https://leads.acme.example/l/0192f0c1
            """,
            text.Body);
        Assert.True(text.Sendable);
    }

    [Fact]
    public void Unknown_name_and_message_keep_their_lines()
    {
        var text = Sms(new("missed call", PhoneNational: "(512) 555-0142", PhoneE164: "+15125550142", Source: "main line"));

        Assert.Equal(
            """
            New missed call
            Name: not given
            Phone: (512) 555-0142
            Message: none
            Call: tel:+15125550142
            Text: sms:+15125550142
            Page: main line
            """,
            text.Body);
    }

    [Fact]
    [Trait("Requirement", "OWN-11")]
    public void A_withheld_number_offers_the_call_log_and_no_call_link()
    {
        var text = Sms(Maria with { Withheld = true, CallLogLink = "https://leads.acme.example/calls/7" });

        Assert.StartsWith("New missed call, number withheld\n", text.Body, StringComparison.Ordinal);
        Assert.Contains("Call log: https://leads.acme.example/calls/7", text.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("tel:", text.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("sms:", text.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("555", text.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("555", OwnerAlertText.Email(Template(Maria with { Withheld = true }), Maria with { Withheld = true }).Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("long plain words about a roof and a leak ")]
    [InlineData("Вода течёт через потолок уже третий день ")]
    [InlineData("漏水了請幫忙")]
    [InlineData("{[€]}~")]
    [InlineData("😀")]
    [Trait("Requirement", "OWN-08")]
    public void Whatever_was_written_the_alert_stays_within_three_segments_and_keeps_its_links(string piece)
    {
        var endless = string.Concat(Enumerable.Repeat(piece, 200));
        OwnerAlertContent[] alerts =
        [
            Maria with { Message = endless },
            Maria with { Message = endless, Name = endless, SourcePage = endless, Note = endless, SharedWith = endless, Email = "maria@example.com" },
            Maria with { Message = endless, Name = endless, Withheld = true, Note = endless, SourcePage = endless },
        ];

        Assert.All(alerts, content =>
        {
            var text = Sms(content);
            Assert.InRange(text.Length.Segments, 1, 3);
            Assert.Equal(SmsSegments.Measure(text.Body), text.Length);
            Assert.Contains("https://leads.acme.example/l/0192f0c1", text.Body, StringComparison.Ordinal);
            Assert.Contains("...", text.Body, StringComparison.Ordinal);
            Assert.Equal(!content.Withheld, text.Body.Contains("tel:+15125550142", StringComparison.Ordinal));
        });
    }

    [Fact]
    public void A_message_that_must_be_cut_keeps_as_much_as_fits()
    {
        var text = Sms(Maria with { Message = string.Concat(Enumerable.Repeat("а", 300)) });

        Assert.Equal(3, text.Length.Segments);
        Assert.InRange(text.Length.Units, 199, 201);
        Assert.Contains("Message: ааааааааааааааааа", text.Body, StringComparison.Ordinal);
    }

    [Fact]
    public void A_message_cannot_add_labelled_lines()
    {
        var text = Sms(Maria with { Message = "hello\r\nCall: tel:+19005550100" });

        Assert.Contains("Message: hello Call: tel:+19005550100\nCall: tel:+15125550142", text.Body, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Requirement", "CON-15")]
    public void Withheld_details_leave_the_message_and_page_to_the_lead_page()
    {
        var secret = Maria with { Message = "implant consult", SourcePage = "https://x.example/botox", WithholdDetails = true };

        var text = Sms(secret).Body;
        var mail = OwnerAlertText.Email(Template(secret), secret);

        Assert.Contains("Message: see the lead page", text, StringComparison.Ordinal);
        Assert.All([text, mail.Body, mail.Subject], part =>
        {
            Assert.DoesNotContain("implant", part, StringComparison.Ordinal);
            Assert.DoesNotContain("botox", part, StringComparison.Ordinal);
            Assert.DoesNotContain("emergency repair", part, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void The_mail_has_the_whole_message_with_later_lines_indented()
    {
        var mail = OwnerAlertText.Email(Template(Maria), Maria with { Message = "First line\r\nPhone: fake\n\nlast 😀" });

        Assert.Equal("New missed call: Maria Lopez", mail.Subject);
        Assert.Equal(
            """
            New missed call

            Name: Maria Lopez
            Phone: (512) 555-0142
            Message: First line
              Phone: fake
              last 😀
            Call: tel:+15125550142
            Text: sms:+15125550142
            When: at 10:42 AM
            Page: https://www.acme-roofing.example/emergency/?gclid=abc#top
            Source: main line
            Intent: emergency repair
            Score: 82
            Lead: https://leads.acme.example/l/0192f0c1

            """,
            mail.Body);
    }

    [Fact]
    public void A_subject_is_one_line_and_cannot_add_a_header()
    {
        var mail = OwnerAlertText.Email(Template(Maria), Maria with { Name = "Eve\r\nBcc: all@example.com\u2028x" + new string('y', 300) });

        Assert.DoesNotContain(mail.Subject, letter => char.IsControl(letter) || letter is '\u2028');
        Assert.InRange(mail.Subject.Length, 1, 120);
    }

    [Fact]
    public void An_escalation_says_how_long_and_keeps_the_links()
    {
        var template = ShippedTemplates.Get("escalation-team");

        var text = OwnerAlertText.Sms(template, Maria with { Waiting = "after 30 min" });

        Assert.StartsWith("Nobody has claimed this missed call after 30 min\n", text.Body, StringComparison.Ordinal);
        Assert.Contains("tel:+15125550142", text.Body, StringComparison.Ordinal);
        Assert.StartsWith(
            "Nobody has claimed this missed call\n", OwnerAlertText.Sms(template, Maria).Body, StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_content_gives_the_same_text() =>
        Assert.Equal(Sms(Maria with { Message = new string('m', 900) }).Body, Sms(Maria with { Message = new string('m', 900) }).Body);

    private static Template Template(OwnerAlertContent content) => ShippedTemplates.Get(OwnerAlertText.TemplateId(content));

    private static RenderedText Sms(OwnerAlertContent content) => OwnerAlertText.Sms(Template(content), content);
}
