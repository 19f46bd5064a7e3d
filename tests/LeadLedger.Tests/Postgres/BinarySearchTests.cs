using LeadLedger.Postgres;
using LeadLedger.Tests.Support;

namespace LeadLedger.Tests.Postgres;

public sealed class BinarySearchTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Without_binaries_the_help_says_what_to_run_on_each_system()
    {
        var refusal = await Assert.ThrowsAsync<PostgresUnavailableException>(() => EmbeddedPostgres.StartAsync(
            new EmbeddedPostgresOptions { DataFolder = _folder.Path, Places = Nowhere }, Ct));

        string[] remedies =
        [
            "apt-get install postgresql", "brew install postgresql@17", "winget install", "docker compose up",
            "docker run", "ConnectionStrings__Ledger=", "npm", BinaryPlaces.FolderVariable,
        ];
        Assert.All(remedies, remedy => Assert.Contains(remedy, refusal.Message, StringComparison.Ordinal));
        Assert.DoesNotContain("://", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_search_path_goes_before_installed_folders_and_an_old_version_is_passed_over()
    {
        var places = Nowhere with
        {
            SearchPath = [Programs("old", "14.9"), Programs("path", "16.2")],
            Installed = [Programs("installed", "18.1")],
        };

        var found = await FindAsync(places, null);

        Assert.Equal(("16.2", 16), (found.Version, found.Major));
    }

    [Fact]
    public async Task The_version_that_made_the_data_decides()
    {
        var places = Nowhere with
        {
            SearchPath = [Programs("path", "16.2")],
            Installed = [Programs("eighteen", "18.1"), Programs("fifteen", "15.7 (Debian 15.7-0)")],
        };

        Assert.Equal("15.7", (await FindAsync(places, 15)).Version);
        var refusal = await Assert.ThrowsAsync<PostgresUnavailableException>(() => FindAsync(places, 17));
        Assert.Contains("was made by PostgreSQL 17", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("apt-get install postgresql-17", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("is version 18.1, the data needs 17", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_configured_folder_is_used_or_refused_but_never_passed_over()
    {
        var good = Programs("path", "17.1");
        var configured = Programs("configured", "16.4");

        var places = Nowhere with { SearchPath = [good], Configured = configured };
        Assert.Equal(configured, (await FindAsync(places, null)).Folder);

        var empty = _folder.Below("empty");
        var refusal = await Assert.ThrowsAsync<PostgresUnavailableException>(
            () => FindAsync(places with { Configured = empty }, null));
        Assert.Contains(empty, refusal.Message, StringComparison.Ordinal);
        Assert.Contains("not all there", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_newest_fetched_version_in_the_cache_is_used()
    {
        Programs(Path.Combine("cache", "17.2.0", BinaryPackage.BinBelowVersion), "17.2");
        Programs(Path.Combine("cache", "18.4.0", BinaryPackage.BinBelowVersion), "18.4");

        Assert.Equal("18.4", (await FindAsync(Nowhere, null)).Version);
    }

    [Fact]
    public async Task A_fetched_file_that_is_not_the_tested_one_is_refused_and_removed()
    {
        SkipOnWindows();
        Assert.SkipWhen(BinaryPackage.ForThisMachine() is null, "There is no package for this system.");
        var npm = Script("npm", "echo harmful > \"$4/embedded.tgz\"");
        List<string> told = [];

        var refusal = await Assert.ThrowsAsync<PostgresUnavailableException>(
            () => BinarySearch.FindAsync(Nowhere with { Npm = npm }, null, ServerAccount.Own, told.Add, Ct));

        Assert.Contains("is not the file that was tested", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("fetching version", told[0], StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(Nowhere.Cache));
    }

    [Fact]
    public async Task A_client_that_cannot_fetch_leads_to_the_help_with_its_own_words()
    {
        SkipOnWindows();
        Assert.SkipWhen(BinaryPackage.ForThisMachine() is null, "There is no package for this system.");
        var npm = Script("npm", "echo network unreachable >&2; exit 7");

        var refusal = await Assert.ThrowsAsync<PostgresUnavailableException>(
            () => FindAsync(Nowhere with { Npm = npm }, null));

        Assert.Contains("npm ended with code 7: network unreachable", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_environment_names_the_folder_and_can_forbid_fetching()
    {
        var tools = _folder.Below("tools");
        Directory.CreateDirectory(tools);
        File.WriteAllText(Path.Combine(tools, OperatingSystem.IsWindows() ? "npm.cmd" : "npm"), "");
        var environment = new Dictionary<string, string?>
        {
            ["PATH"] = tools,
            [BinaryPlaces.FolderVariable] = "/opt/postgres/bin",
        };

        var open = Places();
        environment[BinaryPlaces.FetchVariable] = "false";
        var closed = Places();

        Assert.Equal("/opt/postgres/bin", open.Configured);
        Assert.NotNull(open.Npm);
        Assert.Null(closed.Npm);

        BinaryPlaces Places() => BinaryPlaces.OfThisMachine(
            null, ServerAccount.Own, _folder.Path, name => environment.GetValueOrDefault(name));
    }

    private BinaryPlaces Nowhere => new() { Cache = _folder.Below("cache") };

    private static Task<PostgresBinaries> FindAsync(BinaryPlaces places, int? major) =>
        BinarySearch.FindAsync(places, major, ServerAccount.Own, _ => { }, Ct);

    /// <summary>Stand-ins that only know their version.</summary>
    private string Programs(string folder, string version)
    {
        SkipOnWindows();
        foreach (var name in (string[])["initdb", "pg_ctl", "postgres"])
        {
            Script(Path.Combine(folder, name), $"echo 'postgres (PostgreSQL) {version}'");
        }

        return _folder.Below(folder);
    }

    private string Script(string name, string body)
    {
        var path = _folder.Below(name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, "#!/bin/sh\n" + body + "\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, File.GetUnixFileMode(path) | UnixFileMode.UserExecute);
        }

        return path;
    }

    private static void SkipOnWindows() =>
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The stand-ins are shell scripts.");
}
