using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace LeadLedger.Faults.Loops;

/// <summary>
/// Reads the fail points and planted defects out of the build under test, so that none can be added without a loop meeting it. Nothing of the product
/// is loaded; only its names are read.
/// </summary>
public static class NamedConstants
{
    private const string Namespace = "LeadLedger.EventStore.Faults";

    /// <summary>The fail points of the build.</summary>
    public static IReadOnlyList<string> FailPoints(string program) => Of(program, "FailPoints");

    /// <summary>The defects that can be planted in the build.</summary>
    public static IReadOnlyList<string> Defects(string program) => Of(program, "Defects");

    private static List<string> Of(string program, string type)
    {
        using var file = File.OpenRead(Path.Combine(Path.GetDirectoryName(program)!, "LeadLedger.EventStore.dll"));
        using var image = new PEReader(file);
        var reader = image.GetMetadataReader();
        var definition = reader.TypeDefinitions.Select(reader.GetTypeDefinition)
            .Single(found => reader.GetString(found.Name) == type && reader.GetString(found.Namespace) == Namespace);
        var values = new List<string>();
        foreach (var field in definition.GetFields().Select(reader.GetFieldDefinition))
        {
            if (field.GetDefaultValue() is { IsNil: false } handle)
            {
                var constant = reader.GetConstant(handle);
                values.Add((string)reader.GetBlobReader(constant.Value).ReadConstant(constant.TypeCode)!);
            }
        }

        values.Sort(StringComparer.Ordinal);
        return values;
    }
}
