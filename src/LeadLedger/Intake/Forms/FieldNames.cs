using System.Collections.Frozen;

namespace LeadLedger.Intake;

/// <summary>
/// Our names for a submission's fields, and the spellings under which forms send them when the business file does not
/// say. Spellings are folded (see <see cref="FieldIndex.Fold"/>), the surest first.
/// </summary>
public static class FieldNames
{
    public const string Phone = "phone";
    public const string Email = "email";
    public const string Name = "name";
    public const string FirstName = "first_name";
    public const string LastName = "last_name";
    public const string Company = "company";
    public const string Role = "role";
    public const string Message = "message";
    public const string Service = "service";
    public const string Budget = "budget";
    public const string Deadline = "deadline";
    public const string PreferredTime = "preferred_time";
    public const string WidgetId = "widget_id";
    public const string SourceUrl = "source_url";
    public const string Referrer = "referrer";
    public const string LandingUrl = "landing_url";
    public const string UtmSource = "utm_source";
    public const string UtmMedium = "utm_medium";
    public const string UtmCampaign = "utm_campaign";
    public const string UtmTerm = "utm_term";
    public const string UtmContent = "utm_content";
    public const string Gclid = "gclid";
    public const string Fbclid = "fbclid";
    public const string Locale = "locale";
    public const string UserAgent = "user_agent";
    public const string Device = "device";
    public const string SubmittedAt = "submitted_at";

    /// <summary>Required of a form, it asks for a ticked consent box.</summary>
    public const string Consent = "consent";

    private static readonly FrozenDictionary<string, string[]> Table = new Dictionary<string, string[]>
    {
        [Phone] =
        [
            "phone", "phonenumber", "telephone", "tel", "mobile", "mobilephone", "mobilenumber", "cell", "cellphone",
            "phoneno", "telephonenumber", "contactnumber", "contactphone", "primaryphone", "homephone", "workphone",
            "bestphonenumber", "bestphone", "callbacknumber", "fullphone", "phonemobile", "leadphone", "customerphone",
        ],
        [Email] =
        [
            "email", "emailaddress", "mail", "mailaddress", "contactemail", "workemail", "businessemail", "useremail",
            "primaryemail", "leademail", "customeremail",
        ],
        [Name] =
        [
            "name", "fullname", "contactname", "customername", "leadname", "clientname", "visitorname", "yourname",
            "nameandsurname", "firstandlastname", "firstlastname",
        ],
        [FirstName] = ["firstname", "fname", "givenname", "forename", "namefirst", "first"],
        [LastName] = ["lastname", "lname", "surname", "familyname", "namelast", "last"],
        [Company] = ["company", "companyname", "organization", "organisation", "business", "businessname", "employer"],
        [Role] = ["role", "jobtitle", "jobrole", "position", "occupation"],
        [Message] =
        [
            "message", "comments", "comment", "details", "description", "inquiry", "enquiry", "question", "questions",
            "notes", "note", "body", "projectdetails", "problem", "howcanwehelp", "howcanwehelpyou", "additionalinfo",
            "additionalinformation", "tellusmore", "issue",
        ],
        [Service] =
        [
            "service", "services", "serviceneeded", "servicerequested", "servicetype", "typeofservice", "treatment",
            "interestedin", "product", "projecttype", "reason", "subject",
        ],
        [Budget] = ["budget", "budgetrange", "estimatedbudget", "pricerange"],
        [Deadline] = ["deadline", "timeline", "timeframe", "whendoyouneedit", "startdate", "duedate"],
        [PreferredTime] =
        [
            "preferredtime", "preferreddate", "besttime", "besttimetocall", "callbacktime", "preferredcontacttime",
            "appointmenttime", "preferreddatetime", "availability",
        ],
        [WidgetId] = ["widgetid", "widget"],
        [SourceUrl] = ["sourceurl", "pageurl", "page", "formurl", "currenturl", "referralurl"],
        [Referrer] = ["referrer", "referer", "httpreferer", "documentreferrer", "referringurl"],
        [LandingUrl] = ["landingurl", "landingpage", "landingpageurl", "firstpage", "entrypage", "entryurl"],
        [UtmSource] = ["utmsource"],
        [UtmMedium] = ["utmmedium"],
        [UtmCampaign] = ["utmcampaign"],
        [UtmTerm] = ["utmterm"],
        [UtmContent] = ["utmcontent"],
        [Gclid] = ["gclid", "googleclickid"],
        [Fbclid] = ["fbclid", "facebookclickid"],
        [Locale] = ["locale", "language", "lang"],
        [UserAgent] = ["useragent", "browser"],
        [Device] = ["device", "devicetype"],
        [SubmittedAt] =
        [
            "submittedat", "submissiondate", "submissiontime", "submittedon", "createdat", "datecreated", "entrydate",
            "timestamp",
        ],
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Every name that a form's field mapping may use.</summary>
    public static IReadOnlyCollection<string> All => Table.Keys;

    internal static IReadOnlyList<string> Spellings(string name) => Table.TryGetValue(name, out var list) ? list : [];
}
