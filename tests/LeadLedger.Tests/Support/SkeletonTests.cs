namespace LeadLedger.Tests.Support;

public sealed class SkeletonTests
{
    [Fact]
    public void Contract_files_are_readable() =>
        Assert.True(ContractFiles.Vectors("twilio.json").GetProperty("vectors").GetArrayLength() >= 31);
}
