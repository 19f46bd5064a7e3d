using LeadLedger.Intake.Webhooks;

namespace LeadLedger.Tests.Intake.Webhooks;

public sealed class WebhookTests
{
    [Theory]
    [Trait("Requirement", "I28")]
    [InlineData("", "")]
    [InlineData("?", "?")]
    [InlineData("?key=hush", "")]
    [InlineData("?k%65y=hush&utm_source=ad", "?utm_source=ad")]
    [InlineData("?utm_source=ad&key=hush&keyword=roof", "?utm_source=ad&keyword=roof")]
    [InlineData("?a=1&a=2", "?a=1&a=2")]
    public void A_secret_in_the_address_is_not_kept(string query, string kept) => Assert.Equal(kept, Webhook.WithoutSecret(query));
}
