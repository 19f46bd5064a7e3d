using System.Text;
using System.Text.Json;
using LeadLedger.Leads;
using LeadLedger.Reading;

namespace LeadLedger.Tests.Reading;

public sealed class MaskingTests
{
    private const string Id = "01939f2c-5f6e-7c1b-9d55-0a2b3c4d5e6f";

    [Theory]
    [InlineData("sms_received",
        $$$"""{"inquiry":"{{{Id}}}","messageSid":"SM1","from":"+12145558642","fromRaw":"214 555 8642","body":"She said ”hello” and lives at 5 Elm Street","occurredAt":"2026-11-20T10:00:00Z","match":{"outcome":"new","keys":["phone:+12145558642"],"reason":"unknown","ruleVersion":"1","others":[]}}""",
        "Text from ••• ••42: “•••”.")]
    [InlineData("note_added", """{"text":"Maria's sister, 214-555-8642","by":"dana"}""", "dana noted: “•••”.")]
    [InlineData("task_cancelled", $$$"""{"task":"{{{Id}}}","reason":"Maria called back","by":"dana"}""", "dana cancelled the task: •••.")]
    [InlineData("task_escalated", $$$"""{"task":"{{{Id}}}","rung":"remind_owner","audience":"owner","to":"luis"}""", "The task climbed to remind owner; luis was told.")]
    [InlineData("opted_out", """{"kind":"phone","value":"+12145558642","word":"Maria said stop","via":"staff","providerReplied":false}""", "••• ••42 wants no more texts (•••, by staff).")]
    [InlineData("something_new", """{"text":"Maria"}""", "An event of the type something_new, which this version cannot put into words.")]
    public void A_sentence_is_made_of_what_is_left_of_its_event(string type, string data, string sentence) =>
        Assert.Equal(sentence, Masking.Sentence(LeadStreams.Model, type, Encoding.UTF8.GetBytes(data), masked: true));

    [Fact]
    public void What_stands_under_a_name_nobody_decided_about_is_hidden_and_ids_instants_numbers_and_flags_stay()
    {
        var answer = Masked(
            $$$"""{"items":[{"id":"{{{Id}}}","status":"needs_callback","newField":"Maria","nested":{"deep":["Maria","+12145558642"]},"at":"2026-11-20T10:00:00Z","count":3,"open":true,"none":null,"extra":{"Maria":"x"},"sources":{"form website":2}}],"next":"abc"}""");
        Assert.Equal(
            $$$"""{"items":[{"id":"{{{Id}}}","status":"needs_callback","newField":"•••","nested":{"deep":["•••","••• ••42"]},"at":"2026-11-20T10:00:00Z","count":3,"open":true,"none":null,"extra":{},"sources":{"form website":2}}],"next":"abc"}""",
            answer);
    }

    [Fact]
    public void A_reason_out_of_our_own_list_stays_and_one_that_was_typed_goes() => Assert.Equal(
        """{"type":"call_missed","data":{"reason":"no_answer"},"reason":"•••","inquiries":[{"reason":"busy"}]}""",
        Masked("""{"type":"call_missed","data":{"reason":"no_answer"},"reason":"Maria said so","inquiries":[{"reason":"busy"}]}"""));

    private static string Masked(string json)
    {
        using var document = JsonDocument.Parse(json);
        return Encoding.UTF8.GetString(Masking.Answer(LeadStreams.Model, document.RootElement));
    }
}
