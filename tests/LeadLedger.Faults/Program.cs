using LeadLedger.Faults.Runs;
using LeadLedger.Faults.Twin;

ThreadPool.SetMinThreads(32, 32);
var arguments = new RunArguments(args);
return arguments.Words switch
{
    ["twin", .. var rest] => await TwinHost.RunAsync([.. rest]),
    ["quick"] => await Tiers.QuickAsync(arguments),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("LeadLedger.Faults quick [--seed n] [--report file]");
    return 2;
}
