using System.Formats.Tar;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;

namespace LeadLedger.Postgres;

/// <summary>
/// One pinned set of relocatable PostgreSQL programs for one platform. The version and its SHA-512 are part of our
/// source, so what is fetched is either exactly what was tested or refused.
/// </summary>
internal sealed record BinaryPackage(string Platform, string Sha512)
{
    public const string Version = "18.4.0-beta.17";
    public const int Major = 18;

    /// <summary>The package's layout below its version's folder in the cache.</summary>
    public static readonly string BinBelowVersion = Path.Combine("package", "native", "bin");

    private static readonly TimeSpan FetchLimit = TimeSpan.FromMinutes(10);

    // The registry's own integrity field of this version, without its "sha512-".
    private static readonly BinaryPackage[] Known =
    [
        new("linux-x64", "jVw/MdDtIX/vICH/DKIe6/mHpiCggdx6QVyza4vt/NbcZFsL0KhwglF6F1Koqx3gRBZ9XtN+vi63EsqSyqOSxA=="),
        new("linux-arm64", "TIzjtGnDGSD/LbdW0OWCEcbI+YVT0WKSfSr20TCkkP4UR8zeKe+QCZbO0/CM4hS9EWyZ4cDebjRvpRc3iMi6wg=="),
        new("darwin-x64", "4tShSYWMxUQTSWoQAdLnHISvRj6L9gTch9/31ASJPg6wgyN64LDRwMcOINEWybM7N0ropJ3nTYhFT3UX1bKY5Q=="),
        new("darwin-arm64", "Kg1ZMNFzkVIJs3g4V2UYEc5X005km9rGinxFBH8R1sOU2Rblvz4pt2Uf93Pu8Rk273Ue9HIdrbMPpgUqwjUi0Q=="),
        new("windows-x64", "AwRerliA4IGWyW5jWBvHt5vidVUSB0QQW9Tt2y7ScnmifnCb/awfxZr4BkBSTv+gNt8Djcddqs+xSF5Z6/CkTg=="),
    ];

    /// <summary>Null where no build exists: musl systems, other processors.</summary>
    public static BinaryPackage? ForThisMachine()
    {
        var system = OperatingSystem.IsWindows() ? "windows"
            : OperatingSystem.IsMacOS() ? "darwin"
            : OperatingSystem.IsLinux() && !RuntimeInformation.RuntimeIdentifier.Contains("musl", StringComparison.Ordinal)
                ? "linux"
                : "none";
        var processor = (RuntimeInformation.OSArchitecture, system) switch
        {
            (Architecture.X64, _) => "x64",
            // Windows on ARM runs x64 programs.
            (Architecture.Arm64, "windows") => "x64",
            (Architecture.Arm64, _) => "arm64",
            _ => "none",
        };
        return Array.Find(Known, package => package.Platform == $"{system}-{processor}");
    }

    /// <summary>Fetches, checks and unpacks into the cache; returns the folder with the programs.</summary>
    public async Task<string> FetchAsync(string npm, string cache, Action<string> progress, CancellationToken ct)
    {
        var target = Path.Combine(cache, Version);
        var work = Path.Combine(cache, $".fetch-{RandomNumberGenerator.GetHexString(8, lowercase: true)}");
        Directory.CreateDirectory(work);
        try
        {
            progress($"PostgreSQL is not installed: fetching version {Version} once, about 30 MB, into {target} ...");
            var archive = await DownloadAsync(npm, work, ct);
            progress("Fetched; checking and unpacking ...");
            var unpacked = Path.Combine(work, "version");
            await UnpackAsync(archive, Sha512, unpacked, ct);
            Publish(unpacked, target);
            return Path.Combine(target, BinBelowVersion);
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }
    }

    /// <summary>Checks the archive against its digest and unpacks it below the folder, symbolic links included.</summary>
    internal static async Task UnpackAsync(string archive, string sha512, string folder, CancellationToken ct)
    {
        await using (var file = File.OpenRead(archive))
        {
            var digest = Convert.ToBase64String(await SHA512.HashDataAsync(file, ct));
            if (digest != sha512)
            {
                throw new InvalidDataException(
                    $"{Path.GetFileName(archive)} is not the file that was tested (its SHA-512 is {digest})");
            }

            file.Position = 0;
            Directory.CreateDirectory(folder);
            await using var unzipped = new GZipStream(file, CompressionMode.Decompress);
            await TarFile.ExtractToDirectoryAsync(unzipped, folder, overwriteFiles: false, ct);
        }

        RecreateLinks(Path.Combine(folder, "package"));
    }

    private async Task<string> DownloadAsync(string npm, string work, CancellationToken ct)
    {
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limited.CancelAfter(FetchLimit);
        CommandResult result;
        try
        {
            result = await Command.RunAsync(
                [npm, "pack", $"@embedded-postgres/{Platform}@{Version}", "--pack-destination", work, "--loglevel=error"],
                work, limited.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw new IOException($"npm did not finish within {FetchLimit.TotalMinutes} minutes");
        }

        return result.Succeeded && Directory.GetFiles(work, "*.tgz") is [var archive]
            ? archive
            : throw new IOException($"npm ended with code {result.ExitCode}: {result.Output}");
    }

    /// <summary>Package archives cannot hold links, so the package lists them; without them shared libraries are missing.</summary>
    private static void RecreateLinks(string package)
    {
        var list = Path.Combine(package, "native", "pg-symlinks.json");
        if (OperatingSystem.IsWindows() || !File.Exists(list))
        {
            return;
        }

        using var links = JsonDocument.Parse(File.ReadAllBytes(list));
        foreach (var link in links.RootElement.EnumerateArray())
        {
            var source = Inside(package, link.GetProperty("source").GetString());
            var target = Inside(package, link.GetProperty("target").GetString());
            if (!File.Exists(target))
            {
                File.CreateSymbolicLink(target, Path.GetRelativePath(Path.GetDirectoryName(target)!, source));
            }
        }
    }

    private static string Inside(string package, string? relative)
    {
        var path = Path.GetFullPath(Path.Combine(package, relative ?? ""));
        return path.StartsWith(package + Path.DirectorySeparatorChar, StringComparison.Ordinal)
            ? path
            : throw new InvalidDataException($"the package lists a link outside itself: {relative}");
    }

    /// <summary>One rename makes the version appear whole; a process that was quicker has made the same one.</summary>
    private static void Publish(string unpacked, string target)
    {
        if (Directory.Exists(target) && !PostgresBinaries.AreIn(Path.Combine(target, BinBelowVersion)))
        {
            Directory.Delete(target, recursive: true);
        }

        try
        {
            Directory.Move(unpacked, target);
        }
        catch (IOException) when (Directory.Exists(target))
        {
        }
    }
}
