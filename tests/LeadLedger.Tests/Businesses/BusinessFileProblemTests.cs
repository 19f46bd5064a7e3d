using System.Text.Json.Nodes;

namespace LeadLedger.Tests.Businesses;

/// <summary>What the author of a file is told: where, what is wrong, and what to write instead.</summary>
public sealed class BusinessFileProblemTests
{
    [Theory]

    // Names and types.
    [InlineData("zoen", "\"America/Chicago\"", "zoen", "is not a property known here", "Did you mean \"zone\"?")]
    [InlineData("lines/0/ringSecond", "9", "lines[0].ringSecond", "is not a property known here", "Did you mean \"ringSeconds\"?")]
    [InlineData("lines/0/zzz", "9", "lines[0].zzz", "is not a property known here", "Known are number, label, owner")]
    [InlineData("hours/Monday", "[]", "hours.Monday", "is not a property known here", "Did you mean \"monday\"?")]
    [InlineData("id", "\"North Side\"", "id", "\"North Side\" has the wrong form", "lower-case letters")]
    [InlineData("id", "\"-x\"", "id", "\"-x\" has the wrong form", "lower-case letters")]
    [InlineData("name", "\"  \"", "name", "is blank", "Name of the business")]
    [InlineData("name", "7", "name", "a number does not fit here", "Name of the business")]
    [InlineData("name", "null", "name", "null (leave the property out instead) does not fit here", "Name of the business")]
    [InlineData("name", "\"a\\u0000b\"", "name", "holds half a character or a control character", "plain characters")]
    [InlineData("testMode", "\"yes\"", "testMode", "text does not fit here", "reach no live provider")]
    [InlineData("lines", "{}", "lines", "an object does not fit here", "Phone lines")]
    [InlineData("lines/0/ringSeconds", "90", "lines[0].ringSeconds", "90 is not between 5 and 60", "How long it rings")]
    [InlineData("lines/0/ringSeconds", "9.5", "lines[0].ringSeconds", "a number that is not whole or too large does not fit here", "How long it rings")]
    [InlineData("staff", "[]", "staff", "has 0 entries, needs at least 1", "The people who answer leads")]
    [InlineData("profile", "\"dentl\"", "profile", "\"dentl\" is not one of general, roofing, dental, med_spa", "Did you mean \"dental\"?")]
    [InlineData("forms/0/authentication/scheme", "\"sharedsecret\"", "forms[0].authentication.scheme", "is not one of", "Did you mean \"shared_secret\"?")]
    [InlineData("forms/0/fields/Phone", "\"x\"", "forms[0].fields.Phone", "is not a field known here", "Did you mean \"phone\"?")]
    [InlineData("forms/0/fields/name", "7", "forms[0].fields.name", "a number does not fit here", "list of paths")]

    // Zones, regions, numbers, dates, addresses.
    [InlineData("zone", "\"Chicago\"", "zone", "\"Chicago\" is no IANA time zone", "America/Chicago")]
    [InlineData("zone", "\"Mars/Olympus\"", "zone", "is no IANA time zone", "Use a name such as")]
    [InlineData("region", "\"UK\"", "region", "\"UK\" is no country", "two-letter code")]
    [InlineData("sending/allowedRegions", "[\"US\", \"XX\"]", "sending.allowedRegions[1]", "\"XX\" is no country", "two-letter code")]
    [InlineData("lines/0/number", "\"call us\"", "lines[0].number", "\"call us\" is no phone number", "+12145550100")]
    [InlineData("lines/0/number", "\"555-0100\"", "lines[0].number", "has not the length of a full phone number", "+12145550100")]
    [InlineData("staff/0/phone", "\"+12145550121 ext. 7\"", "staff[0].phone", "has an extension", "directly")]
    [InlineData("spam/numbers", "[\"+12145550166\", \"x1\"]", "spam.numbers[1]", "has 2 characters, needs at least 3", "phone number")]
    [InlineData("holidays", "[{ \"date\": \"2026-02-30\", \"name\": \"x\" }]", "holidays[0].date", "\"2026-02-30\" is no date", "year-month-day")]
    [InlineData("effectiveFrom", "\"20.11.2026\"", "effectiveFrom", "has the wrong form", "year-month-day")]
    [InlineData("crm", "[{ \"name\": \"a\", \"url\": \"http://crm.example.com\", \"signingSecret\": { \"env\": \"E\" } }]", "crm[0].url", "is no https address", "https://")]
    [InlineData("crm", "[{ \"name\": \"a\", \"url\": \"https://u:p@crm.example.com\", \"signingSecret\": { \"env\": \"E\" } }]", "crm[0].url", "holds a user name or password", "Leave it out")]
    [InlineData("staff/0/email", "\"dana\"", "staff[0].email", "has the wrong form", "Mailbox")]
    [InlineData("forms/0/allowedOrigins", "[\"https://a.example/\"]", "forms[0].allowedOrigins[0]", "has the wrong form", "https://www.example.com")]
    [InlineData("twilio", "{ \"accountSid\": \"SK12\", \"authToken\": { \"env\": \"T\" } }", "twilio.accountSid", "has the wrong form", "32 hex digits")]

    // Times.
    [InlineData("hours/monday", "[\"8-17\"]", "hours.monday[0]", "has the wrong form", "08:00-17:00")]
    [InlineData("hours/monday", "[\"08:00-25:00\"]", "hours.monday[0]", "is no time of day from-to", "08:00-17:00")]
    [InlineData("hours/monday", "[\"08:00-08:00\"]", "hours.monday[0]", "is no time of day from-to", "00:00-24:00")]
    [InlineData("hours/monday", "[\"08:00-12:00\", \"11:00-17:00\"]", "hours.monday[1]", "11:00-17:00 overlaps 08:00-12:00", "before the other begins")]
    [InlineData("hours/monday", "[\"22:00-02:00\", \"23:00-24:00\"]", "hours.monday[1]", "23:00-24:00 overlaps 22:00-02:00", "before the other begins")]
    [InlineData("hours/sunday", "[\"20:00-09:00\"]", "hours.monday", "08:00-17:00 begins while 20:00-09:00 of sunday still runs", "before the other begins")]
    [InlineData("sending/followUp", "{ \"monday\": [\"09:00-25:00\"] }", "sending.followUp.monday[0]", "is no time of day", "08:00-17:00")]
    [InlineData("sending/followUp", "\"nights\"", "sending.followUp", "\"nights\" is not one of", "shipped window")]
    [InlineData("sending/followUp", "7", "sending.followUp", "a number does not fit here", "Window of any later")]
    [InlineData("holidays", "[{ \"date\": \"2026-12-25\", \"name\": \"x\" }, { \"date\": \"2026-12-25\", \"name\": \"y\" }]", "holidays[1].date", "is a holiday already", "Keep one")]
    [InlineData("specialDays", "[{ \"date\": \"2026-12-25\", \"hours\": [] }, { \"date\": \"2026-12-25\", \"hours\": [] }]", "specialDays[1].date", "has hours of its own already", "Keep one")]
    [InlineData("tasks/dueIn", "\"30\"", "tasks.dueIn", "has the wrong form", "counted in opening hours")]
    [InlineData("tasks/dueIn", "\"0m\"", "tasks.dueIn", "0m is not between 1m and 30d", "in that range")]
    [InlineData("acknowledgement/formLimit", "\"30s\"", "acknowledgement.formLimit", "is shorter than formTarget", "at least as long")]
    [InlineData("acknowledgement/repeatWindow", "\"9999d\"", "acknowledgement.repeatWindow", "9999d is not between 0s and 30d", "in that range")]

    // People.
    [InlineData("defaultOwner", "\"dna\"", "defaultOwner", "nobody in staff has the id \"dna\"", "Did you mean \"dana\"?")]
    [InlineData("lines/0/owner", "\"luis\"", "lines[0].owner", "nobody in staff has the id \"luis\"", "Known are dana")]
    [InlineData("forms/0/owner", "\"luis\"", "forms[0].owner", "nobody in staff has the id \"luis\"", "Known are dana")]
    [InlineData("tasks/businessOwner", "\"luis\"", "tasks.businessOwner", "nobody in staff has the id \"luis\"", "Known are dana")]
    [InlineData("staff/1", "{ \"id\": \"dana\", \"name\": \"D\", \"phone\": \"+12145550122\" }", "staff[1].id", "\"dana\" is the name of another member of staff already", "of its own")]
    [InlineData("staff/1", "{ \"id\": \"jo\", \"name\": \"Jo\" }", "staff[1]", "cannot be alerted in any way", "alertByEmail")]
    [InlineData("staff/1", "{ \"id\": \"jo\", \"name\": \"Jo\", \"alertBySms\": true }", "staff[1].phone", "is missing", "needs a number")]
    [InlineData("staff/1", "{ \"id\": \"jo\", \"name\": \"Jo\", \"alertByEmail\": true }", "staff[1].email", "is missing", "needs a mailbox")]

    // Lines.
    [InlineData("lines/0/ringTo", "\"(214) 555-0100\"", "lines[0].ringTo", "+12145550100 is the business's own line \"Main line\"", "desk")]
    [InlineData("lines/0/mode", "\"status_only\"", "lines[0].ringTo", "has no meaning in mode status_only", "Leave it out")]
    [InlineData("lines/1", "{ \"number\": \"+12145550101\", \"label\": \"x\" }", "lines[1].ringTo", "is missing", "the phone that rings")]
    [InlineData("lines/1", "{ \"number\": \"214 555 0100\", \"label\": \"x\", \"mode\": \"status_only\" }", "lines[1].number", "+12145550100 is a line already", "Keep one")]

    // Forms.
    [InlineData("forms/0/required", "[\"mesage\"]", "forms[0].required[0]", "\"mesage\" is not a field known here", "Did you mean \"message\"?")]
    [InlineData("forms/0/required", "[\"consent\"]", "forms[0].consent", "is missing", "describe the box")]
    [InlineData("forms/0/authentication", "{ \"scheme\": \"shared_secret\" }", "forms[0].authentication.secret", "is missing", "{ \"env\":")]
    [InlineData("forms/0/authentication", "{ \"scheme\": \"browser_origin\" }", "forms[0].allowedOrigins", "is missing", "sites that may post")]
    [InlineData("forms/0/authentication", "{ \"scheme\": \"shared_secret\", \"secret\": { \"env\": \"E\" }, \"encoding\": \"hex\" }", "forms[0].authentication.encoding", "has no meaning with shared_secret", "Leave it out")]
    [InlineData("forms/0/authentication", "{ \"scheme\": \"standard_webhooks\", \"secret\": { \"env\": \"E\" }, \"signed\": \"{body}\" }", "forms[0].authentication.signed", "has no meaning with standard_webhooks", "Leave it out")]
    [InlineData("forms/0/authentication", "{ \"scheme\": \"hmac\", \"secret\": { \"env\": \"E\" } }", "forms[0].authentication.header", "is missing", "Name the header")]
    [InlineData("forms/0/authentication", "{ \"scheme\": \"hmac\", \"secret\": { \"env\": \"E\" }, \"header\": \"X\", \"signed\": \"{timestamp}\" }", "forms[0].authentication", "must contain {body}", "documentation")]
    [InlineData("forms/0/authentication", "{ \"scheme\": \"hmac\", \"secret\": { \"env\": \"E\" }, \"header\": \"X\", \"signed\": \"{id}{body}\" }", "forms[0].authentication", "contains {id}", "documentation")]
    [InlineData("forms/1", "{ \"id\": \"website\", \"label\": \"x\", \"fields\": { \"email\": \"e\" }, \"authentication\": { \"scheme\": \"shared_secret\", \"secret\": { \"env\": \"E\" } } }", "forms[1].id", "\"website\" is the name of another form already", "of its own")]
    [InlineData("forms/0/consent", "{ \"text\": \"x\", \"checkboxPath\": \"y\", \"purposes\": [\"ads\"] }", "forms[0].consent.purposes[0]", "\"ads\" is not one of", "purpose")]
    [InlineData("forms/0/consent", "{ \"text\": \"x\", \"purposes\": [\"call\"] }", "forms[0].consent.checkboxPath", "is missing", "Path of the checkbox")]

    // Secrets.
    [InlineData("ghlSecret", "\"hunter2\"", "ghlSecret", "text does not fit here", "by reference")]
    [InlineData("ghlSecret", "{ \"env\": \"hunter2!\" }", "ghlSecret.env", "the value has the wrong form", "Name of the environment variable")]
    [InlineData("ghlSecret", "{ \"value\": \"hunter2\" }", "ghlSecret.value", "is not a property known here", "Known are env, file")]
    [InlineData("ghlSecret", "{ \"env\": \"A\", \"file\": \"hunter2\" }", "ghlSecret", "has 2 properties, may have 1", "by reference")]
    [InlineData("ghlSecret", "{}", "ghlSecret", "has 0 properties, needs at least 1", "by reference")]
    [InlineData("tasks/teamChannelUrl", "\"https://chat.example/hunter2\"", "tasks.teamChannelUrl", "text does not fit here", "by reference")]

    // Ladder and targets.
    [InlineData("tasks/ladder", "[{ \"name\": \"a\", \"after\": \"1h\", \"audience\": \"team\" }, { \"name\": \"b\", \"after\": \"5m\", \"audience\": \"owner\" }]", "tasks.ladder[1].after", "comes before the step above it", "order of time")]
    [InlineData("tasks/ladder", "[{ \"name\": \"a\", \"after\": \"1h\", \"audience\": \"team\" }, { \"name\": \"a\", \"after\": \"2h\", \"audience\": \"owner\" }]", "tasks.ladder[1].name", "\"a\" is the name of another step already", "of its own")]
    [InlineData("crm", "[{ \"name\": \"a\", \"url\": \"https://a.example\", \"signingSecret\": { \"env\": \"E\" } }, { \"name\": \"a\", \"url\": \"https://a.example\", \"signingSecret\": { \"env\": \"E\" } }]", "crm[1].name", "another target already", "of its own")]

    // Templates.
    [InlineData("acknowledgement/formTemplate", "\"ack-from\"", "acknowledgement.formTemplate", "there is no template \"ack-from\"", "Did you mean \"ack-form\"?")]
    [InlineData("acknowledgement/formTemplate", "\"ack-storm\"", "acknowledgement.formTemplate", "the template \"ack-storm\" is switched off", "transactional and enabled")]
    [InlineData("templates", "[{ \"id\": \"ack-storm\", \"version\": 3, \"enabled\": true }, { \"id\": \"ack-storm\", \"version\": 3 }]", "templates[1].id", "\"ack-storm\" stands in the list twice", "Keep one")]
    [InlineData("templates", "[{ \"id\": \"ack-form\", \"version\": 3, \"text\": \"New\", \"author\": \"D\", \"effectiveFrom\": \"2026-12-01\" }]", "templates[0].version", "3 stands for the shipped wording", "4 or more")]
    [InlineData("templates", "[{ \"id\": \"ack-form\", \"version\": 2 }]", "templates[0].version", "2 is older than the shipped 3", "Write 3")]
    [InlineData("templates", "[{ \"id\": \"ack-form\", \"version\": 4, \"text\": \"New\", \"effectiveFrom\": \"2026-12-01\" }]", "templates[0].author", "is missing", "of your own needs")]
    [InlineData("templates", "[{ \"id\": \"own\", \"version\": 1, \"text\": \"New\", \"author\": \"D\", \"effectiveFrom\": \"2026-12-01\" }]", "templates[0].class", "is missing", "of your own needs")]
    public void A_mistake_is_told_with_its_place_and_its_remedy(string at, string json, string path, string what, string fix)
    {
        var text = BusinessTexts.With(file => Put(file, at.Split('/'), JsonNode.Parse(json)));

        var problem = Assert.Single(BusinessTexts.ProblemsOf(text));

        Assert.Equal("test.json", problem.File);
        Assert.Equal(path, problem.Path);
        Assert.Contains(what, problem.What, StringComparison.Ordinal);
        Assert.Contains(fix, problem.Fix, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", problem.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("id")]
    [InlineData("name")]
    [InlineData("author")]
    [InlineData("effectiveFrom")]
    [InlineData("zone")]
    [InlineData("hours")]
    [InlineData("staff")]
    [InlineData("urgentRoute")]
    public void What_must_be_there_is_asked_for(string name)
    {
        var problem = Assert.Single(BusinessTexts.ProblemsOf(BusinessTexts.With(file => file.Remove(name))));

        Assert.Equal((name, "is missing"), (problem.Path, problem.What));
        Assert.NotEmpty(problem.Fix);
    }

    [Fact]
    public void A_business_needs_a_line_or_a_form()
    {
        var text = BusinessTexts.With(file =>
        {
            file.Remove("lines");
            file.Remove("forms");
        });

        Assert.Equal("is missing, and so is forms", Assert.Single(BusinessTexts.ProblemsOf(text)).What);
    }

    [Fact]
    public void All_mistakes_of_a_file_are_told_at_once()
    {
        var text = BusinessTexts.With(file =>
        {
            file["zone"] = "Nowhere/Land";
            file["colour"] = "blue";
            file["staff"]![0]!["phone"] = "none";
            file["lines"]![0]!["owner"] = "nobody";
            file["forms"]![0]!["authentication"]!["secret"] = "hunter2";
            file["hours"]!["monday"]![0] = "17:00-17:00";
            file["templates"] = JsonNode.Parse("""[{ "id": "x" }]""");
        });

        Assert.Equal(
            [
                "colour", "forms[0].authentication.secret", "hours.monday[0]", "lines[0].owner", "staff[0].phone",
                "templates[0].author", "templates[0].class", "templates[0].effectiveFrom", "templates[0].text",
                "templates[0].version", "zone",
            ],
            BusinessTexts.ProblemsOf(text).Select(problem => problem.Path).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_property_that_stands_twice_is_told() =>
        Assert.Equal(
            ("name", "stands here twice"),
            BusinessTexts.ProblemsOf(BusinessTexts.Minimal.Replace("\"zone\"", "\"name\": \"Other\", \"zone\"", StringComparison.Ordinal))
                .Select(problem => (problem.Path, problem.What)).Single());

    [Theory]
    [InlineData("\"Northside Roofing\"", "\"a\\ud800b\"", "name")]
    [InlineData("\"phone\": \"phone\"", "\"phone\": \"phone\", \"\\ud800\": \"x\"", "forms[0].fields")]
    public void Half_a_character_is_told(string old, string changed, string path)
    {
        var text = BusinessTexts.Minimal.Replace(old, changed, StringComparison.Ordinal);

        Assert.Equal(path, Assert.Single(BusinessTexts.ProblemsOf(text)).Path);
    }

    [Theory]
    [InlineData("", "line 1, character 1")]
    [InlineData("[", "line 1, character 2")]
    [InlineData("{\n  \"id\": \"a\"\n  \"name\": \"b\"\n}", "line 3, character 3")]
    public void Malformed_text_is_told_by_line(string text, string where)
    {
        var problem = Assert.Single(BusinessTexts.ProblemsOf(text));

        Assert.Equal(where, problem.Path);
        Assert.Contains("comma", problem.Fix, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("7")]
    [InlineData("null")]
    public void A_file_that_is_no_object_is_told(string text) =>
        Assert.Contains(BusinessTexts.ProblemsOf(text), problem => problem.Path == "the file");

    [Fact]
    [Trait("Requirement", "C-24")]
    public void Healthcare_may_not_name_a_template_for_known_customers()
    {
        var text = BusinessTexts.With(file =>
        {
            file["profile"] = "med_spa";
            file["acknowledgement"] = new JsonObject { ["priorCustomerTemplate"] = "ack-prior-customer" };
        });

        var problem = Assert.Single(BusinessTexts.ProblemsOf(text));
        Assert.Equal("acknowledgement.priorCustomerTemplate", problem.Path);
    }

    [Fact]
    public void Enabled_templates_of_the_file_are_linted_for_this_business_and_all_reasons_given()
    {
        var text = BusinessTexts.With(file => file["templates"] = JsonNode.Parse("""
            [
              { "id": "own", "version": 1, "class": "service", "text": "Free!", "author": "D", "effectiveFrom": "2026-12-01" },
              { "id": "off", "version": 1, "class": "service", "text": "Free!", "enabled": false, "author": "D", "effectiveFrom": "2026-12-01" }
            ]
            """));

        var problems = BusinessTexts.ProblemsOf(text, (template, business) =>
            template.Text == "Free!" ? ["It offers something.", $"It does not name {business.Name}."]
            : template.Id == "ack-form" ? ["Nobody asked about the shipped texts."]
            : []);

        Assert.Equal(
            ["templates[0].text: It offers something; It does not name Northside Roofing"],
            problems.Select(problem => $"{problem.Path}: {problem.What}"));
    }

    private static void Put(JsonNode file, string[] path, JsonNode? value)
    {
        var holder = file;
        foreach (var name in path[..^1])
        {
            holder = holder is JsonArray list ? list[int.Parse(name, null)]! : holder[name] ??= new JsonObject();
        }

        if (holder is JsonArray items)
        {
            items.Add(value);
        }
        else
        {
            holder[path[^1]] = value;
        }
    }
}
