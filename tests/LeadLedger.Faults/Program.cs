using LeadLedger.Faults.Defects;
using LeadLedger.Faults.Loops;
using LeadLedger.Faults.Runs;
using LeadLedger.Faults.Twin;

ThreadPool.SetMinThreads(32, 32);
var arguments = new RunArguments(args);
return arguments.Text("help") is not null ? Usage() : arguments.Words switch
{
    ["twin", .. var rest] => await TwinHost.RunAsync([.. rest]),
    ["quick"] => await Tiers.QuickAsync(arguments),
    ["quick", "loops"] => await LoopsRun.QuickAsync(arguments),
    ["soak"] => await Tiers.AllAsync(arguments),
    ["soak", "ingest"] => await Tiers.IngestAsync(arguments),
    ["soak", "sends"] => await Tiers.SendsAsync(arguments),
    ["soak", "load"] => await Tiers.LoadAsync(arguments),
    ["soak", "timers"] => await Tiers.TimersAsync(arguments),
    ["soak", "quiet"] => await Tiers.QuietAsync(arguments),
    ["soak", "disk"] => await Tiers.DiskAsync(arguments),
    ["soak", "clock"] => await Tiers.ClockAsync(arguments),
    ["soak", "hang"] => await Tiers.HangAsync(arguments),
    ["soak", "defects", .. var rest] => await DefectsRun.RunAsync(rest, arguments.Text("report")),
    ["soak", "loops", .. var rest] => await LoopsRun.RunAsync(rest, arguments),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine(
        """
        LeadLedger.Faults quick [loops] | soak [ingest | sends | timers | quiet | disk | clock | hang | load | loops | defects] [options]

          quick         two processes, small counts, within a minute
          quick loops   a little of messages and fail points, within a minute and a half
          soak          quiet, timers, sends, ingest, hang, disk and clock, one after the other
          soak ingest   --webhooks 200000 --rate 160 --service-kills 200 --postgres-kills 100 --hangs 5 --processes 2
          soak sends    --sends 10000 --rate 25 --service-kills 60 --postgres-kills 10 --pauses 20
          soak timers   --timers 10000 --rate 120 --service-kills 20 --postgres-kills 5
          soak quiet    the sending window closes in the middle of the run
          soak disk     --webhooks 800: data, WAL and spool volume full; needs root, for small volumes of its own
          soak clock    clocks that jump by hours and a day, of processes and of PostgreSQL; needs cc
          soak hang     --webhooks 600 --seconds 10: PostgreSQL accepts and does not answer
          soak loops    [messages] [failpoints] [sending]: every message, every fail point, every fault of the provider
                         --rigs 2: cells at once; --only "a text": use cases or fail points that begin so
          soak defects  [name ...]: plants each defect in turn; the service's own tests must fail
          soak load     --rate 300 --seconds 600 --calls 80, without faults

          --seed n      another course of events; the same one gives the same webhooks and faults
          --report file the tables as Markdown, added to the file
        """);
    return 2;
}
