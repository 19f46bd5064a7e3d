using LeadLedger.Backup;
using LeadLedger.Businesses;
using LeadLedger.Callbacks;
using LeadLedger.Calls;
using LeadLedger.Crm;
using LeadLedger.EventStore;
using LeadLedger.EventStore.Outbox;
using LeadLedger.EventStore.Writing;
using LeadLedger.Intake;
using LeadLedger.Intake.Ghl;
using LeadLedger.Intake.Spool;
using LeadLedger.Intake.Twilio;
using LeadLedger.Intake.Webhooks;
using LeadLedger.Leads;
using LeadLedger.Matching;
using LeadLedger.Pausing;
using LeadLedger.Reading;
using LeadLedger.Reconciling;
using LeadLedger.Sending;
using LeadLedger.Staff;

namespace LeadLedger.Hosting;

/// <summary>The composition root: the only place that names every feature.</summary>
public static class ServiceHost
{
    /// <summary>Connections beyond it are closed at once; deliveries are turned away politely long before.</summary>
    private const int MostConnections = 4096;

    /// <summary>Runs the service until it is stopped.</summary>
    /// <returns>0 after a clean stop; 2 when it refuses to start, with the reason on standard error.</returns>
    public static async Task<int> RunAsync(string[] args, CancellationToken cancellation)
    {
        try
        {
            await using var service = await BuildAsync(args, HostOptions.FromEnvironment(), cancellation);
            await StartupReport.PrintAsync(service.App, service.Settings, service.Database, Console.Out);
            await service.App.RunAsync(cancellation);
            return 0;
        }
        catch (Exception exception) when (StartupReport.Explain(exception) is { } explanation)
        {
            await Console.Error.WriteLineAsync(explanation);
            return 2;
        }
    }

    /// <summary>Reads the settings, opens the database and puts the service together; it does not listen yet.</summary>
    public static async Task<BuiltService> BuildAsync(string[] args, HostOptions options, CancellationToken cancellation)
    {
        // Settings are read once. Watching the content root for changed settings would also watch the database under it.
        var builder = WebApplication.CreateBuilder(["--hostBuilder:reloadConfigOnChange=false", .. args]);
        var settings = ServiceSettings.Read(builder.Configuration);
        var store = await LedgerDatabase.OpenAsync(settings, builder.Environment, options.Clock, Console.Out.WriteLine, cancellation);
        try
        {
            AddServices(builder, settings, store, options);
            options.Logging?.Invoke(builder.Logging);
            var app = builder.Build();
            MapRoutes(app);
            return new BuiltService(app, settings, store);
        }
        catch
        {
            await store.DisposeAsync();
            throw;
        }
    }

    private static void AddServices(WebApplicationBuilder builder, ServiceSettings settings, LedgerDatabase store, HostOptions options)
    {
        var services = builder.Services;
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning);
        builder.Logging.AddFilter("System", LogLevel.Warning);
        builder.Logging.AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Information);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 1024 * 1024;
            kestrel.Limits.MaxConcurrentConnections = MostConnections;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        });
        services.Configure<Microsoft.Extensions.Hosting.HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(30));
        services.AddSingleton(settings);
        services.AddSingleton(new ServiceAddress(settings.PublicBase));
        services.AddSingleton(new BusinessDirectory(settings.Businesses));
        services.AddSingleton(new NodeClock(store.DataSource, options.Clock));
        services.AddSingleton<NodaTime.IClock>(provider => provider.GetRequiredService<NodeClock>());
        services.AddSingleton(store.DataSource);
        services.AddSingleton(LeadStreams.Model);
        services.AddSingleton<SendingLock>();
        services.AddSingleton<Ledger>();

        // Stopped in the reverse order: the listener with its requests first, then the worker with its calls, the writer under both last.
        services.AddSingleton<LedgerWriter>();
        services.AddHostedService(provider => provider.GetRequiredService<LedgerWriter>());
        services.AddSingleton(new StopWait(settings.StopWait));
        services.AddSingleton<Draining>();
        services.AddHostedService(provider => provider.GetRequiredService<Draining>());
        services.AddSingleton<IntakePlaces>();
        AddIntake(services, settings, store, options);
        AddSending(services, settings, options);
        services.AddExceptionHandler<StorageExceptions>();
        services.AddProblemDetails();
        services.AddReading(settings);
        services.AddApi();
        services.AddStaff(settings);
        services.AddWalFollowing(settings);
    }

    private static void AddIntake(IServiceCollection services, ServiceSettings settings, LedgerDatabase store, HostOptions options)
    {
        services.AddSingleton(store);
        services.AddSingleton(options.Spool);
        services.AddSingleton(provider => WebhookSpool.Open(settings.Spool, provider.GetRequiredService<ILogger<WebhookSpool>>()));
        services.AddSingleton<DatabaseWatch>();
        services.AddSingleton<Nodes>();
        services.AddSingleton<IntakeCounters>();
        services.AddSingleton<SignatureFailures>();
        services.AddSingleton<IntakeAccount>();
        services.AddSingleton<WebhookIntake>();
        services.AddSingleton<SpoolDrain>();
        services.AddHostedService(provider => provider.GetRequiredService<SpoolDrain>());
        services.AddSingleton<IWebhookRoutes, TwilioRoutes>();
        services.AddSingleton<IWebhookRoutes>(provider => provider.GetRequiredService<FormEdge>());
        services.AddSingleton<IWebhookRoutes, GhlRoute>();
        services.AddSingleton<Deliveries>();
        services.AddSingleton<TwilioEdge>();
        services.AddSingleton<SmsStatusLookup>();
        services.AddSingleton<FormEdge>();
        services.AddSingleton(new FormSecrets(settings.Trial?.FormSecret));
        services.AddSingleton<IntakeLimiter>();
    }

    private static void AddSending(IServiceCollection services, ServiceSettings settings, HostOptions options)
    {
        services.AddSingleton(new CallDeadline(options.CallDeadline));
        services.AddSingleton(provider => new TwilioAccounts(
            provider.GetRequiredService<BusinessDirectory>(), settings.Twilio, settings.Trial?.Twilio, settings.TwilioApiBase)
        {
            RecordOnly = settings.RecordTexts,
        });
        services.AddHttpClient<TwilioSmsSender>(client => client.Timeout = Timeout.InfiniteTimeSpan)
            .ConfigurePrimaryHttpMessageHandler(OutgoingHttp);
        services.AddHttpClient<TeamChannel>(client => client.Timeout = Timeout.InfiniteTimeSpan)
            .ConfigurePrimaryHttpMessageHandler(OutgoingHttp);
        services.AddHttpClient(nameof(MirrorLeadHandler)).ConfigurePrimaryHttpMessageHandler(OutgoingHttp);
        services.AddSingleton<IEmailSender>(provider => new SmtpEmailSender(settings.Smtp, provider.GetRequiredService<CallDeadline>()));
        services.AddSingleton<TextGate>();
        services.AddSingleton<OutboxWork>();
        services.AddSingleton(options.Timing);
        services.AddSingleton<OutboxClaims>();
        services.AddSingleton<IOutboxHandler, SendSmsHandler>();
        services.AddSingleton<IOutboxHandler, AlertHandler>();
        services.AddSingleton<IOutboxHandler, EscalateTaskHandler>();
        services.AddSingleton<IOutboxHandler, ReconsiderInquiryHandler>();
        services.AddSingleton<IOutboxHandler, SettleCallHandler>();
        services.AddSingleton<IOutboxHandler, SuggestMergesHandler>();
        services.AddSingleton<IOutboxHandler>(provider => new MirrorLeadHandler(
            provider.GetRequiredService<OutboxWork>(),
            provider.GetRequiredService<Ledger>(),
            provider.GetRequiredService<IHttpClientFactory>().CreateClient(nameof(MirrorLeadHandler)),
            provider.GetRequiredService<BusinessDirectory>(),
            provider.GetRequiredService<CallDeadline>(),
            provider.GetRequiredService<PauseKeeper>()));
        services.AddPausing();
        services.AddSingleton<IParkedWork, ParkedWork>();
        services.AddSingleton(provider =>
        {
            var businesses = provider.GetRequiredService<BusinessDirectory>();
            return new OutboxTenants(tenant => businesses.Find(tenant) is not null);
        });
        services.AddReconciling(settings, OutgoingHttp);
        services.AddSingleton<OutboxDispatcher>();
        if (settings.Dispatch)
        {
            services.AddHostedService<OutboxWorker>();
        }
    }

    // A redirected POST would be a second request that nobody decided; a body of ours goes to the address it was meant for.
    private static HttpMessageHandler OutgoingHttp() => new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        ConnectTimeout = TimeSpan.FromSeconds(5),
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
    };

    private static void MapRoutes(WebApplication app)
    {
        app.UseApi();
        app.MapTwilioWebhooks();
        app.MapFormWebhooks();
        app.MapGhlWebhook();
        app.MapIntake();
        app.MapReading();
        app.MapPausing();
        app.MapApi();
        app.MapStaff();
    }
}
