using LeadLedger.EventStore.Outbox;
using LeadLedger.Hosting;

namespace LeadLedger.Reconciling;

/// <summary>What this feature puts into the service.</summary>
public static class ReconcilingFeature
{
    /// <param name="services">The service's parts.</param>
    /// <param name="settings">Whether this process does background work.</param>
    /// <param name="outgoing">Makes handlers for calls to providers.</param>
    public static void AddReconciling(this IServiceCollection services, ServiceSettings settings, Func<HttpMessageHandler> outgoing)
    {
        services.AddHttpClient<TwilioLists>(client => client.Timeout = Timeout.InfiniteTimeSpan).ConfigurePrimaryHttpMessageHandler(outgoing);
        services.AddSingleton<SettlementLookup>();
        services.AddSingleton<IOutboxHandler, SettleTextHandler>();
        services.AddSingleton<SweepStore>();
        services.AddSingleton<SweepIntake>();
        services.AddSingleton<Sweep>();
        if (settings.Dispatch)
        {
            services.AddHostedService<SweepWorker>();
        }
    }
}
