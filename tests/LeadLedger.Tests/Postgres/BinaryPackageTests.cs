using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using LeadLedger.Postgres;
using LeadLedger.Tests.Support;

namespace LeadLedger.Tests.Postgres;

public sealed class BinaryPackageTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Unpacking_keeps_programs_executable_and_makes_the_listed_links()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows packages have neither modes nor links.");
        var archive = Archive("""[{"source":"native/lib/libpq.so.5.18","target":"native/lib/libpq.so.5"}]""");
        var target = _folder.Below("18");

        await BinaryPackage.UnpackAsync(archive, Digest(archive), target, Ct);

        var program = Path.Combine(target, BinaryPackage.BinBelowVersion, "postgres");
        Assert.True(new FileInfo(program).UnixFileMode.HasFlag(UnixFileMode.UserExecute));
        var link = new FileInfo(Path.Combine(target, "package", "native", "lib", "libpq.so.5"));
        Assert.Equal("libpq.so.5.18", link.LinkTarget);
        Assert.Equal("library", await File.ReadAllTextAsync(link.FullName, Ct));
    }

    [Fact]
    public async Task A_link_that_leads_out_of_the_package_is_refused()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows packages have no links.");
        var archive = Archive("""[{"source":"native/lib/libpq.so.5.18","target":"../../outside"}]""");

        await Assert.ThrowsAsync<InvalidDataException>(
            () => BinaryPackage.UnpackAsync(archive, Digest(archive), _folder.Below("18"), Ct));

        Assert.False(File.Exists(_folder.Below("outside")));
    }

    [Fact]
    public async Task A_changed_archive_is_not_unpacked()
    {
        var archive = Archive("[]");
        var digest = Digest(archive);
        await File.AppendAllTextAsync(archive, "x", Ct);

        await Assert.ThrowsAsync<InvalidDataException>(
            () => BinaryPackage.UnpackAsync(archive, digest, _folder.Below("18"), Ct));

        Assert.False(Directory.Exists(_folder.Below("18")));
    }

    private string Archive(string links)
    {
        var path = _folder.Below("package.tgz");
        using var file = File.Create(path);
        using var zipped = new GZipStream(file, CompressionMode.Compress);
        using var tar = new TarWriter(zipped, TarEntryFormat.Ustar);
        Add("package/native/bin/postgres", "program", UnixFileMode.UserRead | UnixFileMode.UserExecute);
        Add("package/native/lib/libpq.so.5.18", "library", UnixFileMode.UserRead);
        Add("package/native/pg-symlinks.json", links, UnixFileMode.UserRead);
        return path;

        void Add(string name, string content, UnixFileMode mode) => tar.WriteEntry(
            new UstarTarEntry(TarEntryType.RegularFile, name)
            {
                Mode = mode,
                DataStream = new MemoryStream(Encoding.UTF8.GetBytes(content)),
            });
    }

    private static string Digest(string file) => Convert.ToBase64String(SHA512.HashData(File.ReadAllBytes(file)));
}
