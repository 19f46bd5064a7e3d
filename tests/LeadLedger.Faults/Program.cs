using LeadLedger.Faults.Runs;
using LeadLedger.Faults.Twin;

return args switch
{
    ["twin", .. var rest] => await TwinHost.RunAsync(rest),
    ["smoke"] => await SmokeRun.RunAsync(),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("LeadLedger.Faults smoke");
    return 2;
}
