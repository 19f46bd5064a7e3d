using System.Xml.Linq;
using LeadLedger.Intake;

namespace LeadLedger.Tests.Intake.Twilio;

public sealed class TwimlTests
{
    private const string Base = "https://leads.example.com/";

    [Fact]
    public void Dial_keeps_the_caller_hearing_the_ring_and_reports_every_state()
    {
        var dial = Root(Twiml.Dial(Base, "+15125550100", 20, "/twilio/dial?b=a&c=d", "/twilio/leg")).Element("Dial")!;
        var number = dial.Element("Number")!;

        Assert.Equal("true", dial.Attribute("answerOnBridge")!.Value);
        Assert.Equal("20", dial.Attribute("timeout")!.Value);
        Assert.Equal("https://leads.example.com/twilio/dial?b=a&c=d", dial.Attribute("action")!.Value);
        Assert.Equal("https://leads.example.com/twilio/leg", number.Attribute("statusCallback")!.Value);
        Assert.Equal("initiated ringing answered completed", number.Attribute("statusCallbackEvent")!.Value);
        Assert.Equal("+15125550100", number.Value);
    }

    [Fact]
    public void Voicemail_announces_that_it_records_and_always_names_an_action()
    {
        var root = Root(Twiml.Voicemail(Base, "Demo & Sons <Roofing> \"1\"\u0001\ud800", "/twilio/done", "/twilio/rec"));
        var record = root.Element("Record")!;

        Assert.Contains("records", root.Element("Say")!.Value, StringComparison.Ordinal);
        Assert.Contains("Demo & Sons <Roofing> \"1\"", root.Element("Say")!.Value, StringComparison.Ordinal);
        Assert.Equal("https://leads.example.com/twilio/done", record.Attribute("action")!.Value);
        Assert.Equal("https://leads.example.com/twilio/rec", record.Attribute("recordingStatusCallback")!.Value);
        Assert.Equal("120", record.Attribute("maxLength")!.Value);
        Assert.Equal("true", record.Attribute("playBeep")!.Value);
        Assert.NotNull(root.Element("Hangup"));
    }

    [Fact]
    public void The_shortest_answers_are_valid_documents()
    {
        Assert.NotNull(Root(Twiml.Hangup).Element("Hangup"));
        Assert.Empty(Root(Twiml.Empty).Elements());
    }

    [Fact]
    public void Any_name_gives_a_valid_document()
    {
        var random = new Random(5);
        for (var round = 0; round < 5_000; round++)
        {
            var name = new string([.. Enumerable.Range(0, 20).Select(_ => (char)random.Next(0x10000))]);

            Assert.Equal("Response", Root(Twiml.Voicemail(Base, name, "/a", name)).Name.LocalName);
        }
    }

    [Theory]
    [InlineData("https://x.example", "/a?b", "https://x.example/a?b")]
    [InlineData("https://x.example/", "/a", "https://x.example/a")]
    [InlineData("https://x.example/pre", "a", "https://x.example/pre/a")]
    public void Addresses_are_absolute(string root, string path, string expected) =>
        Assert.Equal(expected, PublicUrl.Of(root, path));

    private static XElement Root(string xml) => XDocument.Parse(xml).Root!;
}
