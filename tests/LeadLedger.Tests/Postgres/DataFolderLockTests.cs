using System.Globalization;
using LeadLedger.Postgres;
using LeadLedger.Tests.Support;

namespace LeadLedger.Tests.Postgres;

public sealed class DataFolderLockTests
{
    [Fact]
    public void A_folder_can_be_taken_again_once_it_is_let_go()
    {
        using var folder = new ScratchFolder();
        using (DataFolderLock.Take(folder.Path))
        {
            var refusal = Assert.Throws<PostgresUnavailableException>(() => DataFolderLock.Take(folder.Path));
            Assert.Contains(folder.Path, refusal.Message, StringComparison.Ordinal);
            Assert.Contains(
                Environment.ProcessId.ToString(CultureInfo.InvariantCulture), refusal.Message, StringComparison.Ordinal);
        }

        using var again = DataFolderLock.Take(folder.Path);
        Assert.True(File.Exists(folder.Below("leadledger.lock")));
    }

    [Fact]
    public void A_lock_file_left_by_a_dead_service_does_not_block()
    {
        using var folder = new ScratchFolder();
        File.WriteAllText(folder.Below("leadledger.lock"), "4711\n");

        using var taken = DataFolderLock.Take(folder.Path);

        Assert.NotNull(taken);
    }

    [Fact]
    public void A_data_folder_that_is_a_file_is_explained()
    {
        using var folder = new ScratchFolder();
        File.WriteAllText(folder.Below("data"), "");

        var refusal = Assert.Throws<PostgresUnavailableException>(() => DataFolderLock.Take(folder.Below("data")));

        Assert.Contains(folder.Below("data"), refusal.Message, StringComparison.Ordinal);
    }
}
