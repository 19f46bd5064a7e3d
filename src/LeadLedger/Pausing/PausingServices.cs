using LeadLedger.EventStore.Outbox;
using LeadLedger.Sending;

namespace LeadLedger.Pausing;

/// <summary>What pausing is made of, and its routes.</summary>
public static class PausingServices
{
    public static void AddPausing(this IServiceCollection services)
    {
        services.AddSingleton<FailureCounts>();
        services.AddSingleton<PauseKeeper>();
        services.AddSingleton<HeldWork>();
        services.AddSingleton<PauseList>();
        services.AddSingleton<IOutboxHandler, TryAgainHandler>();
        services.AddSingleton<IOutboxHandler, PauseAlertHandler>();
        services.AddTransient<ISmsSender>(provider => new BreakingSmsSender(
            provider.GetRequiredService<TwilioSmsSender>(), provider.GetRequiredService<PauseKeeper>()));
    }

    public static void MapPausing(this IEndpointRouteBuilder routes)
    {
        PauseList.Map(routes);
        PauseSending.Map(routes);
        ResumeSending.Map(routes);
    }
}
