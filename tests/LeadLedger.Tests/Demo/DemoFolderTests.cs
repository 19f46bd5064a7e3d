using LeadLedger.Cli;
using LeadLedger.Demo;
using LeadLedger.Hosting;
using LeadLedger.Tests.Support;
using Microsoft.Extensions.Configuration;

namespace LeadLedger.Tests.Demo;

public sealed class DemoFolderTests
{
    [Fact]
    public void A_ledger_that_is_no_demo_is_refused_and_left_as_it_is()
    {
        using var place = new ScratchFolder();
        var cluster = Directory.CreateDirectory(place.Below("data", "postgres", "cluster")).FullName;
        File.WriteAllText(Path.Combine(cluster, "PG_VERSION"), "15");

        var problem = Assert.Throws<SettingsException>(() => DemoVerb.OpenFolder(Settings(("LEADLEDGER_DATA", place.Below("data"))), null, fresh: true));

        Assert.Contains("holds files that are not of a demo", problem.Message, StringComparison.Ordinal);
        Assert.Equal(["postgres"], Directory.GetFileSystemEntries(place.Below("data")).Select(entry => Path.GetFileName(entry)));
    }

    [Fact]
    public void A_database_of_ones_own_is_refused()
    {
        using var place = new ScratchFolder();

        var problem = Assert.Throws<SettingsException>(
            () => DemoVerb.OpenFolder(Settings(("ConnectionStrings:Ledger", "Host=db;Database=ledger")), place.Below("demo"), fresh: false));

        Assert.Contains("unset it", problem.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(place.Below("demo")));
    }

    [Fact]
    public void A_complete_demo_is_opened_as_it_was_left_and_made_anew_only_when_asked()
    {
        using var place = new ScratchFolder();
        var made = DemoFolder.Open(place.Below("demo"), fresh: false);
        var key = made.AdminKey();
        made.MarkComplete();

        var again = DemoFolder.Open(place.Below("demo"), fresh: false);
        Assert.True(again.IsComplete);
        Assert.Equal(key, again.AdminKey());

        var fresh = DemoFolder.Open(place.Below("demo"), fresh: true);
        Assert.False(fresh.IsComplete);
        Assert.NotEqual(key, fresh.AdminKey());
    }

    [Fact]
    public void A_demo_that_was_left_half_made_is_begun_again()
    {
        using var place = new ScratchFolder();
        DemoFolder.Open(place.Below("demo"), fresh: false);
        File.WriteAllText(place.Below("demo", "half"), "made");

        Assert.False(DemoFolder.Open(place.Below("demo"), fresh: false).IsComplete);
        Assert.False(File.Exists(place.Below("demo", "half")));
    }

    private static IConfiguration Settings(params (string Name, string Value)[] values) => new ConfigurationBuilder()
        .AddInMemoryCollection(values.Select(value => KeyValuePair.Create<string, string?>(value.Name, value.Value))).Build();
}
