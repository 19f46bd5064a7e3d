using System.Globalization;
using LeadLedger.Businesses;
using LeadLedger.Intake.Spool;
using LeadLedger.Sending;

namespace LeadLedger.Hosting;

/// <summary>Everything the environment says. The names are fixed, so that scripts can rely on them.</summary>
public sealed record ServiceSettings
{
    public const string DefaultUrl = "http://localhost:5080";

    public required string DataFolder { get; init; }

    /// <summary>ConnectionStrings__Ledger; null runs the private server in the data folder.</summary>
    public string? ConnectionString { get; init; }

    public required string PublicBase { get; init; }

    public required IReadOnlyList<Business> Businesses { get; init; }

    /// <summary>LEADLEDGER_CONFIG; null uses the shipped example.</summary>
    public string? ConfigPath { get; init; }

    public string? AdminKey { get; init; }

    public TwilioCredentials? Twilio { get; init; }

    public required string TwilioApiBase { get; init; }

    public Uri? Smtp { get; init; }

    public string? CalendlyBookingUrl { get; init; }

    /// <summary>Secrets of this installation for trying out; null once real Twilio credentials are set.</summary>
    public TrialSecrets? Trial { get; init; }

    /// <summary>LEADLEDGER_DISPATCH: off leaves due work to other processes on the same database.</summary>
    public bool Dispatch { get; init; } = true;

    /// <summary>LEADLEDGER_SENDER=recorded: texts are recorded and never sent, although credentials are set.</summary>
    public bool RecordTexts { get; init; }

    /// <summary>LEADLEDGER_SPOOL_LIMIT_MB and LEADLEDGER_SPOOL_KEY_FILE: where webhooks are kept while the database is away, and how much.</summary>
    public required SpoolOptions Spool { get; init; }

    /// <summary>LEADLEDGER_STOP_WAIT, seconds: how long requests are still taken after the service said that it stops.</summary>
    public TimeSpan StopWait { get; init; }

    /// <summary>LEADLEDGER_PROXY_USER_HEADER and LEADLEDGER_PROXY_ADDRESSES: a reverse proxy that signs people in.</summary>
    public Staff.Frame.ProxySignIn Proxy { get; init; } = Staff.Frame.ProxySignIn.Off;

    /// <summary>LEADLEDGER_WAL_TO: a folder of backups into which the database's log is followed; null when another process does it, or none.</summary>
    public string? WalTo { get; init; }

    /// <exception cref="BusinessFileException">A business file is wrong; every problem is listed.</exception>
    /// <exception cref="SettingsException">A setting cannot be used.</exception>
    public static ServiceSettings Read(IConfiguration configuration)
    {
        var data = Path.GetFullPath(configuration["LEADLEDGER_DATA"] ?? "data");
        var twilio = ReadTwilio(configuration);
        var urls = configuration["ASPNETCORE_URLS"] ?? configuration["urls"];
        if (string.IsNullOrWhiteSpace(urls))
        {
            configuration["urls"] = DefaultUrl;
            urls = DefaultUrl;
        }

        var config = configuration["LEADLEDGER_CONFIG"];
        return new ServiceSettings
        {
            DataFolder = data,
            ConnectionString = configuration.GetConnectionString("Ledger"),
            PublicBase = PublicBaseOf(configuration["PUBLIC_BASE_URL"], urls),
            ConfigPath = config,
            Businesses = LoadBusinesses(config),
            AdminKey = configuration["LEADLEDGER_ADMIN_KEY"],
            Twilio = twilio,
            TwilioApiBase = configuration["TWILIO_API_BASE_URL"] ?? "https://api.twilio.com",
            Smtp = SmtpOf(configuration["SMTP_URL"]),
            CalendlyBookingUrl = configuration["CALENDLY_BOOKING_URL"],
            Dispatch = !string.Equals(configuration["LEADLEDGER_DISPATCH"], "off", StringComparison.OrdinalIgnoreCase),
            RecordTexts = string.Equals(configuration["LEADLEDGER_SENDER"], "recorded", StringComparison.OrdinalIgnoreCase),
            Spool = new SpoolOptions(data, KeyFileOf(configuration["LEADLEDGER_SPOOL_KEY_FILE"], data), SpoolLimitOf(configuration["LEADLEDGER_SPOOL_LIMIT_MB"])),
            StopWait = StopWaitOf(configuration["LEADLEDGER_STOP_WAIT"], configuration["PUBLIC_BASE_URL"]),
            WalTo = configuration["LEADLEDGER_WAL_TO"] is { Length: > 0 } to ? Path.GetFullPath(to) : null,
            Proxy = Staff.Frame.ProxySignIn.Read(configuration["LEADLEDGER_PROXY_USER_HEADER"], configuration["LEADLEDGER_PROXY_ADDRESSES"]),
            Trial = twilio is null ? TrialSecrets.InFolder(data) : null,
        };
    }

    /// <summary>The businesses of the configured file or folder, or the shipped example.</summary>
    public static IReadOnlyList<Business> LoadBusinesses(string? path) => path is null
        ? [BusinessFile.Parse("example business", BusinessFile.Example, Directory.GetCurrentDirectory())]
        : BusinessFile.LoadAll(path);

    private static string KeyFileOf(string? configured, string data) =>
        string.IsNullOrWhiteSpace(configured) ? Path.Combine(data, "spool.key") : Path.GetFullPath(configured);

    private static long SpoolLimitOf(string? configured)
    {
        if (string.IsNullOrWhiteSpace(configured))
        {
            return SpoolOptions.DefaultLimitMegabytes * 1024L * 1024;
        }

        return int.TryParse(configured, NumberStyles.None, CultureInfo.InvariantCulture, out var megabytes) && megabytes is > 0 and <= 1024 * 1024
            ? megabytes * 1024L * 1024
            : throw new SettingsException($"LEADLEDGER_SPOOL_LIMIT_MB must be a whole number of megabytes, such as 256; it is '{configured}'.");
    }

    private static TwilioCredentials? ReadTwilio(IConfiguration configuration)
    {
        var sid = configuration["TWILIO_ACCOUNT_SID"];
        var token = configuration["TWILIO_AUTH_TOKEN"];
        if (string.IsNullOrWhiteSpace(sid) && string.IsNullOrWhiteSpace(token))
        {
            return null;
        }

        return string.IsNullOrWhiteSpace(sid) || string.IsNullOrWhiteSpace(token)
            ? throw new SettingsException("TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN belong together: set both, or neither to try LeadLedger out.")
            : new TwilioCredentials(sid.Trim(), token.Trim(), configuration["TWILIO_PREVIOUS_AUTH_TOKEN"]);
    }

    private static string PublicBaseOf(string? configured, string urls)
    {
        if (string.IsNullOrWhiteSpace(configured))
        {
            return urls.Split(';')[0].Replace("*", "localhost", StringComparison.Ordinal)
                .Replace("+", "localhost", StringComparison.Ordinal).Replace("0.0.0.0", "localhost", StringComparison.Ordinal).TrimEnd('/');
        }

        return Uri.TryCreate(configured, UriKind.Absolute, out var uri) && uri.Scheme is ("http" or "https")
            ? configured.TrimEnd('/')
            : throw new SettingsException($"PUBLIC_BASE_URL must be an absolute http or https address, such as https://leads.example.com; it is '{configured}'.");
    }

    // With a public address somebody stands in front of the service and needs a moment to turn away; alone on a machine nobody does.
    private static TimeSpan StopWaitOf(string? configured, string? publicBase)
    {
        if (string.IsNullOrWhiteSpace(configured))
        {
            return TimeSpan.FromSeconds(string.IsNullOrWhiteSpace(publicBase) ? 0 : 3);
        }

        return int.TryParse(configured, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var seconds) && seconds <= 10
            ? TimeSpan.FromSeconds(seconds)
            : throw new SettingsException($"LEADLEDGER_STOP_WAIT must be 0 to 10, in seconds; it is '{configured}'.");
    }

    private static Uri? SmtpOf(string? configured)
    {
        if (string.IsNullOrWhiteSpace(configured))
        {
            return null;
        }

        return Uri.TryCreate(configured, UriKind.Absolute, out var uri) && uri.Scheme is "smtp"
            ? uri
            : throw new SettingsException("SMTP_URL must look like smtp://user:password@mail.example.com:587?from=alerts@example.com.");
    }
}

/// <summary>A setting that cannot be used; the message says which and what to write instead.</summary>
public sealed class SettingsException(string message) : Exception(message);
