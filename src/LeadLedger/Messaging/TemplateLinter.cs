namespace LeadLedger.Messaging;

/// <summary>
/// Refuses texts that would be untrue, unwelcome or unlawful, before anybody receives one. Each finding says how to put
/// it right.
/// </summary>
public static class TemplateLinter
{
    public static IReadOnlyList<LintFinding> Check(Template template, LintContext context)
    {
        var findings = new List<LintFinding>();
        string[] texts = template.NamelessText is null ? [template.Text] : [template.Text, template.NamelessText];
        CheckForm(template, texts, findings);
        CheckVariables(template, context, findings);
        CheckCost(template, context, texts, findings);
        if (template.Audience == TemplateAudience.Lead)
        {
            foreach (var text in texts)
            {
                CheckWording(template, context, text, findings);
            }

            CheckRecipient(template, context, texts, findings);
        }

        return [.. findings.Distinct()];
    }

    private static void CheckForm(Template template, string[] texts, List<LintFinding> findings)
    {
        foreach (var text in texts)
        {
            if (string.IsNullOrWhiteSpace(text))
            {
                Error(findings, "empty", "The text is empty; write one, or leave the nameless text out.");
            }

            if (UnbalancedBraces(text) is { } excerpt)
            {
                Error(findings, "braces", "Double braces must come in pairs around a variable name.", excerpt);
            }
        }

        if (template.MaxSegments is < 1 or > 10)
        {
            Error(findings, "segments", "The segment limit must be from 1 to 10.");
        }
    }

    private static void CheckVariables(Template template, LintContext context, List<LintFinding> findings)
    {
        foreach (var name in CompiledTemplate.Of(template).Names)
        {
            var placeholder = "{{" + name + "}}";
            if (TemplateVariables.Find(name) is not { } variable)
            {
                Error(findings, "unknown_variable", "There is no such variable; see the list of variables.", placeholder);
                continue;
            }

            if (name == "urgent_route" && string.IsNullOrWhiteSpace(context.UrgentRoute))
            {
                Error(findings, "urgent_route", "The business has no urgent route; set one, since this text names it.", placeholder);
            }

            if (template.Audience == TemplateAudience.Staff)
            {
                continue;
            }

            if (variable.StaffOnly)
            {
                Error(findings, "staff_only_variable", "This variable is for staff alerts; leave it out.", placeholder);
            }
            else if (variable.Class == VariableClass.ServiceDetail && (context.Healthcare || !template.OnlyWhenTextingRequested))
            {
                Error(findings, "service_detail", context.Healthcare
                    ? "Service details never go into a healthcare text; leave the variable out."
                    : "Service details need a template that is only sent to people who asked to be texted.", placeholder);
            }
        }

        if (template.Audience == TemplateAudience.Lead && template.NamelessText is null &&
            CompiledTemplate.Of(template).Names.Any(IsOftenMissing))
        {
            Error(findings, "nameless", "Add a nameless text: the first name is often unknown.", "{{first_name}}");
        }
        else if (template.NamelessText?.Contains("first_name", StringComparison.Ordinal) == true)
        {
            Error(findings, "nameless", "The nameless text must do without the first name.", "{{first_name}}");
        }
    }

    private static bool IsOftenMissing(string name) => name == "first_name";

    private static void CheckCost(Template template, LintContext context, string[] texts, List<LintFinding> findings)
    {
        foreach (var text in texts.Where(text => !Gsm7.IsGsm7(text)))
        {
            var plain = Gsm7.Transliterate(text);
            var foreign = string.Concat(text.Where(character => Gsm7.Width(character) == 0).Distinct());
            Warning(findings, "characters", Gsm7.IsGsm7(plain) && template.Transliterate
                ? $"Sent in plain characters to keep 160 to a segment, as \"{plain}\"."
                : "These characters leave only 70 to a segment; write the text without them.", foreign);
        }

        var worst = TemplateCost.WorstCase(template, context);
        if (worst.Segments > template.MaxSegments)
        {
            var encoding = worst.Encoding == SmsEncoding.Gsm7 ? "GSM-7" : "UCS-2";
            Error(findings, "segments",
                $"Up to {worst.Units} units in {encoding}, {worst.Segments} segments with the opt-out line, where " +
                $"{template.MaxSegments} may be used; shorten the text or allow more segments.");
        }
    }

    private static void CheckWording(Template template, LintContext context, string text, List<LintFinding> findings)
    {
        var words = LintText.Words(text);
        Report(findings, words, text, LintPhrases.PastConversation, "past_conversation", LintSeverity.Error,
            "Nobody has spoken with this person; say only that they called or wrote.");
        Report(findings, LintText.WithoutOwnEffort(words), text, LintPhrases.TimePromise, "time_promise", LintSeverity.Error,
            "A typed time becomes untrue on a busy day; use {{window}}, which is computed.");
        Report(findings, words, text, LintPhrases.VagueTime, "vague_time", LintSeverity.Warning,
            "Reads as a promise; use {{window}} or leave it out.");
        if (!context.LiveStatus)
        {
            Report(findings, words, text, LintPhrases.UnverifiableClaim, "unverifiable_claim", LintSeverity.Error,
                "Nobody can know what the staff are doing when this is sent; leave it out or keep a live status.");
        }

        Report(findings, words, text, LintPhrases.SenderName, "sender_name", LintSeverity.Error,
            "Only the business is named as the sender.");
        Report(findings, words, text, LintPhrases.ReplyYes, "reply_yes", LintSeverity.Warning,
            "YES also opts in at the provider; ask for Reply 1 or Reply BOOK instead.");
        if (template.Class is TemplateClass.Transactional or TemplateClass.Service)
        {
            Report(findings, words, text, LintPhrases.Promotion, "promotion", LintSeverity.Error,
                "Advertising needs the class marketing and its consent; leave it out.");
            Report(findings, words, text, LintPhrases.Marketing, "marketing_class", LintSeverity.Error,
                "Selling a service is marketing; declare that class, or only answer the inquiry.");
            if (text.Contains('%', StringComparison.Ordinal))
            {
                Error(findings, "promotion", "A percentage reads as an offer; leave it out.", "%");
            }
        }

        if (template.Class == TemplateClass.Transactional && LintText.FindAddress(text) is { } address)
        {
            Error(findings, "url", "No web address in a transactional text; ask for a reply, or use the class service.", address);
        }

        if (context.Healthcare)
        {
            Report(findings, words, text, LintPhrases.PriorCustomer, "prior_customer", LintSeverity.Error,
                "In healthcare this tells whoever reads the phone that the person is a patient; leave it out.");
            Report(findings, words, text, LintPhrases.Visit, "visit_disclosed", LintSeverity.Warning,
                "In healthcare this tells whoever reads the phone of a visit; send it only with that person's consent.");
        }
    }

    private static void CheckRecipient(Template template, LintContext context, string[] texts, List<LintFinding> findings)
    {
        var mustName = template.Use is TemplateUse.Acknowledgement or TemplateUse.PriorCustomer;
        foreach (var text in texts.Where(text => !text.Contains("{{business_name}}", StringComparison.Ordinal)))
        {
            findings.Add(new("business_name", mustName ? LintSeverity.Error : LintSeverity.Warning,
                "Name the business with {{business_name}}, so that the reader knows who writes.", text));
        }

        if (template.Use == TemplateUse.PriorCustomer && context.Healthcare)
        {
            Error(findings, "prior_customer", "A text for known customers is refused in healthcare; it would reveal a patient.");
        }

        if (template.Use == TemplateUse.OptOutConfirmation && template.Class == TemplateClass.Marketing)
        {
            Error(findings, "marketing_class", "An opt-out is confirmed without advertising; use the class transactional.");
        }
    }

    private static void Report(
        List<LintFinding> findings,
        List<Word> words,
        string text,
        IReadOnlyList<PhrasePattern> phrases,
        string rule,
        LintSeverity severity,
        string message)
    {
        foreach (var phrase in phrases)
        {
            if (phrase.Find(words) is { } found)
            {
                var excerpt = text[words[found.Start].Start..words[Math.Max(found.Start, found.End - 1)].End];
                findings.Add(new(rule, severity, message, excerpt));
            }
        }
    }

    private static string? UnbalancedBraces(string text)
    {
        for (var i = 0; i < text.Length;)
        {
            var brace = text.AsSpan(i).IndexOfAny('{', '}');
            if (brace < 0)
            {
                return null;
            }

            i += brace;
            var close = text.AsSpan(i).StartsWith("{{") ? text.IndexOf("}}", i, StringComparison.Ordinal) : -1;
            var name = close < 0 ? default : text.AsSpan(i + 2, close - i - 2).Trim();
            if (close < 0 || name.IsEmpty || name.IndexOfAny("{}\n") >= 0)
            {
                return text[i..Math.Min(text.Length, i + 20)];
            }

            i = close + 2;
        }

        return null;
    }

    private static void Error(List<LintFinding> findings, string rule, string message, string? excerpt = null) =>
        findings.Add(new(rule, LintSeverity.Error, message, excerpt));

    private static void Warning(List<LintFinding> findings, string rule, string message, string? excerpt = null) =>
        findings.Add(new(rule, LintSeverity.Warning, message, excerpt));
}
