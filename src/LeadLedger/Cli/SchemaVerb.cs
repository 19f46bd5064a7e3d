using System.CommandLine;
using LeadLedger.Businesses;

namespace LeadLedger.Cli;

/// <summary><c>leadledger schema</c>: the JSON schema of a business file, for editors.</summary>
internal static class SchemaVerb
{
    private const string Help =
        """
        Prints the JSON schema of a business file. An editor that knows it completes and checks the file while it is
        written.

        Example:
          leadledger schema > business.schema.json

        Exit code: 0.
        """;

    public static Command Create()
    {
        var command = new Command("schema", Help);
        command.SetAction(_ =>
        {
            Console.Out.WriteLine(BusinessSchema.Text.TrimEnd());
            return ExitCodes.Fine;
        });
        return command;
    }
}
