using LeadLedger.Cli;

return await CommandLine.RunAsync(args);

/// <summary>The entry point; public so that tests can host the service.</summary>
public partial class Program;
