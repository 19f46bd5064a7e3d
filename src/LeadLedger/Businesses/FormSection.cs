using LeadLedger.Intake;

namespace LeadLedger.Businesses;

/// <summary>Reads the forms of a business file.</summary>
internal static class FormSection
{
    private static readonly FormAuthentication _defaults = new() { Scheme = FormScheme.SharedSecret };

    /// <summary>What each scheme makes no use of; naming it there is a misunderstanding worth telling.</summary>
    private static readonly Dictionary<FormScheme, string[]> _unused = new()
    {
        [FormScheme.StandardWebhooks] = [.. HmacOnly, "header", "prefix"],
        [FormScheme.Hmac] = [],
        [FormScheme.SharedSecret] = [.. HmacOnly, "toleranceSeconds"],
        [FormScheme.BrowserOrigin] = [.. HmacOnly, "toleranceSeconds", "header", "prefix", "secret", "previousSecret"],
    };

    private static string[] HmacOnly =>
    [
        "headerFormat", "algorithm", "encoding", "secretEncoding", "signed", "timestampHeader", "idHeader",
        "timestampUnit",
    ];

    public static Form Read(FileNode node, string folder)
    {
        var form = new Form
        {
            Id = node["id"].Text(""),
            Label = node["label"].Text(""),
            Version = node["version"].Text("1"),
            Kind = node["kind"].Choice(FormKind.Generic),
            Authentication = Authentication(node["authentication"], folder),
            Fields = node["fields"].Members().ToDictionary(
                field => field.Key,
                field => field.Value.Text() is { } path ? [path] : field.Value.Texts([]),
                StringComparer.Ordinal),
            Required = node["required"].Texts([]),
            SubmissionIdPath = node["submissionIdPath"].Text(),
            HoneypotPath = node["honeypotPath"].Text(),
            Consent = Consent(node["consent"]),
            AllowedOrigins = node["allowedOrigins"].Texts([]),
            CaptureNetworkEvidence = node["captureNetworkEvidence"].Flag(false),
            Owner = node["owner"].Text(),
            TestMode = node["testMode"].Flag(false),
        };
        Check(form, node);
        return form;
    }

    private static void Check(Form form, FileNode node)
    {
        foreach (var (name, field) in node["fields"].Members())
        {
            if (!FieldNames.All.Contains(name))
            {
                field.Report("is not a field known here", NearestName.Advice(name, FieldNames.All));
            }
        }

        foreach (var item in node["required"].Items())
        {
            if (item.Text() is { } name && name != FieldNames.Consent && !FieldNames.All.Contains(name))
            {
                item.Report(
                    $"\"{name}\" is not a field known here",
                    NearestName.Advice(name, [.. FieldNames.All, FieldNames.Consent]));
            }
        }

        if (form.Consent is null && form.Required.Contains(FieldNames.Consent))
        {
            node["consent"].Report("is missing", "required asks for the ticked box, so describe the box");
        }

        if (form.Authentication.Scheme == FormScheme.BrowserOrigin && form.AllowedOrigins.Count == 0
            && node["authentication"]["scheme"].Exists)
        {
            node["allowedOrigins"].Report(
                "is missing",
                "The scheme browser_origin needs the sites that may post, such as https://www.example.com");
        }
    }

    private static FormAuthentication Authentication(FileNode node, string folder)
    {
        var authentication = new FormAuthentication
        {
            Scheme = node["scheme"].Choice(_defaults.Scheme),
            Secret = node["secret"].Secret(folder),
            PreviousSecret = node["previousSecret"].Secret(folder),
            Header = node["header"].Text(),
            HeaderFormat = node["headerFormat"].Text(),
            Prefix = node["prefix"].Text(_defaults.Prefix),
            Algorithm = node["algorithm"].Text(_defaults.Algorithm),
            Encoding = node["encoding"].Text(_defaults.Encoding),
            SecretEncoding = node["secretEncoding"].Text(_defaults.SecretEncoding),
            Signed = node["signed"].Text(_defaults.Signed),
            TimestampHeader = node["timestampHeader"].Text(),
            IdHeader = node["idHeader"].Text(),
            TimestampUnit = node["timestampUnit"].Text(_defaults.TimestampUnit),
            ToleranceSeconds = node["toleranceSeconds"].Whole(_defaults.ToleranceSeconds),
        };
        if (node["scheme"].Choice<FormScheme>() is not { } scheme)
        {
            return authentication;
        }

        foreach (var unused in _unused[scheme].Select(name => node[name]).Where(unused => unused.Exists))
        {
            unused.Report($"has no meaning with {node["scheme"].Text()}", "Leave it out");
        }

        if (scheme != FormScheme.BrowserOrigin && !node["secret"].Exists)
        {
            node["secret"].Report(
                "is missing",
                $"The scheme {node["scheme"].Text()} needs one, such as {{ \"env\": \"LEADLEDGER_FORM_SECRET\" }}");
        }

        if (scheme == FormScheme.Hmac && !node["header"].Exists)
        {
            node["header"].Report("is missing", "Name the header that carries the signature");
        }
        else if (scheme == FormScheme.Hmac && HmacSignature.Problem(authentication) is { } problem)
        {
            node.Report(problem.TrimEnd('.'), "Describe the signature as the sender's documentation does");
        }

        return authentication;
    }

    private static FormConsent? Consent(FileNode node) => !node.Exists ? null : new FormConsent
    {
        Text = node["text"].Text(""),
        CheckboxPath = node["checkboxPath"].Text(""),
        Purposes = node["purposes"].Texts([]),
        PreChecked = node["preChecked"].Flag(false),
        PrivacyPolicy = node["privacyPolicy"].Text(),
    };
}
