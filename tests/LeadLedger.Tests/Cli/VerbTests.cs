using System.Diagnostics;
using LeadLedger.Cli;
using LeadLedger.Tests.EventStore;
using LeadLedger.Tests.Support;

namespace LeadLedger.Tests.Cli;

/// <summary>The verbs as scripts meet them: a process, its output and its exit code.</summary>
public sealed class VerbTests(TestPostgres postgres)
{
    [Fact]
    public async Task A_sound_ledger_is_said_to_be_sound()
    {
        await using var ledger = await SampleAsync();

        var (code, output, _) = await RunAsync(ledger, "verify");

        Assert.Equal(ExitCodes.Fine, code);
        Assert.Contains("Read 16 events of 4 streams", output, StringComparison.Ordinal);
        Assert.Contains("The ledger is sound.", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_damaged_event_is_named_on_standard_output()
    {
        await using var ledger = await SampleAsync();
        await ledger.ExecuteAsync("update mt_events set data = data || '{\"x\": 1}' where type = 'task_opened' and stream_id = '0190a5f0-0000-7000-8000-000000000002'");

        var (code, output, _) = await RunAsync(ledger, "verify", "--business", TestLedger.Tenant);
        var (rebuild, _, errors) = await RunAsync(ledger, "rebuild");

        Assert.Equal(ExitCodes.ProblemFound, code);
        Assert.Contains(
            "mt_events, business oak-hvac, stream 0190a5f0-0000-7000-8000-000000000002, version 4: the data is not what was recorded",
            output, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.ProblemFound, rebuild);
        Assert.Contains("Nothing was changed", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rebuild_brings_a_lost_view_back()
    {
        await using var ledger = await SampleAsync();
        await ledger.ExecuteAsync("delete from mt_doc_leadview");

        var (code, output, _) = await RunAsync(ledger, "rebuild");

        Assert.Equal(ExitCodes.Fine, code);
        Assert.Contains("Written: 2 documents, 0 audit rows, 0 contact points.", output, StringComparison.Ordinal);
        Assert.True((await ledger.VerifyAsync()).IsSound);
    }

    [Fact]
    public async Task What_keeps_a_verb_from_running_never_looks_like_a_finding()
    {
        using var folder = new ScratchFolder();
        await using var empty = await TestLedger.CreateAsync(postgres);
        await empty.ExecuteAsync("drop table mt_events cascade");

        var noLedger = await RunAsync(folder.Path, null, "verify");
        var noServer = await RunAsync(folder.Path, "Host=127.0.0.1;Port=1;Username=x;Database=x", "verify");
        var noTables = await RunAsync(empty, "verify");
        var mistyped = await RunAsync(folder.Path, null, "verify", "--everything");

        Assert.All(
            new[] { noLedger, noServer, noTables, mistyped }, run => Assert.Equal((ExitCodes.CouldNotRun, true), (run.Code, run.Errors.Length > 0)));
        Assert.Contains("There is no ledger in", noLedger.Errors, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public async Task A_business_file_is_checked_with_every_error_named()
    {
        using var folder = new ScratchFolder();
        var good = Path.Combine(folder.Path, "good.json");
        var bad = Path.Combine(folder.Path, "bad.json");
        await File.WriteAllTextAsync(good, LeadLedger.Businesses.BusinessFile.Example, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(bad, "{ \"id\": \"x y\", \"zone\": \"Mars/Base\" }", TestContext.Current.CancellationToken);

        Assert.Equal(ExitCodes.Fine, (await RunAsync(folder.Path, null, "check-config")).Code);
        Assert.Equal(ExitCodes.Fine, (await RunAsync(folder.Path, null, "check-config", good)).Code);
        var (code, _, errors) = await RunAsync(folder.Path, null, "check-config", bad);

        Assert.Equal(ExitCodes.ProblemFound, code);
        Assert.True(errors.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length >= 2, errors);
    }

    [Theory]
    [InlineData("verify", "Exit codes: 0 the ledger is sound")]
    [InlineData("rebuild", "leadledger rebuild && leadledger verify")]
    [InlineData("check-config", "leadledger check-config businesses/")]
    [InlineData("demo", "leadledger demo --fresh")]
    [InlineData("schema", "leadledger schema > business.schema.json")]
    [InlineData("numbers", "leadledger numbers")]
    [InlineData("backup", "leadledger backup --to /mnt/backup/leadledger --keep 7")]
    [InlineData("restore", "leadledger restore --from /mnt/backup/leadledger --to /var/lib/leadledger")]
    [InlineData("hold", "--restored")]
    [InlineData("release", "leadledger release --reason")]
    [InlineData("suppressions", "leadledger suppressions export --file suppressed.jsonl")]
    public async Task Help_shows_examples_and_exit_codes(string verb, string expected)
    {
        using var folder = new ScratchFolder();

        var (code, output, _) = await RunAsync(folder.Path, null, verb, "--help");

        Assert.Equal(ExitCodes.Fine, code);
        Assert.Contains(expected, output, StringComparison.Ordinal);
        Assert.Contains("Exit code", output, StringComparison.Ordinal);
    }

    private async Task<TestLedger> SampleAsync() => await TestLedger.CreateAsync(postgres, "verbs' ledger", async ledger =>
    {
        var writer = await ledger.StartWriterAsync();
        await writer.WriteAsync(LeadStory.MissedCall(1));
        await writer.WriteAsync(LeadStory.MissedCall(2));
    });

    private static Task<(int Code, string Output, string Errors)> RunAsync(TestLedger ledger, params string[] arguments) =>
        RunAsync(Path.GetTempPath(), ledger.ConnectionString, arguments);

    private static async Task<(int Code, string Output, string Errors)> RunAsync(
        string folder, string? connectionString, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.ArgumentList.Add(typeof(CommandLine).Assembly.Location);
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["LEADLEDGER_DATA"] = Path.Combine(folder, "data");
        start.Environment.Remove("LEADLEDGER_CONFIG");
        start.Environment.Remove("ConnectionStrings__Ledger");
        if (connectionString is not null)
        {
            start.Environment["ConnectionStrings__Ledger"] = connectionString;
        }

        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output, await errors);
    }
}
