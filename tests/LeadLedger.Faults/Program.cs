using LeadLedger.Faults.Loops;
using LeadLedger.Faults.Runs;
using LeadLedger.Faults.Twin;

return args switch
{
    ["twin", .. var rest] => await TwinHost.RunAsync(rest),
    ["loops", .. var rest] => await LoopsRun.RunAsync(rest),
    ["smoke"] => await SmokeRun.RunAsync(),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("LeadLedger.Faults smoke");
    return 2;
}
