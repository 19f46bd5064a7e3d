using System.CommandLine;
using System.Text;
using LeadLedger.Numbers;

namespace LeadLedger.Cli;

/// <summary><c>leadledger numbers</c>: how numbers are read.</summary>
internal static class NumbersVerb
{
    private const string Description =
        """
        Reads lines of a region, a tab and a number from standard input, and writes for each how it is read as one line
        of JSON.
        """;

    private const string Examples =
        """
        Example:
          printf 'US\t(214) 555-0100\nGB\t020 7946 0018\n' | leadledger numbers

        Exit code: 0; a number that cannot be read is an answer, not a failure.
        """;

    public static Command Create()
    {
        var command = new Verb("numbers", Description, Examples);
        command.SetAction(_ =>
        {
            var utf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
            using var input = new StreamReader(Console.OpenStandardInput(), utf8);
            using var output = new StreamWriter(Console.OpenStandardOutput(), utf8);
            return NumbersCommand.Run(input, output);
        });
        return command;
    }
}
