namespace LeadLedger.Postgres;

/// <summary>
/// Who the server runs as. PostgreSQL refuses to run as root, so under root its programs are started as somebody else;
/// under any other user they are started directly.
/// </summary>
internal sealed class ServerAccount
{
    private static readonly string[] Preferred = ["leadledger", "postgres", "nobody"];
    private readonly Func<IReadOnlyList<string>, IReadOnlyList<string>> _wrap;

    private ServerAccount(string? name, Func<IReadOnlyList<string>, IReadOnlyList<string>> wrap)
    {
        Name = name;
        _wrap = wrap;
    }

    /// <summary>The account that owns the files; null when it is our own.</summary>
    public string? Name { get; }

    public static ServerAccount Own { get; } = new(null, command => command);

    public IReadOnlyList<string> Wrap(string program, params IReadOnlyList<string> arguments) =>
        _wrap([program, .. arguments]);

    /// <summary>Finds a way that works here and can use the folder; its files are handed over where that is needed.</summary>
    public static async Task<ServerAccount> ForAsync(string folder, CancellationToken ct)
    {
        if (OperatingSystem.IsWindows() || !Environment.IsPrivilegedProcess)
        {
            return Own;
        }

        string? unreachable = null;
        string? refusal = null;
        foreach (var account in Ways())
        {
            if (!(await Command.RunAsync(account.Wrap("/bin/sh", "-c", "true"), "/", ct)).Succeeded)
            {
                continue;
            }

            if (await CanUseAsync(account, folder, ct))
            {
                return account;
            }

            var handedOver = await Command.RunAsync(["chown", "-R", account.Name ?? "root", folder], "/", ct);
            if (handedOver.Succeeded && await CanUseAsync(account, folder, ct))
            {
                return account;
            }

            unreachable ??= account.Name;
            refusal ??= handedOver.Succeeded ? "a folder above it is closed to other users" : handedOver.Output;
        }

        throw new PostgresUnavailableException(unreachable is null
            ? "PostgreSQL refuses to run as root, and no way was found to start it as another user. Start LeadLedger as "
              + "an ordinary user, or install setpriv or runuser (package util-linux) and keep an account 'nobody', or "
              + "set ConnectionStrings__Ledger to a PostgreSQL of your own."
            : $"PostgreSQL refuses to run as root, so LeadLedger starts it as '{unreachable}', but that user cannot use "
              + $"{folder}: {refusal}. Choose a data folder outside it (for example "
              + "/var/lib/leadledger), open the path with chmod o+x, or start LeadLedger as an ordinary user.");
    }

    /// <summary>
    /// A user namespace first: it needs neither a change of owner nor an open path. Then the tools that change user.
    /// </summary>
    internal static IEnumerable<ServerAccount> Ways()
    {
        var accounts = Accounts();
        if (OperatingSystem.IsLinux() && accounts is [.., var last])
        {
            yield return new ServerAccount(null, command =>
                ["unshare", "--user", $"--map-user={last.User}", $"--map-group={last.Group}", "--", .. command]);
        }

        foreach (var account in accounts)
        {
            if (OperatingSystem.IsLinux())
            {
                yield return new ServerAccount(account.Name, command =>
                    ["setpriv", $"--reuid={account.User}", $"--regid={account.Group}", "--clear-groups", "--", .. command]);
                yield return new ServerAccount(account.Name, command => ["runuser", "-u", account.Name, "--", .. command]);
            }

            string[] shell = OperatingSystem.IsLinux() ? ["-s", "/bin/sh"] : ["-m"];
            yield return new ServerAccount(account.Name, command =>
                ["su", .. shell, account.Name, "-c", "exec " + string.Join(' ', command.Select(Quoted))]);
        }
    }

    private static async Task<bool> CanUseAsync(ServerAccount account, string folder, CancellationToken ct) =>
        (await Command.RunAsync(
            account.Wrap("/bin/sh", "-c", "cd \"$0\" && test -w .", folder), "/", ct)).Succeeded;

    private static IReadOnlyList<Account> Accounts()
    {
        const string Passwords = "/etc/passwd";
        if (!File.Exists(Passwords))
        {
            return [];
        }

        return
        [
            .. File.ReadLines(Passwords)
                .Select(line => line.Split(':'))
                .Where(fields => fields.Length > 3 && Preferred.Contains(fields[0]) && fields[2] != "0")
                .Select(fields => new Account(fields[0], fields[2], fields[3]))
                .OrderBy(account => Array.IndexOf(Preferred, account.Name)),
        ];
    }

    private static string Quoted(string word) => "'" + word.Replace("'", "'\\''", StringComparison.Ordinal) + "'";

    private sealed record Account(string Name, string User, string Group);
}
