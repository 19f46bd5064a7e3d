using System.CommandLine;
using LeadLedger.Hosting;

namespace LeadLedger.Cli;

/// <summary>The verbs of the one binary. Without a verb it serves.</summary>
public static class CommandLine
{
    public static Task<int> RunAsync(string[] args)
    {
        var root = new RootCommand("LeadLedger turns missed calls and web forms into durable, auditable leads.");
        var serve = new Command("serve", "Runs the service (the default). Settings come from the environment; see docs/configuration.md.")
        {
            TreatUnmatchedTokensAsErrors = false,
        };
        serve.SetAction(async (parsed, cancellation) => await ServiceHost.RunAsync([.. parsed.UnmatchedTokens], cancellation));
        root.Subcommands.Add(serve);
        root.Subcommands.Add(DemoVerb.Create());
        root.Subcommands.Add(VerifyVerb.Create());
        root.Subcommands.Add(RebuildVerb.Create());
        root.Subcommands.Add(BackupVerb.Create());
        root.Subcommands.Add(RestoreVerb.Create());
        root.Subcommands.Add(SendingVerbs.CreateHold());
        root.Subcommands.Add(SendingVerbs.CreateRelease());
        root.Subcommands.Add(SuppressionsVerb.Create());
        root.Subcommands.Add(CheckConfigVerb.Create());
        root.Subcommands.Add(SchemaVerb.Create());
        root.Subcommands.Add(NumbersVerb.Create());

        VerbHelp.AddTo(root);

        // The test host starts the service with its own settings, such as --environment: they belong to serve.
        return IsVerb(root, args) ? InvokeAsync(root.Parse(args)) : ServiceHost.RunAsync(args, CancellationToken.None);
    }

    // A mistyped option must not look like a finding: 1 says that a verb ran and found something. Who asks for help need not name what
    // is required.
    private static async Task<int> InvokeAsync(ParseResult parsed)
    {
        var code = await parsed.InvokeAsync();
        return parsed.Errors.Count > 0 && parsed.Action is not VerbHelp ? ExitCodes.CouldNotRun : code;
    }

    private static bool IsVerb(RootCommand root, string[] args) =>
        args.Length > 0 && (args[0] is "--help" or "-h" or "-?" or "--version" || !args[0].StartsWith('-'))
        && !(args[0].Contains('=', StringComparison.Ordinal) && !root.Subcommands.Any(command => command.Name == args[0]));
}
