using System.CommandLine;
using LeadLedger.Businesses;
using LeadLedger.Hosting;

namespace LeadLedger.Cli;

/// <summary><c>leadledger check-config</c>: would the service start with these business files?</summary>
internal static class CheckConfigVerb
{
    private const string Description =
        """
        Checks a business file, or every file of a folder, as the service does when it starts, and lists every error
        with its path and what to write instead. Secrets that are named but not set are warnings.
        """;

    private const string Examples =
        """
        Examples:
          leadledger check-config
          leadledger check-config businesses/
          leadledger check-config my.business.json && systemctl restart leadledger

        Exit codes: 0 the service would start with it; 1 it has errors or cannot be read.
        """;

    public static Command Create()
    {
        var path = new Argument<string?>("path")
        {
            Description = "A business file or a folder of them; default: LEADLEDGER_CONFIG, else the shipped example.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var command = new Verb("check-config", Description, Examples) { path };
        command.SetAction(parsed => Run(parsed.GetValue(path) ?? LedgerAccess.Environment()["LEADLEDGER_CONFIG"]));
        return command;
    }

    private static int Run(string? path)
    {
        try
        {
            var businesses = ServiceSettings.LoadBusinesses(path);
            foreach (var business in businesses)
            {
                Console.Out.WriteLine($"{business.Id}: {business.Name} is fine.");
            }

            foreach (var missing in SecretUse.Missing(businesses))
            {
                Console.Error.WriteLine($"Warning: {missing}");
            }

            return ExitCodes.Fine;
        }
        catch (BusinessFileException exception)
        {
            foreach (var problem in exception.Problems)
            {
                Console.Error.WriteLine(problem);
            }

            return ExitCodes.ProblemFound;
        }
    }
}
