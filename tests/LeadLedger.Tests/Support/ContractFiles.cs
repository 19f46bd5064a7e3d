using System.Text.Json;

namespace LeadLedger.Tests.Support;

/// <summary>Reads the providers' published vectors and sample payloads; each file names its own source.</summary>
public static class ContractFiles
{
    public static JsonElement Vectors(string file) => Read("vectors", file);

    public static JsonElement Sample(string file) => Read("samples", file);

    private static JsonElement Read(string folder, string file) =>
        JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Contracts", folder, file)))
            .RootElement.Clone();
}
