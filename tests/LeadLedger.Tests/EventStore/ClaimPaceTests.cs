using LeadLedger.EventStore.Outbox;

namespace LeadLedger.Tests.EventStore;

public sealed class ClaimPaceTests
{
    [Fact]
    public async Task The_first_claim_waits_for_nothing_and_the_next_one_for_the_rest_after_it()
    {
        using var pace = new ClaimPace(TimeSpan.FromHours(1));
        using var giveUp = new CancellationTokenSource();
        var claims = 0;

        await pace.AfterRestAsync(() => Task.FromResult(++claims), giveUp.Token);
        var second = pace.AfterRestAsync(() => Task.FromResult(++claims), giveUp.Token);
        await giveUp.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        Assert.Equal(1, claims);
    }

    [Fact]
    public async Task A_claim_that_failed_is_rested_from_too()
    {
        using var pace = new ClaimPace(TimeSpan.FromHours(1));
        using var giveUp = new CancellationTokenSource();

        await Assert.ThrowsAsync<TimeoutException>(() => pace.AfterRestAsync<int>(() => throw new TimeoutException(), giveUp.Token));
        var second = pace.AfterRestAsync(() => Task.FromResult(1), giveUp.Token);

        Assert.False(second.IsCompleted);
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
    }
}
