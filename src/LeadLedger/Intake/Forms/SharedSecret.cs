using System.Security.Cryptography;
using System.Text;

namespace LeadLedger.Intake;

/// <summary>
/// Compares a secret sent in a header or in the query. Both sides are hashed first, so the time taken tells neither
/// the secret's characters nor its length.
/// </summary>
public static class SharedSecret
{
    public static SignatureVerdict Verify(string? given, IReadOnlyList<string> secrets)
    {
        Span<byte> actual = stackalloc byte[SHA256.HashSizeInBytes];
        Span<byte> expected = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(given ?? ""), actual);
        var configured = false;
        var matches = false;
        foreach (var secret in secrets)
        {
            if (string.IsNullOrEmpty(secret))
            {
                continue;
            }

            configured = true;
            SHA256.HashData(Encoding.UTF8.GetBytes(secret), expected);
            matches |= CryptographicOperations.FixedTimeEquals(actual, expected);
        }

        return !configured ? SignatureVerdict.NotConfigured
            : string.IsNullOrEmpty(given) ? SignatureVerdict.Missing
            : matches ? SignatureVerdict.Valid
            : SignatureVerdict.Invalid;
    }
}
