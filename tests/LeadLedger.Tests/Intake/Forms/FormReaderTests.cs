using System.Security.Cryptography;
using System.Text;
using LeadLedger.Businesses;
using LeadLedger.Intake;
using LeadLedger.Tests.Support;
using NodaTime;
using NodaTime.Text;

namespace LeadLedger.Tests.Intake.Forms;

public sealed class FormReaderTests
{
    private const string Json = "application/json";
    private const string Encoded = "application/x-www-form-urlencoded";
    private const string Label = "I agree to receive texts from Demo Roofing.";

    private static readonly Form Plain = new()
    {
        Id = "contact",
        Label = "Contact",
        Version = "3",
        Authentication = new() { Scheme = FormScheme.SharedSecret },
    };

    [Fact]
    [Trait("Requirement", "ING-33")]
    public void A_typeform_response_is_read_by_reference_type_and_hidden_field()
    {
        var form = Plain with { Kind = FormKind.Typeform, Consent = Consent("sms_consent") };

        var submission = Accepted(form, Sample("typeform_form_response.json"));

        Assert.Equal("Jane Doe", submission.Name);
        Assert.Equal("+15125550134", submission.PhoneRaw);
        Assert.Equal("jane@example.com", submission.EmailRaw);
        Assert.Equal("Leak repair", submission.Service);
        Assert.Equal("google", submission.Campaign.Source);
        Assert.Equal("a3a12ec67a1365927098a606107fac15", submission.SubmissionId);
        Assert.False(submission.SubmissionIdIsHash);
        Assert.Equal(Instant.FromUtc(2018, 1, 18, 18, 17, 2), submission.SubmittedAt!.Instant);
        Assert.True(submission.Consent!.Ticked);
        Assert.Equal("true", submission.Consent.Raw);
    }

    [Fact]
    public void Typeform_questions_are_found_by_reference_and_by_title()
    {
        var form = Plain with
        {
            Kind = FormKind.Typeform,
            Fields = new Dictionary<string, IReadOnlyList<string>>
            {
                [FieldNames.Name] = ["Your name?"],
                [FieldNames.Phone] = ["phone"],
                [FieldNames.Message] = ["service"],
            },
        };

        var submission = Accepted(form, Sample("typeform_form_response.json"));

        Assert.Equal("Jane Doe", submission.Name);
        Assert.Equal("+15125550134", submission.PhoneRaw);
        Assert.Equal("Leak repair", submission.Message);
        Assert.Contains(new("sms_consent", "true"), submission.Extra);
    }

    [Fact]
    [Trait("Requirement", "ING-33")]
    public void A_webflow_submission_is_read_without_any_mapping()
    {
        var submission = Accepted(Plain, Sample("webflow_form_submission.json"));

        Assert.Equal("John Doe", submission.Name);
        Assert.Equal("John", submission.FirstName);
        Assert.Equal("Doe", submission.LastName);
        Assert.Equal("john.doe@example.com", submission.EmailRaw);
        Assert.Equal("I'd like to learn more about your services", submission.Message);
        Assert.Equal("65a5d3c8f7e2b40012345678", submission.SubmissionId);
        Assert.Equal(Instant.FromUtc(2024, 1, 15, 14, 30), submission.SubmittedAt!.Instant);
    }

    [Theory]
    [Trait("Requirement", "ING-33")]
    [InlineData(true)]
    [InlineData(false)]
    public void A_wordpress_entry_is_read_by_its_numbered_keys_as_json_and_as_a_form(bool json)
    {
        var form = Plain with
        {
            Fields = new Dictionary<string, IReadOnlyList<string>>
            {
                [FieldNames.Name] = ["1.3", "1.6"],
                [FieldNames.Email] = ["2"],
                [FieldNames.Phone] = ["3"],
                [FieldNames.Message] = ["4"],
            },
            Consent = Consent("5.1"),
        };
        var entry = ContractFiles.Sample("gravityforms_entry.json").GetProperty("body");
        var payload = json
            ? Read(entry.GetRawText())
            : Read(
                string.Join('&', entry.EnumerateObject().Select(field =>
                    $"{field.Name}={Uri.EscapeDataString(field.Value.GetString()!)}")),
                Encoded);

        var submission = Accepted(form, payload);

        Assert.Equal("Jane Doe", submission.Name);
        Assert.Equal("(512) 555-0134", submission.PhoneRaw);
        Assert.Equal("jane@example.com", submission.EmailRaw);
        Assert.Equal("Roof leak", submission.Message);
        Assert.Equal("https://example.com/contact/", submission.SourceUrl);
        Assert.Equal("134", submission.SubmissionId);
        Assert.True(submission.Consent!.Ticked);
        Assert.Equal("I agree to receive texts", submission.Consent.Raw);
        Assert.DoesNotContain(submission.Extra, field => field.Key == "ip");
    }

    [Fact]
    public void Three_builders_and_a_custom_endpoint_give_the_same_words()
    {
        const string jotform = """{"formID":"20","submissionID":"5","rawRequest":"{\"q3_name\":{\"first\":\"Jane\",\"last\":\"Doe\"},\"q4_phone\":{\"full\":\"512-555-0134\"}}"}""";
        const string tally = """
            {"eventId":"e","data":{"responseId":"r","fields":[
            {"key":"q1","label":"Full name","type":"INPUT_TEXT","value":"Jane Doe"},
            {"key":"q2","label":"How do we reach you?","type":"INPUT_PHONE_NUMBER","value":"512-555-0134"},
            {"key":"q3","label":"Service","type":"CHECKBOXES","value":["o2"],"options":[{"id":"o1","text":"Gutter"},{"id":"o2","text":"Leak"}]}]}}
            """;
        PayloadDocument[] payloads =
        [
            Read(jotform),
            Read(tally),
            Read("your-name=Jane+Doe&tel-417=512-555-0134", Encoded),
            Read("fields[name][value]=Jane+Doe&fields[phone][value]=512-555-0134&fields[phone][type]=tel", Encoded),
            Read("""{"fields":{"n":{"id":"n","type":"text","title":"Name","value":"Jane Doe"},"phone":{"type":"tel","value":"512-555-0134"}}}"""),
            Read("""{"name":"Jane Doe","phone_number":"512-555-0134"}"""),
            Read("""{"customer":{"First Name":"Jane","Last Name":"Doe","Mobile":"512-555-0134"}}"""),
            Read("""{"contact":{"name":{"first":"Jane","last":"Doe"},"Phone *":"512-555-0134"}}"""),
        ];

        Assert.All(payloads, payload =>
        {
            var submission = Accepted(Plain, payload);
            Assert.Equal("Jane Doe", submission.Name);
            Assert.Equal("512-555-0134", submission.PhoneRaw);
        });
        Assert.Equal("Leak", Accepted(Plain, payloads[1]).Service);
    }

    [Fact]
    public void Jotforms_sample_is_read_from_its_multipart_body()
    {
        var fields = ContractFiles.Sample("jotform_submission.json").GetProperty("body").EnumerateObject();
        var body = string.Concat(fields.Select(field =>
            $"--b\r\nContent-Disposition: form-data; name=\"{field.Name}\"\r\n\r\n{field.Value.GetString()}\r\n")) + "--b--\r\n";

        var submission = Accepted(Plain, Read(body, "multipart/form-data; boundary=b"));

        Assert.Equal("Kin Lane", submission.Name);
        Assert.Equal("kin@example.com", submission.EmailRaw);
        Assert.Equal("5123456789012345678", submission.SubmissionId);
    }

    [Fact]
    public void Tallys_sample_is_read_by_its_labels()
    {
        var submission = Accepted(Plain, Sample("tally_form_response.json"));

        Assert.Equal("+15125550134", submission.PhoneRaw);
        Assert.Equal("2wgx4n", submission.SubmissionId);
        Assert.Equal(Instant.FromUtc(2023, 6, 28, 15, 0, 21), submission.SubmittedAt!.Instant);
    }

    [Fact]
    [Trait("Requirement", "ING-42")]
    [Trait("Requirement", "NRM-04")]
    [Trait("Requirement", "NRM-08")]
    public void All_fields_we_have_words_for_are_read()
    {
        var submission = Accepted(Plain, Read("""
            {"widget_id":"w1","source_url":"https://a.example/p","name":"Jane","phone":"512-555-0134","email":"j@example.com",
             "message":"Line 1\nLine 2","company":"ACME","job_title":"Owner","service":"Roof","budget":"5k","deadline":"May",
             "best_time":"mornings","referrer":"https://g.example","landing_page":"https://a.example/l","locale":"en-US",
             "utm_source":"s","utm_medium":"m","utm_campaign":"c","utm_term":"t","utm_content":"o","gclid":"g","fbclid":"f"}
            """));

        Assert.Equal("w1", submission.WidgetId);
        Assert.Equal("https://a.example/p", submission.SourceUrl);
        Assert.Equal("Line 1\nLine 2", submission.Message);
        Assert.Equal("ACME", submission.Company);
        Assert.Equal("Owner", submission.Role);
        Assert.Equal("Roof", submission.Service);
        Assert.Equal("5k", submission.Budget);
        Assert.Equal("May", submission.Deadline);
        Assert.Equal("mornings", submission.PreferredTime);
        Assert.Equal("https://g.example", submission.Referrer);
        Assert.Equal("https://a.example/l", submission.LandingUrl);
        Assert.Equal("en-US", submission.Locale);
        Assert.Equal(
            new Campaign { Source = "s", Medium = "m", Name = "c", Term = "t", Content = "o", Gclid = "g", Fbclid = "f" },
            submission.Campaign);
        Assert.Empty(submission.Extra);
        Assert.Equal(("contact", "3"), (submission.FormId, submission.FormVersion));
    }

    [Fact]
    [Trait("Requirement", "ING-39")]
    public void Campaign_data_comes_from_body_then_query_then_the_pages_addresses()
    {
        var payload = Read("""
            {"phone":"512-555-0134","utm_source":"body","landing_url":"https://a.example/?utm_source=x&utm_medium=landing&gclid=G%201#top",
             "source_url":"https://a.example/p?utm_term=source&gclid=no"}
            """);
        KeyValuePair<string, string>[] query = [new("utm_source", "query"), new("UTM_Campaign", "spring"), new("fbclid", "F")];

        var submission = Assert.IsType<FormReading.Accepted>(
            FormReader.Read(Plain, payload, query, _ => null, IsPhone)).Submission;

        Assert.Equal(
            new Campaign
            {
                Source = "body",
                Name = "spring",
                Medium = "landing",
                Term = "source",
                Gclid = "G 1",
                Fbclid = "F",
            },
            submission.Campaign);
    }

    [Fact]
    [Trait("Requirement", "ING-31")]
    public void Every_missing_field_is_listed_at_once()
    {
        var form = Plain with
        {
            Required = [FieldNames.Name, FieldNames.Message, FieldNames.Consent],
            Consent = Consent("agree"),
        };

        var problems = Rejected(form, Read("""{"foo":"bar"}"""));

        Assert.Equal(
            [FieldNames.Name, FieldNames.Message, FieldNames.Consent, FieldNames.Phone],
            problems.Select(problem => problem.Field));
        Assert.All(problems, problem =>
        {
            Assert.EndsWith(".", problem.Problem, StringComparison.Ordinal);
            Assert.EndsWith(".", problem.Fix, StringComparison.Ordinal);
        });
    }

    [Theory]
    [Trait("Requirement", "ING-38")]
    [InlineData("""{"phone":"512-555-0134"}""", "")]
    [InlineData("""{"email":"j@example.com"}""", "")]
    [InlineData("""{"phone":"123","email":"j@example.com"}""", "")]
    [InlineData("""{"phone":"512-555-0134","email":"nonsense"}""", "")]
    [InlineData("""{"phone":"123"}""", "phone")]
    [InlineData("""{"email":"nonsense"}""", "email")]
    [InlineData("""{"phone":"123","email":"a@b"}""", "phone,email")]
    [InlineData("""{"phone":"  ","email":""}""", "phone")]
    [InlineData("""{"phone":null}""", "phone")]
    [InlineData("[]", "phone")]
    [InlineData("3", "phone")]
    public void One_reachable_contact_point_is_enough(string body, string problems)
    {
        var reading = FormReader.Read(Plain, Read(body), [], _ => null, IsPhone);

        Assert.Equal(
            problems,
            reading is FormReading.Rejected rejected
                ? string.Join(',', rejected.Problems.Select(problem => problem.Field))
                : "");
        Assert.Equal(problems.Length == 0, reading is FormReading.Accepted);
    }

    [Fact]
    public void A_required_phone_must_be_readable_even_beside_an_email() =>
        Assert.Equal(
            FieldNames.Phone,
            Assert.Single(Rejected(
                Plain with { Required = [FieldNames.Phone] },
                Read("""{"phone":"123","email":"j@example.com"}"""))).Field);

    [Theory]
    [Trait("Requirement", "SEC-02")]
    [InlineData("""{"hp":"http://spam.example"}""", true)]
    [InlineData("""{"hp":"x","phone":"512-555-0134"}""", true)]
    [InlineData("""{"hp":" ","phone":"512-555-0134"}""", false)]
    [InlineData("""{"hp":false,"phone":"512-555-0134"}""", false)]
    [InlineData("""{"phone":"512-555-0134"}""", false)]
    public void A_filled_trap_is_told_before_anything_else(string body, bool trapped) =>
        Assert.Equal(
            trapped,
            FormReader.Read(Plain with { HoneypotPath = "hp" }, Read(body), [], _ => null, IsPhone)
                is FormReading.Honeypot);

    [Fact]
    public void An_unreadable_body_is_told_with_its_reason() =>
        Assert.NotEmpty(Assert.IsType<FormReading.Unreadable>(
            FormReader.Read(Plain, Read("{{{"), [], _ => null, IsPhone)).Reason);

    [Theory]
    [Trait("Requirement", "ING-32")]
    [InlineData("true", true)]
    [InlineData("\"on\"", true)]
    [InlineData("1", true)]
    [InlineData("\"Yes\"", true)]
    [InlineData("\"checked\"", true)]
    [InlineData("\"I agree to the terms\"", true)]
    [InlineData("\"i agree to receive texts from demo  roofing.\"", true)]
    [InlineData("[\"I agree\"]", true)]
    [InlineData("false", false)]
    [InlineData("\"no\"", false)]
    [InlineData("0", false)]
    [InlineData("\"\"", false)]
    [InlineData("null", false)]
    [InlineData("\"I do not agree\"", false)]
    [InlineData("\"maybe\"", false)]
    [InlineData("{}", false)]
    public void Only_a_clear_yes_is_consent(string value, bool ticked)
    {
        var consent = Accepted(
            Plain with { Consent = Consent("agree") },
            Read($$"""{"phone":"512-555-0134","agree":{{value}}}""")).Consent!;

        Assert.Equal(ticked, consent.Ticked);
        Assert.Equal(Label, consent.Text);
        Assert.Equal(Sha256(Label), consent.TextHash);
        Assert.Equal(["transactional_reply"], consent.Purposes);
        Assert.Equal(Sha256("2026-01"), consent.PrivacyPolicyHash);
    }

    [Fact]
    [Trait("Requirement", "ING-32")]
    public void A_box_drawn_ticked_proves_nothing()
    {
        var consent = Accepted(
            Plain with { Consent = Consent("agree") with { PreChecked = true } },
            Read("""{"phone":"512-555-0134","agree":true}""")).Consent!;

        Assert.False(consent.Ticked);
        Assert.True(consent.PreChecked);
        Assert.Equal("true", consent.Raw);
    }

    [Fact]
    public void A_hidden_field_before_a_checkbox_does_not_hide_the_tick()
    {
        var form = Plain with { Consent = Consent("agree") };

        Assert.True(Accepted(form, Read("phone=5125550134&agree=0&agree=1", Encoded)).Consent!.Ticked);
        Assert.False(Accepted(form, Read("phone=5125550134&agree=0", Encoded)).Consent!.Ticked);
        Assert.Null(Accepted(form, Read("phone=5125550134", Encoded)).Consent!.Raw);
    }

    [Theory]
    [Trait("Requirement", "NRM-07")]
    [InlineData("2026-02-01T18:03:11-06:00", "2026-02-02T00:03:11Z", true, false)]
    [InlineData("2026-02-01T18:03:11.25Z", "2026-02-01T18:03:11.25Z", true, false)]
    [InlineData("2026-02-01T18:03:11+0530", "2026-02-01T12:33:11Z", true, false)]
    [InlineData("2026-02-01 18:03:11 -0600", "2026-02-02T00:03:11Z", true, false)]
    [InlineData("Fri, 20 Aug 2010 01:13:42 +0000", "2010-08-20T01:13:42Z", true, false)]
    [InlineData("1705329000", "2024-01-15T14:30:00Z", true, false)]
    [InlineData("1705329000000", "2024-01-15T14:30:00Z", true, false)]
    [InlineData("2026-02-01 18:03:11", null, false, true)]
    [InlineData("2026-02-01T18:03", null, false, true)]
    [InlineData("0001-01-01T00:00:00Z", null, true, false)]
    [InlineData("9999-12-31T23:59:59Z", null, true, false)]
    [InlineData("yesterday", null, false, false)]
    public void A_time_is_kept_as_written_and_flagged_without_an_offset(
        string text,
        string? instant,
        bool known,
        bool local)
    {
        var time = Accepted(Plain, Read($$"""{"phone":"512-555-0134","submitted_at":"{{text}}"}""")).SubmittedAt!;

        Assert.Equal(text, time.Text);
        Assert.Equal(instant, time.Instant is { } at ? InstantPattern.ExtendedIso.Format(at) : null);
        Assert.Equal(known, time.OffsetKnown);
        Assert.Equal(local, time.Local is not null);
    }

    [Fact]
    [Trait("Requirement", "ING-37")]
    public void Without_an_id_equal_content_has_an_equal_hash_and_other_content_another()
    {
        var first = Accepted(Plain, Read("""{"phone":"512-555-0134","message":"Hi","utm_source":"a"}"""));
        var again = Accepted(Plain, Read("message=Hi&phone=512-555-0134&utm_source=b", Encoded));
        var other = Accepted(Plain, Read("""{"phone":"512-555-0134","message":"Hi!"}"""));
        var otherDetail = Accepted(Plain, Read("""{"phone":"512-555-0134","message":"Hi","roof":"flat"}"""));
        var otherForm = Accepted(Plain with { Id = "b" }, Read("""{"phone":"512-555-0134","message":"Hi"}"""));

        Assert.True(first.SubmissionIdIsHash);
        Assert.Equal(first.ContentHash, first.SubmissionId);
        Assert.Equal(first.SubmissionId, again.SubmissionId);
        Assert.NotEqual(first.SubmissionId, other.SubmissionId);
        Assert.NotEqual(first.SubmissionId, otherDetail.SubmissionId);
        Assert.NotEqual(first.SubmissionId, otherForm.SubmissionId);
        Assert.Matches("^[0-9a-f]{64}$", first.SubmissionId);
    }

    [Fact]
    public void A_bare_id_is_not_taken_for_the_submissions_own() =>
        Assert.True(Accepted(Plain, Read("""{"id":"7","phone":"512-555-0134"}""")).SubmissionIdIsHash);

    [Fact]
    [Trait("Requirement", "ING-35")]
    public void An_id_comes_from_the_configured_path_or_from_a_relays_header()
    {
        var byPath = Plain with { SubmissionIdPath = "meta.id" };

        Assert.Equal("77", Accepted(byPath, Read("""{"meta":{"id":77},"phone":"5125550134"}""")).SubmissionId);
        Assert.True(Accepted(byPath, Read("""{"meta":{"id":""},"phone":"5125550134"}""")).SubmissionIdIsHash);
        var relayed = FormReader.Read(
            Plain,
            Read("""{"phone":"5125550134"}"""),
            [],
            name => name == "idempotency-key" ? "zap-1" : null,
            IsPhone);
        Assert.Equal("zap-1", Assert.IsType<FormReading.Accepted>(relayed).Submission.SubmissionId);
    }

    [Fact]
    public void A_configured_field_is_never_replaced_by_a_guess()
    {
        var form = Plain with
        {
            Fields = new Dictionary<string, IReadOnlyList<string>> { [FieldNames.Phone] = ["daytime.number"] },
        };

        var problems = Rejected(form, Read("""{"phone":"512-555-0134"}"""));

        Assert.Equal(FieldNames.Phone, Assert.Single(problems).Field);
    }

    [Theory]
    [InlineData("phone=+442071838750", "+442071838750")]
    [InlineData("phone=+5125550134", "5125550134")]
    [InlineData("phone=%2B15125550134", "+15125550134")]
    [InlineData("phone=&phone=5125550134", "5125550134")]
    public void A_plus_sent_unencoded_is_restored_only_where_the_digits_alone_are_no_number(string body, string phone) =>
        Assert.Equal(phone, Accepted(Plain, Read(body, Encoded)).PhoneRaw);

    [Fact]
    public void Unknown_fields_are_kept_within_bounds()
    {
        var fields = string.Join(',', Enumerable.Range(0, 80).Select(i => $"\"x{i}\":\"{new string('v', 600)}\""));

        var submission = Accepted(Plain, Read($$"""{"phone":"5125550134","g-recaptcha-response":"tok","password":"p",{{fields}}}"""));

        Assert.Equal(50, submission.Extra.Count);
        Assert.Equal(new("x0", new string('v', 500)), submission.Extra[0]);
        Assert.DoesNotContain(submission.Extra, field => field.Key.Contains("captcha", StringComparison.Ordinal));
    }

    [Fact]
    [Trait("Requirement", "NRM-09")]
    public void Network_evidence_is_kept_only_where_the_form_says_so()
    {
        var payload = Read("""{"phone":"5125550134","user_agent":"UA","device":"phone","ip":"203.0.113.7"}""");

        var without = Accepted(Plain, payload);
        var with = Accepted(Plain with { CaptureNetworkEvidence = true }, payload);

        Assert.Null(without.UserAgent);
        Assert.Null(without.Device);
        Assert.Empty(without.Extra);
        Assert.Equal("UA", with.UserAgent);
        Assert.Equal("phone", with.Device);
        Assert.Equal([new("ip", "203.0.113.7")], with.Extra);
    }

    [Fact]
    public void A_browsers_own_headers_fill_what_the_form_does_not_send()
    {
        var form = Plain with
        {
            Authentication = new() { Scheme = FormScheme.BrowserOrigin },
            CaptureNetworkEvidence = true,
        };
        Func<string, string?> headers = name => name switch
        {
            "Referer" => "https://www.example.com/contact?utm_source=flyer",
            "User-Agent" => "Mozilla/5.0",
            "Accept-Language" => "es-MX,es;q=0.9",
            _ => null,
        };

        var submission = Assert.IsType<FormReading.Accepted>(
            FormReader.Read(form, Read("phone=5125550134", Encoded), [], headers, IsPhone)).Submission;
        var relayed = Assert.IsType<FormReading.Accepted>(
            FormReader.Read(Plain, Read("phone=5125550134", Encoded), [], headers, IsPhone)).Submission;

        Assert.Equal("https://www.example.com/contact?utm_source=flyer", submission.SourceUrl);
        Assert.Equal("flyer", submission.Campaign.Source);
        Assert.Equal("Mozilla/5.0", submission.UserAgent);
        Assert.Equal("es-MX", submission.Locale);
        Assert.Null(relayed.SourceUrl);
        Assert.Null(relayed.Locale);
    }

    [Fact]
    public void Hostile_text_is_cut_and_kept_on_one_line()
    {
        var submission = Accepted(Plain, Read(
            $$"""{"phone":"5125550134","name":"A\r\nBcc: x\u0000","message":"{{new string('m', 20_000)}}"}"""));

        Assert.Equal("A Bcc: x\ufffd", submission.Name);
        Assert.Equal(10_000, submission.Message!.Length);
        Assert.Contains(PayloadNotes.Replaced, submission.Notes);
    }

    [Fact]
    public void Mutated_samples_never_throw()
    {
        var seeds = Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Contracts", "samples"), "*.json")
            .Select(file => File.ReadAllText(file)).ToArray();
        var random = new Random(17);
        var form = Plain with { HoneypotPath = "hp", Consent = Consent("a[0].b"), Kind = FormKind.Typeform };
        var read = 0;
        for (var round = 0; round < 5_000; round++)
        {
            var text = seeds[random.Next(seeds.Length)];
            var at = random.Next(text.Length);
            var mutated = random.Next(3) switch
            {
                0 => text.Remove(at, Math.Min(random.Next(12), text.Length - at)),
                1 => text.Insert(at, "\"phone\":[{\"value\":{\"type\":\"x\"}}],"),
                _ => text.Replace("\"type\": \"", "\"type\": \"choice", StringComparison.Ordinal),
            };

            // The sample's own envelope is cut away so that its body stands at the root.
            var start = mutated.IndexOf("\"body\":", StringComparison.Ordinal);
            var body = start < 0 ? mutated : mutated[(start + 7)..].TrimEnd().TrimEnd('}');
            var reading = FormReader.Read(form, Read(body), [], _ => null, IsPhone);
            var ghl = GhlReader.Read(Read(body), Instant.FromUtc(2026, 1, 1, 0, 0));
            Assert.NotEmpty(ghl.IdempotencyKey);
            read += reading is FormReading.Unreadable ? 0 : 1;
        }

        Assert.InRange(read, 500, 5_000);
    }

    private static FormSubmission Accepted(Form form, PayloadDocument payload) =>
        Assert.IsType<FormReading.Accepted>(FormReader.Read(form, payload, [], _ => null, IsPhone)).Submission;

    private static IReadOnlyList<FieldProblem> Rejected(Form form, PayloadDocument payload) =>
        Assert.IsType<FormReading.Rejected>(FormReader.Read(form, payload, [], _ => null, IsPhone)).Problems;

    // Stands in for the phone library: ten digits, or a plus and ten to fifteen.
    private static bool IsPhone(string text)
    {
        var digits = text.Count(char.IsAsciiDigit);
        return text.StartsWith('+') ? digits is >= 10 and <= 15 : digits == 10;
    }

    private static FormConsent Consent(string path) => new()
    {
        Text = Label,
        CheckboxPath = path,
        Purposes = ["transactional_reply"],
        PrivacyPolicy = "2026-01",
    };

    private static string Sha256(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static PayloadDocument Sample(string file) =>
        Read(ContractFiles.Sample(file).GetProperty("body").GetRawText());

    private static PayloadDocument Read(string body, string type = Json) =>
        PayloadDocument.Read(Encoding.UTF8.GetBytes(body), type);
}
