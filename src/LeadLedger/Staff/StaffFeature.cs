using LeadLedger.Hosting;
using LeadLedger.Staff.Accounts;
using LeadLedger.Staff.Frame;
using LeadLedger.Staff.Live;
using LeadLedger.Staff.Pages;
using LeadLedger.Staff.Verification;

namespace LeadLedger.Staff;

/// <summary>The pages: services, guard and routes.</summary>
public static class StaffFeature
{
    public static void AddStaff(this IServiceCollection services, ServiceSettings settings)
    {
        services.AddSingleton(settings.Proxy);
        services.AddSingleton<StaffUsers>();
        services.AddSingleton<StaffSessions>();
        services.AddSingleton<SignInLinks>();
        services.AddSingleton<SignInThrottle>();
        services.AddSingleton<StaffCookie>();
        services.AddSingleton<SecurityLog>();
        services.AddSingleton<Slices>();
        services.AddSingleton<LeadCards>();
        services.AddSingleton<TodayFigures>();
        services.AddSingleton<LeadViews>();
        services.AddSingleton<LedgerCheck>();
        services.AddSingleton<SendAgainPreview>();
        services.AddSingleton<SourceFigures>();
        services.AddSingleton<LatencyFigures>();
        services.AddSingleton<EventSearch>();
        services.AddSingleton<FirstRunFacts>();
        services.AddSingleton<TrialCall>();
        services.AddSingleton<LeadDesk>();
        services.AddSingleton<LeadLinks>();
        services.AddSingleton<LeadDoor>();
        services.AddSingleton<OpenMatters>();
        services.AddSingleton<PutOffPairs>();
        services.AddSingleton<ConsentRecords>();
        services.AddSingleton<LiveFeed>();
        services.AddSingleton<LiveReads>();
        services.AddHostedService(provider => provider.GetRequiredService<LiveFeed>());
    }

    public static void UseStaff(this IApplicationBuilder app) => app.UseMiddleware<StaffGuard>();

    public static void MapStaff(this IEndpointRouteBuilder routes)
    {
        StaffAssets.Map(routes);
        LiveEndpoint.Map(routes);
        SignIn.Map(routes);
        Account.Map(routes);
        Today.Map(routes);
        OutboxList.Map(routes);
        SourceList.Map(routes);
        ServiceStatus.Map(routes);
        AuditView.Map(routes);
        PeopleList.Map(routes);
        FirstRun.Map(routes);
        LeadLists.Map(routes);
        LeadSheet.Map(routes);
        Timeline.Map(routes);
        AsOf.Map(routes);
        Why.Map(routes);
        Conversation.Map(routes);
        Callback.Map(routes);
        Merges.Map(routes);
        MergeTree.Map(routes);
        UndoMerge.Map(routes);
        WhoIsThis.Map(routes);
        ConsentLookup.Map(routes);
        Escalations.Map(routes);
        LeadByLink.Map(routes);
    }
}
