using LeadLedger.EventStore;
using NodaTime;
using Npgsql;

namespace LeadLedger.Staff.Accounts;

/// <summary>A signed-in browser.</summary>
/// <param name="Token">The reference token of its cookie.</param>
public sealed record StaffSession(string Token, StaffUser User)
{
    /// <summary>Of a request to a page that somebody must be signed in for.</summary>
    public static StaffSession Of(HttpContext http) => http.Features.Get<StaffSession>()
        ?? throw new InvalidOperationException("the page was reached by nobody who is signed in");

    public string TokenHash => Tokens.HashOf(Token)!;

    /// <summary>What its forms carry.</summary>
    public string FormToken => Tokens.FormTokenOf(Token);
}

/// <summary>Sessions as rows: asked for at each request, so that signing out or shutting somebody out holds at once on every process.</summary>
public sealed class StaffSessions(NpgsqlDataSource database, IClock clock)
{
    /// <summary>Without a request for this long it is over.</summary>
    public static readonly Duration Idle = Duration.FromHours(12);

    /// <summary>However busy, it is over after this.</summary>
    public static readonly Duration Longest = Duration.FromDays(7);

    private static readonly Duration SeenEvery = Duration.FromMinutes(1);

    private static readonly string FindSql =
        $"""
        select {StaffUsers.UserColumns}, s.seen_at
        from staff_session s join staff_user u on u.id = s.user_id
        where s.token_sha256 = $1 and s.ended_at is null and s.ends_at > $2 and s.seen_at > $3 and u.disabled_at is null
        """;

    /// <summary>Begins one; every sign-in gets a token of its own.</summary>
    public async Task<StaffSession> BeginAsync(StaffUser user, CancellationToken cancellation)
    {
        var token = Tokens.New();
        var now = clock.GetCurrentInstant();
        await using var command = database.CreateCommand(
            "insert into staff_session (token_sha256, user_id, created_at, seen_at, ends_at) values ($1, $2, $3, $3, $4)");
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = Tokens.HashOf(token)! });
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = user.Id });
        command.Parameters.Add(At(now));
        command.Parameters.Add(At(now + Longest));
        await command.ExecuteNonQueryAsync(cancellation);
        return new StaffSession(token, user);
    }

    public async Task<StaffSession?> FindAsync(string? token, CancellationToken cancellation)
    {
        if (Tokens.HashOf(token) is not { } hash)
        {
            return null;
        }

        var now = clock.GetCurrentInstant();
        StaffUser user;
        Instant seen;
        await using (var command = database.CreateCommand(FindSql))
        {
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = hash });
            command.Parameters.Add(At(now));
            command.Parameters.Add(At(now - Idle));
            await using var reader = await command.ExecuteReaderAsync(cancellation);
            if (!await reader.ReadAsync(cancellation))
            {
                return null;
            }

            user = StaffUsers.Read(reader, 0);
            seen = Instants.FromTimestamp(reader.GetDateTime(8));
        }

        if (now - seen > SeenEvery)
        {
            await using var command = database.CreateCommand("update staff_session set seen_at = $2 where token_sha256 = $1");
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = hash });
            command.Parameters.Add(At(now));
            await command.ExecuteNonQueryAsync(cancellation);
        }

        return new StaffSession(token!, user);
    }

    public async Task EndAsync(StaffSession session, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("update staff_session set ended_at = $2 where token_sha256 = $1 and ended_at is null");
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = session.TokenHash });
        command.Parameters.Add(At(clock.GetCurrentInstant()));
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>Ends every session of a person but one: after a new password nobody else stays signed in.</summary>
    public async Task EndOthersAsync(StaffSession session, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(
            "update staff_session set ended_at = $3 where user_id = $1 and token_sha256 <> $2 and ended_at is null");
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = session.User.Id });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = session.TokenHash });
        command.Parameters.Add(At(clock.GetCurrentInstant()));
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private static NpgsqlParameter<DateTime> At(Instant at) => new() { TypedValue = at.ToTimestamp() };
}
