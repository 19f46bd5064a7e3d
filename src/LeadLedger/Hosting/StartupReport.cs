using LeadLedger.Backup;
using LeadLedger.Businesses;
using LeadLedger.Postgres;
using LeadLedger.Reading;
using LeadLedger.Sending;
using LeadLedger.Staff.Accounts;
using Npgsql;

namespace LeadLedger.Hosting;

/// <summary>What a person reads when the service starts, or refuses to.</summary>
public static class StartupReport
{
    public static async Task PrintAsync(WebApplication app, ServiceSettings settings, LedgerDatabase store, TextWriter output)
    {
        var accounts = app.Services.GetRequiredService<TwilioAccounts>();
        await output.WriteLineAsync($"LeadLedger at {settings.PublicBase}");
        await output.WriteLineAsync($"  Database   {store.Description}{(store.IsOpen ? "" : " - away: webhooks are kept until it is there")}");
        await output.WriteLineAsync($"  Businesses {string.Join(", ", settings.Businesses.Select(b => $"{b.Name} ({b.Id})"))}"
            + (settings.ConfigPath is null ? " - the shipped example; set LEADLEDGER_CONFIG to your own file" : ""));
        var live = settings.Businesses.Where(b => !b.TestMode && app.Services.GetRequiredService<ISmsSender>().IsLive(b)).ToArray();
        await output.WriteLineAsync(live.Length == 0
            ? "  Texts      recorded and shown, never sent: no Twilio credentials are set (TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN)"
            : $"  Texts      sent through {accounts.ApiBase} for {string.Join(", ", live.Select(b => b.Id))}");
        await output.WriteLineAsync(settings.Smtp is null
            ? "  E-mail     recorded and shown, never sent: SMTP_URL is not set"
            : $"  E-mail     sent through {settings.Smtp.Host}");
        await output.WriteLineAsync(accounts.Live(app.Services.GetRequiredService<BusinessDirectory>()).Count == 0
            ? "  Sweep      off: there are no Twilio credentials to ask for webhooks that never came"
            : "  Sweep      Twilio's lists are asked every 5 minutes for calls and texts whose webhooks never came");
        if (settings.CalendlyBookingUrl is null)
        {
            await output.WriteLineAsync("  Booking    off: CALENDLY_BOOKING_URL is not set");
        }

        if (settings.Trial is { } trial)
        {
            await output.WriteLineAsync($"  Trying out secrets that sign trial webhooks are in {trial.Folder}");
        }

        foreach (var missing in SecretUse.Missing(settings.Businesses)
            .Where(use => settings.Trial is null || !Intake.FormSecrets.TrialVariables.Contains(use.Secret.Env ?? "")))
        {
            await output.WriteLineAsync($"  Warning    {missing}");
        }

        if (store.IsOpen)
        {
            await PrintLedgerAsync(app, settings, output);
        }
        else
        {
            store.WhenOpened = () => PrintLedgerAsync(app, settings, output);
        }

        await output.WriteLineAsync($"  Pages      {settings.PublicBase}/   API {settings.PublicBase}/docs   Health {settings.PublicBase}/health/ready");
    }

    private static async Task PrintLedgerAsync(WebApplication app, ServiceSettings settings, TextWriter output)
    {
        await PrintAdminKeyAsync(app, settings, output);
        if (await app.Services.GetRequiredService<SignInLinks>().FirstAsync(CancellationToken.None) is { } link)
        {
            await output.WriteLineAsync($"  Sign in    {settings.PublicBase}/sign-in/link/{link}   (once, within 24 hours)");
        }

        if (await app.Services.GetRequiredService<SendingLock>().ClosedAsync(CancellationToken.None) is { } closed)
        {
            await output.WriteLineAsync();
            await output.WriteLineAsync($"  SENDING IS CLOSED since {closed.Since}: {closed.Reason} Leads are taken in, nothing leaves. "
                + "Check the ledger, then open it with: leadledger release --reason \"...\"");
            await output.WriteLineAsync();
        }
    }

    private static async Task PrintAdminKeyAsync(WebApplication app, ServiceSettings settings, TextWriter output)
    {
        if (await app.Services.GetRequiredService<ApiKeys>().EnsureAdminAsync(settings.AdminKey) is { } made)
        {
            await output.WriteLineAsync();
            await output.WriteLineAsync($"  Admin API key, shown only this once: {made}");
        }
    }

    /// <summary>The reason for a refusal to start, in words a person can act on; null for a defect of ours.</summary>
    public static string? Explain(Exception exception) => exception switch
    {
        BusinessFileException or SettingsException or PostgresUnavailableException or UnsafeServerException or UnsafeStartException
            or BackupException or InvalidDataException => exception.Message,
        PostgresException postgres => $"PostgreSQL refused: {postgres.MessageText} ({postgres.SqlState}). Check ConnectionStrings__Ledger.",
        NpgsqlException => $"PostgreSQL cannot be reached: {exception.Message}. Check ConnectionStrings__Ledger and that the server runs.",
        IOException { InnerException: { } inner } when inner.GetType().Name == "AddressInUseException" =>
            $"{exception.Message} Another program uses this port; set ASPNETCORE_URLS to a free one, such as http://localhost:5081.",
        _ => null,
    };
}
