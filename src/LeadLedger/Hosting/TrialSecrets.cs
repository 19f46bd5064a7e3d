using System.Security.Cryptography;
using LeadLedger.Sending;

namespace LeadLedger.Hosting;

/// <summary>
/// Secrets of this installation for trying LeadLedger out with genuinely signed webhooks before any provider is connected. They are random, kept in
/// files only the owner can read, and stop counting when real Twilio credentials are set. Nothing is ever sent with them.
/// </summary>
public sealed record TrialSecrets(TwilioCredentials Twilio, string FormSecret, string Folder)
{
    public const string AccountSid = "AC00000000000000000000000000000000";

    public static TrialSecrets InFolder(string data)
    {
        var folder = Path.Combine(data, "trial");
        Directory.CreateDirectory(folder);
        return new TrialSecrets(
            new TwilioCredentials(AccountSid, Of(folder, "twilio-auth-token"), null), Of(folder, "form-secret"), folder);
    }

    /// <summary>The secret kept in a file of the folder; made there where it is missing.</summary>
    internal static string Of(string folder, string name)
    {
        var path = Path.Combine(folder, name);
        if (File.Exists(path) && File.ReadAllText(path).Trim() is { Length: > 0 } known)
        {
            return known;
        }

        var secret = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var file = new FileStream(path, options))
        {
            file.Write(System.Text.Encoding.ASCII.GetBytes(secret));
        }

        return secret;
    }
}
