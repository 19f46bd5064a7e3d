using System.Security.Cryptography;
using LeadLedger.Hosting;

namespace LeadLedger.Staff.Frame;

/// <summary>The pages' one stylesheet, one script and icon, out of the program itself; the same for everybody, so nobody is asked who they are.</summary>
public static class StaffAssets
{
    private static readonly (string Name, string Type)[] Files =
        [("staff.css", "text/css; charset=utf-8"), ("staff.js", "text/javascript; charset=utf-8"), ("icon.svg", "image/svg+xml")];

    private static readonly Dictionary<string, byte[]> Contents = Files.ToDictionary(file => file.Name, file => Read(file.Name), StringComparer.Ordinal);

    /// <summary>Changes with their content, so that they may be kept for ever under their address.</summary>
    public static string Version { get; } = Convert.ToHexStringLower(SHA256.HashData([.. Files.SelectMany(file => Contents[file.Name])]))[..12];

    public static void Map(IEndpointRouteBuilder routes)
    {
        foreach (var (name, type) in Files)
        {
            routes.MapGet($"/staff/{name}", (HttpContext http) =>
            {
                http.Response.Headers.CacheControl = "public, max-age=31536000, immutable";
                return Results.Bytes(Contents[name], type);
            }).Requires(ApiAccess.Open).ExcludeFromDescription();
        }
    }

    private static byte[] Read(string name)
    {
        using var stream = typeof(StaffAssets).Assembly.GetManifestResourceStream($"staff/{name}")!;
        using var memory = new MemoryStream();
        stream.CopyTo(memory);
        return memory.ToArray();
    }
}
