using LeadLedger.Faults.Loops;
using LeadLedger.Faults.Runs;
using LeadLedger.Faults.Twin;

ThreadPool.SetMinThreads(32, 32);
var arguments = new RunArguments(args);
return arguments.Words switch
{
    ["twin", .. var rest] => await TwinHost.RunAsync([.. rest]),
    ["quick"] => await Tiers.QuickAsync(arguments),
    ["loops", .. var rest] => await LoopsRun.RunAsync(rest, arguments.Text("report")),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("LeadLedger.Faults quick [--seed n] [--report file]");
    Console.Error.WriteLine("LeadLedger.Faults loops [messages] [failpoints] [sending] [defects] [quick] [--report file]");
    return 2;
}
