using LeadLedger.Postgres;
using LeadLedger.Tests.Support;

namespace LeadLedger.Tests.Postgres;

public sealed class PostmasterProcessTests
{
    private const string Text = "4711\n/data/postgres/cluster\n1700000000\n20123\n\n127.0.0.1\n  5432001   7\nready   \n";

    [Fact]
    public void A_pid_file_tells_process_start_port_and_state()
    {
        using var folder = new ScratchFolder();
        File.WriteAllText(folder.Below("postmaster.pid"), Text);

        var file = PostmasterFile.Read(folder.Below("postmaster.pid"));

        Assert.Equal(new PostmasterFile(Text, 4711, 1_700_000_000, 20_123, "ready"), file);
        Assert.True(file!.IsReady);
    }

    [Theory]
    [InlineData("")]
    [InlineData("not a number\n")]
    [InlineData("-4711\n")]
    public void A_pid_file_without_a_process_is_no_file(string content)
    {
        using var folder = new ScratchFolder();
        File.WriteAllText(folder.Below("postmaster.pid"), content);

        Assert.Null(PostmasterFile.Read(folder.Below("postmaster.pid")));
        Assert.Null(PostmasterFile.Read(folder.Below("missing", "postmaster.pid")));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(int.MaxValue)]
    public void A_process_that_is_another_program_or_none_is_not_the_server(int process) =>
        Assert.False(PostmasterProcess.IsAlive(new PostmasterFile($"{process}\n", process, 0, 0, "ready")));
}
