namespace LeadLedger.Businesses;

/// <summary>
/// A place where a business file refers to a secret, and what does not work while the secret is missing.
/// </summary>
/// <param name="Business">Id of the business.</param>
/// <param name="Path">Where in its file.</param>
/// <param name="Secret">The reference; never the value.</param>
/// <param name="Consequence">What stays closed without it, as a sentence without its full stop.</param>
public sealed record SecretUse(string Business, string Path, Secret Secret, string Consequence)
{
    /// <summary>
    /// Every reference of a business. Former secrets are left out: one that is gone has done its time.
    /// </summary>
    public static IEnumerable<SecretUse> Of(Business business)
    {
        for (var i = 0; i < business.Forms.Count; i++)
        {
            if (business.Forms[i].Authentication.Secret is { } secret)
            {
                yield return new SecretUse(
                    business.Id, $"forms[{i}].authentication.secret", secret,
                    $"posts to the form {business.Forms[i].Id} are refused");
            }
        }

        if (business.Twilio is { } twilio)
        {
            yield return new SecretUse(
                business.Id,
                "twilio.authToken",
                twilio.AuthToken,
                "its Twilio webhooks are refused and no text is sent");
        }

        if (business.GhlSecret is { } ghl)
        {
            yield return new SecretUse(business.Id, "ghlSecret", ghl, "its GoHighLevel webhook is refused");
        }

        if (business.Tasks.TeamChannelUrl is { } channel)
        {
            yield return new SecretUse(business.Id, "tasks.teamChannelUrl", channel, "the team channel hears nothing");
        }

        for (var i = 0; i < business.Crm.Count; i++)
        {
            yield return new SecretUse(
                business.Id, $"crm[{i}].signingSecret", business.Crm[i].SigningSecret,
                $"nothing is sent to {business.Crm[i].Name}");
        }
    }

    /// <summary>The references whose variable or file is missing or empty: a warning at start, not an error.</summary>
    public static IReadOnlyList<SecretUse> Missing(IEnumerable<Business> businesses) =>
        [.. businesses.SelectMany(Of).Where(use => use.Secret.Reveal() is null)];

    public override string ToString() => $"{Business}: {Path}: {Secret} is not set: {Consequence}";
}
