namespace LeadLedger.Staff.Accounts;

/// <summary>What a password must be: long, and not what everybody guesses first. No rules about kinds of letters: length is what helps.</summary>
public static class PasswordRules
{
    public const int Shortest = 15;
    public const int Longest = 200;

    // Long ones of the kind that is tried first; the short ones fail by length.
    private static readonly string[] Guessed =
    [
        "password", "passwort", "qwertyuiop", "1234567890", "letmein", "iloveyou", "abcdefghij", "leadledger", "administrator", "welcome",
    ];

    /// <summary>What is wrong with it, in a sentence; null when it will do.</summary>
    public static string? Problem(string password, StaffUser user)
    {
        if (password.Length < Shortest)
        {
            return $"Use at least {Shortest} characters: three or four words that do not belong together are easy to remember.";
        }

        if (password.Length > Longest)
        {
            return $"Use at most {Longest} characters.";
        }

        var plain = password.ToLowerInvariant();
        if (plain.Distinct().Count() < 6 || Guessed.Any(word => Rest(plain, word) < 6) || (user.Login.Length > 3 && Rest(plain, user.Login.ToLowerInvariant()) < 6))
        {
            return "That is among the first a guesser tries. Use words that nobody connects with you or with this service.";
        }

        return null;
    }

    private static int Rest(string password, string word) => password.Replace(word, "", StringComparison.Ordinal).Distinct().Count();
}
