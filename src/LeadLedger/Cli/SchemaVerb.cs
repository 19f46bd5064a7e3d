using System.CommandLine;
using LeadLedger.Businesses;

namespace LeadLedger.Cli;

/// <summary><c>leadledger schema</c>: the JSON schema of a business file, for editors.</summary>
internal static class SchemaVerb
{
    private const string Description =
        """
        Prints the JSON schema of a business file. An editor that knows it completes and checks the file while it is
        written.
        """;

    private const string Examples =
        """
        Example:
          leadledger schema > business.schema.json

        Exit code: 0.
        """;

    public static Command Create()
    {
        var command = new Verb("schema", Description, Examples);
        command.SetAction(_ =>
        {
            Console.Out.WriteLine(BusinessSchema.Text.TrimEnd());
            return ExitCodes.Fine;
        });
        return command;
    }
}
