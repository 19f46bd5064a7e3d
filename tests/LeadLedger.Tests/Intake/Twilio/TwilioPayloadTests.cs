using System.Text;
using LeadLedger.Intake;
using LeadLedger.PhoneNumbers;
using LeadLedger.Tests.Support;
using NodaTime;

namespace LeadLedger.Tests.Intake.Twilio;

public sealed class TwilioPayloadTests
{
    [Fact]
    [Trait("Requirement", "ING-16")]
    [Trait("Requirement", "ING-07")]
    [Trait("Requirement", "ING-11")]
    public void An_incoming_call_gives_caller_line_status_and_nothing_invented()
    {
        var call = TwilioCallRequest.Read(Sample("twilio_voice_incoming.json"));

        Assert.Equal("CA450188bc524230c5086da78b80861648", call.CallSid);
        Assert.Equal("AC00000000000000000000000000000000", call.AccountSid);
        Assert.Equal("+18181234567", call.From);
        Assert.Equal("+13231234567", call.To);
        Assert.Equal(CallStatus.Ringing, call.Status);
        Assert.Equal("inbound", call.Direction);
        Assert.Equal("LOS ANGELES", call.FromCity);
        Assert.Equal(new CallerAttestation('A', true, false), call.Attestation);
        Assert.Null(call.CallDuration);
        Assert.Null(call.Timestamp);
        Assert.Null(call.DialStatus);
        Assert.Null(call.ForwardedFrom);
        Assert.Null(call.SpamScore);
        Assert.Null(call.Recording);
    }

    [Fact]
    public void A_forwarded_call_names_the_number_it_was_forwarded_from()
    {
        var call = TwilioCallRequest.Read(Sample("twilio_voice_incoming_forwarded.json"));

        Assert.Equal("+13235550100", call.ForwardedFrom);
        Assert.Equal("WIRELESS CALLER", call.CallerName);
        Assert.True(call.Attestation!.Diverted);
    }

    [Fact]
    [Trait("Requirement", "ING-07")]
    public void A_completed_status_carries_its_time_and_its_length_in_seconds()
    {
        var call = TwilioCallRequest.Read(Sample("twilio_voice_status_completed.json"));

        Assert.Equal(CallStatus.Completed, call.Status);
        Assert.Equal(62, call.CallDuration);
        Assert.Equal(0, call.SequenceNumber);
        Assert.Equal(Instant.FromUtc(2010, 8, 20, 1, 13, 42), call.Timestamp);
    }

    [Fact]
    public void A_captured_unanswered_call_is_read_with_its_sip_code()
    {
        var call = TwilioCallRequest.Read(Sample("twilio_voice_status_no_answer_outbound.json"));

        Assert.Equal(CallStatus.NoAnswer, call.Status);
        Assert.Equal(487, call.SipResponseCode);
        Assert.Equal(0, call.CallDuration);
    }

    [Theory]
    [Trait("Requirement", "ING-03")]
    [InlineData("busy", CallStatus.Busy, false, null)]
    [InlineData("canceled", CallStatus.Canceled, false, null)]
    [InlineData("completed", CallStatus.Completed, true, 47)]
    [InlineData("failed", CallStatus.Failed, false, null)]
    [InlineData("no_answer", CallStatus.NoAnswer, false, null)]
    public void The_end_of_a_dial_tells_how_the_leg_ended(string file, CallStatus status, bool bridged, int? seconds)
    {
        var call = TwilioCallRequest.Read(Sample($"twilio_dial_action_{file}.json"));

        Assert.Equal(status, call.DialStatus);
        Assert.Equal(bridged, call.DialBridged);
        Assert.Equal(seconds, call.DialCallDuration);
        Assert.Equal("CA4a1e7d4b0f6e4a3c9b8d7e6f5a4b3c2d", call.DialCallSid);
    }

    [Theory]
    [Trait("Requirement", "ING-21")]
    [InlineData("twilio_voice_incoming_anonymous_alpha.json")]
    [InlineData("twilio_voice_incoming_anonymous_digits.json")]
    [InlineData("twilio_voice_incoming_restricted_digits.json")]
    [InlineData("twilio_voice_incoming_unavailable_digits.json")]
    public void A_withheld_caller_is_recognised_in_each_sample(string file) =>
        Assert.IsType<CallerIdReading.Withheld>(CallerId.Read(TwilioCallRequest.Read(Sample(file)).From, "US"));

    [Fact]
    public void A_plus_sent_unencoded_is_restored() =>
        Assert.Equal("+18181234567", TwilioCallRequest.Read([new("From", " 18181234567")]).From);

    [Fact]
    public void Hostile_values_become_null_or_harmless()
    {
        var call = TwilioCallRequest.Read(
        [
            new("CallSid", "CA\0"), new("CallDuration", "99999999999999999999"), new("DialBridged", "maybe"),
            new("Timestamp", "Fri, 99 Aug 2010 01:13:42 +0000"), new("CallStatus", "\ud800"),
            new("SequenceNumber", "-1"), new("StirVerstat", "TN-Validation-Passed-Z"), new("AddOns", "{{{"),
        ]);

        Assert.Equal("CA\ufffd", call.CallSid);
        Assert.Null(call.CallDuration);
        Assert.Null(call.DialBridged);
        Assert.Null(call.Timestamp);
        Assert.Equal("Fri, 99 Aug 2010 01:13:42 +0000", call.TimestampText);
        Assert.Equal(CallStatus.Unknown, call.Status);
        Assert.Null(call.SequenceNumber);
        Assert.Null(call.Attestation);
        Assert.Null(call.SpamScore);
    }

    [Fact]
    public void A_recording_belongs_to_the_customers_call()
    {
        var recording = TwilioRecording.Read(Sample("twilio_recording_status.json"));

        Assert.StartsWith("CA", recording.CallSid, StringComparison.Ordinal);
        Assert.StartsWith("RE", recording.RecordingSid, StringComparison.Ordinal);
        Assert.StartsWith("https://", recording.Url, StringComparison.Ordinal);
        Assert.Equal("completed", recording.Status);
        Assert.NotNull(recording.Duration);
        Assert.NotNull(recording.StartTime);
    }

    [Fact]
    public void The_action_of_a_record_carries_its_recording()
    {
        var call = TwilioCallRequest.Read(
        [
            new("CallSid", "CA1"), new("RecordingSid", "RE1"), new("RecordingUrl", "https://api.twilio.com/RE1"),
            new("RecordingDuration", "9"),
        ]);

        Assert.Equal("RE1", call.Recording!.RecordingSid);
        Assert.Equal(9, call.Recording.Duration);
        Assert.Null(call.Recording.Status);
    }

    [Fact]
    public void An_inbound_text_is_read_with_its_words_and_pictures()
    {
        var text = TwilioMessage.Read(Sample("twilio_sms_inbound.json"));
        var picture = TwilioMessage.Read(Sample("twilio_sms_inbound_mms.json"));

        Assert.StartsWith("SM", text.MessageSid, StringComparison.Ordinal);
        Assert.NotEmpty(text.Body);
        Assert.Empty(text.Media);
        Assert.Null(text.OptOutType);
        Assert.NotEmpty(picture.Media);
        Assert.All(picture.Media, media => Assert.NotNull(media.ContentType));
    }

    [Fact]
    public void An_opt_out_that_twilio_answered_says_so_and_a_default_one_does_not()
    {
        Assert.Equal("STOP", TwilioMessage.Read(Sample("twilio_sms_inbound_stop_advanced_optout.json")).OptOutType);
        var plain = TwilioMessage.Read(Sample("twilio_sms_inbound_stop_default.json"));
        Assert.Null(plain.OptOutType);
        Assert.Equal("STOP ", plain.Body);
    }

    [Fact]
    public void Media_numbers_out_of_range_are_ignored()
    {
        var message = TwilioMessage.Read([new("MediaUrl99", "x"), new("MediaUrl-1", "x"), new("MediaUrl3", "y")]);

        Assert.Equal(new TwilioMedia("y", null), Assert.Single(message.Media));
    }

    [Fact]
    public void Delivery_callbacks_are_read()
    {
        var failed = TwilioMessageStatus.Read(Sample("twilio_sms_status_undelivered_30003.json"));
        var sent = TwilioMessageStatus.Read(Sample("twilio_sms_status_sent.json"));

        Assert.Equal("undelivered", failed.Status);
        Assert.Equal(30003, failed.ErrorCode);
        Assert.Equal("sent", sent.Status);
        Assert.Null(sent.To);
        Assert.Null(sent.ErrorCode);
    }

    [Theory]
    [InlineData("delivered", "sent", false)]
    [InlineData("sent", "delivered", true)]
    [InlineData("sent", "sent", false)]
    [InlineData(null, "accepted", true)]
    [InlineData("delivered", "read", true)]
    [InlineData("read", "delivered", false)]
    [InlineData("delivered", "failed", true)]
    [InlineData("failed", "delivered", false)]
    [InlineData("queued", "vanished", false)]
    [InlineData("sending", "failed", true)]
    public void A_state_replaces_only_one_of_lower_rank(string? known, string reported, bool replaces) =>
        Assert.Equal(replaces, MessageStatuses.Replaces(known, reported));

    [Theory]
    [InlineData("TN-Validation-Passed-B", 'B', true, false)]
    [InlineData("TN-Validation-Failed-C-Diverted", 'C', false, true)]
    [InlineData("TN-Validation-Failed", null, false, false)]
    [InlineData("No-TN-Validation", null, null, false)]
    [InlineData("No-TN-Validation-Diverted", null, null, true)]
    public void Attestations_are_told_apart(string text, char? letter, bool? passed, bool diverted) =>
        Assert.Equal(new CallerAttestation(letter, passed, diverted), CallerAttestation.Read(text));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("NULL")]
    [InlineData("TN-Validation-Passed-AA")]
    public void Anything_else_is_no_attestation(string? text) => Assert.Null(CallerAttestation.Read(text));

    [Theory]
    [Trait("Requirement", "ING-10")]
    [InlineData("SpamScore", "85", 85)]
    [InlineData("SpamScore", "101", null)]
    [InlineData("SpamScore", "-5", null)]
    [InlineData("SpamScore", "NaN", null)]
    [InlineData("AddOns", "{\"results\":{\"nomorobo_spamscore\":{\"result\":{\"score\":1}}}}", 100)]
    [InlineData("AddOns", "{\"results\":{\"nomorobo_spamscore\":{\"result\":{\"score\":0}}}}", 0)]
    [InlineData(
        "AddOns",
        "{\"results\":{\"marchex_cleancall\":{\"result\":{\"result\":{\"recommendation\":\"BLOCK\"}}}}}",
        100)]
    [InlineData("AddOns", "{\"results\":{\"other\":{\"result\":{\"spam_score\":42}}}}", 42)]
    [InlineData("AddOns", "{\"results\":[1,2]}", null)]
    [InlineData("AddOns", "[[[[", null)]
    public void Spam_scores_are_read_from_parameters_and_add_ons(string name, string value, int? score) =>
        Assert.Equal(score, SpamScore.Read([new(name, value)]));

    [Fact]
    public void Random_fields_never_throw()
    {
        var names = new[]
        {
            "CallSid", "From", "CallStatus", "Timestamp", "StirVerstat", "AddOns", "DialBridged", "MediaUrl1", "Body",
            "RecordingSid", "RecordingStartTime", "MessageStatus", "ErrorCode", "SpamScore", "",
        };
        var random = new Random(3);
        for (var round = 0; round < 20_000; round++)
        {
            var fields = Enumerable.Range(0, 8).Select(_ =>
            {
                var text = new char[random.Next(20)];
                for (var index = 0; index < text.Length; index++)
                {
                    text[index] = (char)(random.Next(2) == 0 ? random.Next(0x10000) : random.Next(0x20, 0x7f));
                }

                return KeyValuePair.Create(names[random.Next(names.Length)], new string(text));
            }).ToArray();

            Assert.NotNull(TwilioCallRequest.Read(fields));
            Assert.NotNull(TwilioRecording.Read(fields));
            Assert.NotNull(TwilioMessage.Read(fields));
            Assert.NotNull(TwilioMessageStatus.Read(fields));
        }
    }

    private static IReadOnlyList<KeyValuePair<string, string>> Sample(string file) =>
        FormBody.Read(
            Encoding.UTF8.GetBytes(ContractFiles.Sample(file).GetProperty("raw").GetString()!),
            "application/x-www-form-urlencoded").Pairs;
}
