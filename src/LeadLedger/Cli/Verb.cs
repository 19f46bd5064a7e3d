using System.CommandLine;

namespace LeadLedger.Cli;

/// <summary>A verb with examples and exit codes, which its help shows below the options.</summary>
internal sealed class Verb(string name, string description, string examples) : Command(name, description)
{
    public string Examples { get; } = examples;
}
