using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace LeadLedger.Staff.Accounts;

/// <summary>Reference tokens: 256 random bits that are handed out once and stored as their SHA-256.</summary>
public static class Tokens
{
    private const int Bytes = 32;
    private const int Letters = 43;

    public static string New() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Bytes));

    /// <summary>Lower-case hex; null for a text that is no token.</summary>
    public static string? HashOf(string? token) => token is { Length: Letters } && Base64Url.IsValid(token)
        ? Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)))
        : null;

    /// <summary>
    /// The token that a session's forms carry: made from the session's own, which no other site can read, so every process can check it
    /// and none must remember it.
    /// </summary>
    public static string FormTokenOf(string sessionToken) =>
        Base64Url.EncodeToString(HMACSHA256.HashData(Encoding.UTF8.GetBytes(sessionToken), "leadledger form"u8));

    public static bool IsFormToken(string sessionToken, string? sent) => sent is not null
        && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(FormTokenOf(sessionToken)), Encoding.UTF8.GetBytes(sent));
}
