using LeadLedger.Messaging;
using LeadLedger.PhoneNumbers;
using NodaTime;

namespace LeadLedger.Businesses;

/// <summary>Turns one business file into a <see cref="Business"/> and checks what a schema cannot say.</summary>
internal sealed class BusinessReader(
    FileNode file,
    string folder,
    IReadOnlyDictionary<string, Template> shipped,
    Func<Template, Business, IReadOnlyList<string>> lint)
{
    private static readonly Duration _second = Duration.FromSeconds(1);
    private static readonly Duration _day = Duration.FromDays(1);

    private readonly string _region = file["region"].Region("US");
    private readonly List<string> _linePaths = [];

    /// <summary>
    /// Where each line of the business that was read stands; lines without a number are not among them.
    /// </summary>
    public IReadOnlyList<string> LinePaths => _linePaths;

    public Business Read(string policyVersion)
    {
        var staff = file["staff"].Items().Select(StaffMember).ToList();
        var defaultOwner = StaffId(file["defaultOwner"], staff);
        var zone = file["zone"].Zone();
        var profile = file["profile"].Choice(Profile.General);
        var (templates, changed) = TemplateSection.Read(
            file["templates"], file["locale"].Text("en"), profile, shipped);
        var business = new Business
        {
            Id = file["id"].Text(""),
            Name = file["name"].Text(""),
            Author = file["author"].Text(""),
            EffectiveFrom = file["effectiveFrom"].Date() ?? default,
            Zone = zone,
            Region = _region,
            Locale = file["locale"].Text("en"),
            Profile = profile,
            PolicyVersion = policyVersion,
            TestMode = file["testMode"].Flag(false),
            Calendar = HoursSection.Calendar(file, zone),
            Lines = [.. file["lines"].Items().Select(line => Line(line, staff)).OfType<Line>()],
            Forms = [.. file["forms"].Items().Select(form => Form(form, staff))],
            Staff = staff,
            DefaultOwner = defaultOwner,
            UrgentRoute = file["urgentRoute"].Text(""),
            UrgentWords = file["urgentWords"].Texts(profile.UrgentWords()),
            Sending = Sending(file["sending"]),
            Acknowledgement = Acknowledgement(file["acknowledgement"]),
            Matching = Matching(file["matching"]),
            Tasks = Tasks(file["tasks"], staff, defaultOwner),
            Spam = Spam(file["spam"]),
            Limits = Limits(file["limits"]),
            TextLimits = TextLimitSection.Read(file["textLimits"]),
            Templates = templates,
            Twilio = Twilio(file["twilio"]),
            GhlSecret = file["ghlSecret"].Secret(folder),
            Crm = [.. file["crm"].Items().Select(CrmTarget).OfType<CrmTarget>()],
        };
        Check(business);
        CheckTemplates(business, changed);
        return business;
    }

    private void Check(Business business)
    {
        ReportTwice(file["staff"].Items().Select(each => each["id"]), "another member of staff");
        ReportTwice(file["forms"].Items().Select(each => each["id"]), "another form");
        ReportTwice(file["crm"].Items().Select(each => each["name"]), "another target");
        if (!file["lines"].Items().Any() && !file["forms"].Items().Any())
        {
            file["lines"].Report(
                "is missing, and so is forms", "Give the business a phone line or a form to hear from customers");
        }

        foreach (var line in file["lines"].Items())
        {
            if (line["ringTo"].Text() is not null && line["ringTo"].Number(_region) is { } rings
                && business.LineOf(rings) is { } own)
            {
                line["ringTo"].Report(
                    $"{rings} is the business's own line \"{own.Label}\", so calls would go round in circles",
                    "Name the phone on somebody's desk or in their pocket");
            }
        }
    }

    private void CheckTemplates(Business business, IReadOnlyDictionary<string, FileNode> changed)
    {
        var acknowledgement = file["acknowledgement"];
        var prior = acknowledgement["priorCustomerTemplate"];
        CheckUsed(acknowledgement["missedCallTemplate"], business.Acknowledgement.MissedCallTemplate, business);
        CheckUsed(acknowledgement["formTemplate"], business.Acknowledgement.FormTemplate, business);
        if (!business.Profile.IsHealthcare())
        {
            CheckUsed(prior, business.Acknowledgement.PriorCustomerTemplate, business);
        }
        else if (prior.Exists)
        {
            prior.Report(
                "would show that somebody is a patient", "Leave it out: healthcare greets everybody alike (C-24)");
        }

        // The shipped texts are proven for every name and urgent route that the schema admits; only changes are new.
        foreach (var (id, node) in changed)
        {
            var template = business.Templates[id];
            var reasons = template.Enabled ? lint(template, business) : [];
            if (reasons.Count > 0)
            {
                node["text"].Report(
                    string.Join("; ", reasons.Select(reason => reason.TrimEnd('.'))),
                    "Change the wording, or set enabled to false");
            }
        }
    }

    private static void CheckUsed(FileNode node, string id, Business business)
    {
        if (!business.Templates.TryGetValue(id, out var template))
        {
            var known = business.Templates.Keys.Order(StringComparer.Ordinal);
            node.Report($"there is no template \"{id}\"", NearestName.Advice(id, [.. known]));
        }
        else if (!template.Enabled || template.Class != TemplateClass.Transactional)
        {
            node.Report(
                $"the template \"{id}\" is {(template.Enabled ? "not transactional" : "switched off")}",
                "Name one that is transactional and enabled");
        }
    }

    private StaffMember StaffMember(FileNode node)
    {
        var member = new StaffMember
        {
            Id = node["id"].Text(""),
            Name = node["name"].Text(""),
            Phone = node["phone"].Number(_region),
            Email = node["email"].Text(),
            AlertBySms = node["alertBySms"].Flag(true),
            AlertByEmail = node["alertByEmail"].Flag(false),
        };
        if (member.AlertBySms && node["alertBySms"].Exists && !node["phone"].Exists)
        {
            node["phone"].Report("is missing", "alertBySms needs a number to text");
        }
        else if (member.AlertByEmail && !node["email"].Exists)
        {
            node["email"].Report("is missing", "alertByEmail needs a mailbox");
        }
        else if (!(member.AlertBySms && node["phone"].Exists) && !member.AlertByEmail)
        {
            node.Report("cannot be alerted in any way", "Give a phone, or email with alertByEmail set to true");
        }

        return member;
    }

    private Line? Line(FileNode node, List<StaffMember> staff)
    {
        var mode = node["mode"].Choice(LineMode.Ring);
        if (mode == LineMode.Ring && !node["ringTo"].Exists)
        {
            node["ringTo"].Report(
                "is missing", "Mode ring needs the phone that rings; for forwarded calls choose another mode");
        }

        if (mode != LineMode.Ring && node["ringTo"].Exists)
        {
            node["ringTo"].Report($"has no meaning in mode {node["mode"].Text()}", "Leave it out");
        }

        var owner = StaffId(node["owner"], staff);
        var ringTo = node["ringTo"].Number(_region);
        if (node["number"].Number(_region) is not { } number)
        {
            return null;
        }

        _linePaths.Add(node.Path);
        return new Line
        {
            Number = number,
            Label = node["label"].Text(""),
            Owner = owner,
            Mode = mode,
            RingTo = ringTo,
            RingSeconds = node["ringSeconds"].Whole(20),
            Voicemail = node["voicemail"].Flag(true),
            RingAfterHours = node["ringAfterHours"].Flag(true),
            MinAnsweredSeconds = node["minAnsweredSeconds"].Whole(0),
        };
    }

    private Form Form(FileNode node, List<StaffMember> staff)
    {
        StaffId(node["owner"], staff);
        return FormSection.Read(node, folder);
    }

    private static SendingRules Sending(FileNode node)
    {
        var rules = new SendingRules();
        return rules with
        {
            Acknowledgement = HoursSection.Window(node["acknowledgement"], "acknowledgement", rules.Acknowledgement),
            FollowUp = HoursSection.Window(node["followUp"], "follow_up", rules.FollowUp),
            FollowUpEnabled = node["followUpEnabled"].Flag(rules.FollowUpEnabled),
            BillingActive = node["billingActive"].Flag(rules.BillingActive),
            ConversationQuota = node["conversationQuota"].Whole(),
            AllowedRegions = node["allowedRegions"].Exists
                ? [.. node["allowedRegions"].Items().Select(each => each.Region("")).Where(each => each.Length > 0)]
                : rules.AllowedRegions,
            WhenCrmIsDown = node["whenCrmIsDown"].Choice(rules.WhenCrmIsDown),
        };
    }

    private static AcknowledgementRules Acknowledgement(FileNode node)
    {
        var rules = new AcknowledgementRules();
        rules = rules with
        {
            RepeatWindow = node["repeatWindow"].Span(rules.RepeatWindow, Duration.Zero, Duration.FromDays(30)),
            StaleAfter = node["staleAfter"].Span(rules.StaleAfter, Duration.FromMinutes(1), _day),
            MinRingSeconds = node["minRingSeconds"].Whole(rules.MinRingSeconds),
            MissedCallTemplate = node["missedCallTemplate"].Text(rules.MissedCallTemplate),
            FormTemplate = node["formTemplate"].Text(rules.FormTemplate),
            PriorCustomerTemplate = node["priorCustomerTemplate"].Text(rules.PriorCustomerTemplate),
            CallTarget = node["callTarget"].Span(rules.CallTarget, _second, _day),
            FormTarget = node["formTarget"].Span(rules.FormTarget, _second, _day),
            FormLimit = node["formLimit"].Span(rules.FormLimit, _second, _day),
        };
        if (rules.FormLimit < rules.FormTarget)
        {
            node["formLimit"].Report("is shorter than formTarget", "Make it at least as long");
        }

        return rules;
    }

    private static MatchRules Matching(FileNode node)
    {
        var rules = new MatchRules();
        return rules with
        {
            Version = node["version"].Text(rules.Version),
            OpenFor = node["openFor"].Span(rules.OpenFor, _day, Duration.FromDays(3650)),
            ClosedFor = node["closedFor"].Span(rules.ClosedFor, Duration.Zero, Duration.FromDays(3650)),
        };
    }

    private TaskRules Tasks(FileNode node, List<StaffMember> staff, string? defaultOwner)
    {
        var rules = new TaskRules();
        return rules with
        {
            DueIn = node["dueIn"].Span(rules.DueIn, Duration.FromMinutes(1), Duration.FromDays(30)),
            Ladder = node["ladder"].Exists ? Ladder(node["ladder"]) : rules.Ladder,
            TeamChannelUrl = node["teamChannelUrl"].Secret(folder),
            BusinessOwner = StaffId(node["businessOwner"], staff) ?? defaultOwner ?? staff.FirstOrDefault()?.Id,
        };
    }

    private static List<Rung> Ladder(FileNode node)
    {
        var ladder = new List<Rung>();
        ReportTwice(node.Items().Select(each => each["name"]), "another step");
        foreach (var item in node.Items())
        {
            var rung = new Rung(
                item["name"].Text(""),
                item["after"].Span(Duration.Zero, Duration.FromMinutes(1), Duration.FromDays(90)),
                item["audience"].Choice(RungAudience.Owner),
                item["onlyUnclaimed"].Flag(false));
            if (ladder is [.., var before] && item["after"].Exists && rung.After < before.After)
            {
                item["after"].Report("comes before the step above it", "Put the steps in order of time");
            }

            ladder.Add(rung);
        }

        return ladder;
    }

    private SpamRules Spam(FileNode node)
    {
        var rules = new SpamRules();
        return rules with
        {
            ListName = node["listName"].Text(rules.ListName),
            ListVersion = node["listVersion"].Text(rules.ListVersion),
            Numbers = [.. node["numbers"].Items().Select(each => each.Number(_region)).OfType<PhoneNumber>()],
            ScoreThreshold = node["scoreThreshold"].Whole(rules.ScoreThreshold),
        };
    }

    private static IntakeLimits Limits(FileNode node)
    {
        var limits = new IntakeLimits();
        return limits with
        {
            RequestsPerMinutePerIp = node["requestsPerMinutePerIp"].Whole(limits.RequestsPerMinutePerIp),
            RequestsPerMinutePerForm = node["requestsPerMinutePerForm"].Whole(limits.RequestsPerMinutePerForm),
        };
    }

    private TwilioAccount? Twilio(FileNode node) =>
        node["accountSid"].Text() is { } sid && node["authToken"].Secret(folder) is { } token
            ? new TwilioAccount
            {
                AccountSid = sid,
                AuthToken = token,
                PreviousAuthToken = node["previousAuthToken"].Secret(folder),
            }
            : null;

    private CrmTarget? CrmTarget(FileNode node) =>
        node["url"].PostAddress() is { } url && node["signingSecret"].Secret(folder) is { } secret
            ? new CrmTarget { Name = node["name"].Text(""), Url = url, SigningSecret = secret }
            : null;

    private static string? StaffId(FileNode node, List<StaffMember> staff)
    {
        if (node.Text() is { } id && !staff.Exists(member => member.Id == id))
        {
            var known = staff.Select(member => member.Id).Where(name => name.Length > 0);
            node.Report($"nobody in staff has the id \"{id}\"", NearestName.Advice(id, [.. known]));
        }

        return node.Text();
    }

    private static void ReportTwice(IEnumerable<FileNode> names, string other)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var name in names)
        {
            if (name.Text() is { } text && !seen.Add(text))
            {
                name.Report($"\"{text}\" is the name of {other} already", "Choose a name of its own");
            }
        }
    }
}
