using LeadLedger.Postgres;
using LeadLedger.Tests.Support;

namespace LeadLedger.Tests.Postgres;

public sealed class ServerAccountTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Under_an_ordinary_user_the_programs_are_started_directly()
    {
        Assert.SkipWhen(Environment.IsPrivilegedProcess, "This run is privileged.");
        using var folder = new ScratchFolder();
        Assert.Equal(["initdb", "-V"], (await ServerAccount.ForAsync(folder.Path, Ct)).Wrap("initdb", "-V"));
    }

    [Fact]
    public async Task Under_root_every_way_that_works_here_runs_as_somebody_else_and_keeps_the_arguments()
    {
        SkipUnlessRoot();
        const string Awkward = "it's \"one\" $argument";
        var worked = 0;
        foreach (var account in ServerAccount.Ways())
        {
            var result = await Command.RunAsync(
                account.Wrap("/bin/sh", "-c", "id -u; printf %s \"$1\"", "sh", Awkward), "/", Ct);
            if (result.Succeeded)
            {
                worked++;
                var lines = result.Output.Split('\n');
                Assert.NotEqual("0", lines[0]);
                Assert.Equal(Awkward, lines[1]);
            }
        }

        Assert.NotEqual(0, worked);
    }

    [Fact]
    public async Task Under_root_the_chosen_account_can_write_into_the_folder()
    {
        SkipUnlessRoot();
        using var folder = new ScratchFolder();
        var below = folder.Below("postgres");
        Directory.CreateDirectory(below);
        var account = await ServerAccount.ForAsync(below, Ct);

        var result = await Command.RunAsync(account.Wrap("/bin/sh", "-c", "id -u; : > made"), below, Ct);

        Assert.True(result.Succeeded, result.Output);
        Assert.NotEqual("0", result.Output);
        Assert.True(File.Exists(Path.Combine(below, "made")));
    }

    private static void SkipUnlessRoot() => Assert.SkipUnless(
        Environment.IsPrivilegedProcess && !OperatingSystem.IsWindows(), "This run is not root's.");
}
