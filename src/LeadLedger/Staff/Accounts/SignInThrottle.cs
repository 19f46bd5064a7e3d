using System.Globalization;
using LeadLedger.EventStore;
using NodaTime;
using Npgsql;

namespace LeadLedger.Staff.Accounts;

/// <summary>
/// Slows guessing down by who tries what from where. An address that guesses waits longer and longer; the person whose name is guessed signs in
/// from their own address as ever. Wrong API keys and wrong links are counted by address alone; whoever has a right one is never asked here.
/// </summary>
public sealed class SignInThrottle(NpgsqlDataSource database, IClock clock)
{
    private const int FreeTries = 5;
    private const int FreeTriesOfAddress = 30;
    private const int FreeSecrets = 100;

    private static readonly Duration First = Duration.FromSeconds(15);
    private static readonly Duration Most = Duration.FromMinutes(15);
    private static readonly Duration Forgotten = Duration.FromHours(12);

    /// <summary>How long this address must wait before it may try this name; null when it need not.</summary>
    public Task<Duration?> WaitAsync(string login, string address, CancellationToken cancellation) =>
        WaitAsync([KeyOf(login, address), KeyOf(address)], cancellation);

    public async Task FailedAsync(string login, string address, CancellationToken cancellation)
    {
        await CountAsync(KeyOf(login, address), FreeTries, cancellation);
        await CountAsync(KeyOf(address), FreeTriesOfAddress, cancellation);
    }

    public async Task SucceededAsync(string login, string address, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("delete from staff_sign_in_failure where key = $1");
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = KeyOf(login, address) });
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>Counts a wrong secret, unless the address must wait already.</summary>
    /// <param name="secret">Which kind, such as <c>key</c>.</param>
    /// <param name="http">The request that brought it.</param>
    /// <returns>How long the address must wait before another wrong one is looked at; null when it need not.</returns>
    public async Task<Duration?> WrongSecretAsync(string secret, HttpContext http)
    {
        // A login has no line break at its beginning.
        var key = $"\n{secret}|{http.Connection.RemoteIpAddress}";
        if (await WaitAsync([key], http.RequestAborted) is { } wait)
        {
            return wait;
        }

        await CountAsync(key, FreeSecrets, http.RequestAborted);
        return await WaitAsync([key], http.RequestAborted);
    }

    /// <summary>Says in an answer when to come back.</summary>
    public static void SayWhen(HttpContext http, Duration wait) =>
        http.Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);

    private async Task<Duration?> WaitAsync(string[] keys, CancellationToken cancellation)
    {
        var now = clock.GetCurrentInstant();
        await using var command = database.CreateCommand("select max(wait_until) from staff_sign_in_failure where key = any($1) and wait_until > $2");
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = keys });
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = now.ToTimestamp() });
        return await command.ExecuteScalarAsync(cancellation) is DateTime until ? Instants.FromTimestamp(until) - now : null;
    }

    private static string KeyOf(string login, string address) => $"{(login.Length > 100 ? login[..100] : login).ToLowerInvariant()}|{address}";

    private static string KeyOf(string address) => $"|{address}";

    private async Task CountAsync(string key, int free, CancellationToken cancellation)
    {
        var now = clock.GetCurrentInstant();
        await using var command = database.CreateCommand(
            """
            insert into staff_sign_in_failure as f (key, failures, wait_until, last_at) values ($1, 1, $2, $2)
            on conflict (key) do update set
                failures = case when f.last_at < $3 then 1 else f.failures + 1 end,
                last_at = $2,
                wait_until = $2 + case when f.last_at < $3 or f.failures + 1 < $4 then interval '0'
                    else least(make_interval(secs => $5 * power(2, least(f.failures + 1 - $4, 20))), make_interval(secs => $6)) end
            """);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = key });
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = now.ToTimestamp() });
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = (now - Forgotten).ToTimestamp() });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = free });
        command.Parameters.Add(new NpgsqlParameter<double> { TypedValue = First.TotalSeconds });
        command.Parameters.Add(new NpgsqlParameter<double> { TypedValue = Most.TotalSeconds });
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
