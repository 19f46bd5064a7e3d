using LeadLedger.EventStore.Outbox;
using LeadLedger.Hosting;
using LeadLedger.Reconciling;

namespace LeadLedger.Reading;

/// <summary>Everything that is read over HTTP, and the keys it is read with.</summary>
public static class ReadingEndpoints
{
    public static void AddReading(this IServiceCollection services, ServiceSettings settings)
    {
        services.AddSingleton<ApiKeys>();
        services.AddSingleton<LeadFinder>();
        services.AddSingleton<HistoryQuery>();
        services.AddSingleton<KeptDeliveries>();
        services.AddSingleton<OutboxFigures>();
        services.AddSingleton<StuckLeads>();
        services.AddSingleton<StatusQuery>();
    }

    public static void MapReading(this IEndpointRouteBuilder routes)
    {
        routes.MapListLeads();
        routes.MapListStuckLeads();
        routes.MapGetStatus();
        routes.MapGetLead();
        routes.MapGetLeadHistory();
        routes.MapGetDecisions();
        routes.MapListTasks();
        routes.MapListOutbox();
        routes.MapListQuarantine();
        ReplayDelivery.Map(routes);
        routes.MapGetCall();
        routes.MapGetContactPoint();
        routes.MapGetReconciliation();
        routes.MapGetBusiness();
        routes.MapKeys();
    }
}
