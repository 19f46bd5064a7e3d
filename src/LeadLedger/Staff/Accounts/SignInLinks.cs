using LeadLedger.EventStore;
using NodaTime;
using Npgsql;

namespace LeadLedger.Staff.Accounts;

/// <summary>Links that sign one person in once: for the first user, for whoever is invited, and for a forgotten password.</summary>
public sealed class SignInLinks(NpgsqlDataSource database, StaffUsers users, IClock clock)
{
    private static readonly Duration Lasts = Duration.FromHours(24);

    private static readonly string UseSql =
        $"""
        with used as (
            update staff_sign_in_link set used_at = $2 where token_sha256 = $1 and used_at is null and ends_at > $2 returning user_id)
        select {StaffUsers.UserColumns} from used join staff_user u on u.id = used.user_id where u.disabled_at is null
        """;

    /// <summary>A new link's token; earlier links of this person end.</summary>
    public async Task<string> CreateAsync(StaffUser user, CancellationToken cancellation)
    {
        var token = Tokens.New();
        var now = clock.GetCurrentInstant().ToTimestamp();
        await using var command = database.CreateCommand(
            """
            with others as (update staff_sign_in_link set used_at = $3 where user_id = $2 and used_at is null)
            insert into staff_sign_in_link (token_sha256, user_id, created_at, ends_at) values ($1, $2, $3, $4)
            """);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = Tokens.HashOf(token)! });
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = user.Id });
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = now });
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = now + Lasts.ToTimeSpan() });
        await command.ExecuteNonQueryAsync(cancellation);
        return token;
    }

    /// <summary>Makes the first owner when nobody can sign in yet.</summary>
    /// <returns>The token of their link; null when there are users already.</returns>
    public async Task<string?> FirstAsync(CancellationToken cancellation)
    {
        if (await users.AnyAsync(cancellation))
        {
            return await UnusedFirstAsync(cancellation);
        }

        return await users.AddAsync("owner", "Owner", StaffUser.Owner, null, cancellation) is { } user
            ? await CreateAsync(user, cancellation)
            : null;
    }

    /// <summary>Uses a link up.</summary>
    /// <returns>Whom it signs in; null when it is unknown, used or too old.</returns>
    public async Task<StaffUser?> UseAsync(string token, CancellationToken cancellation)
    {
        if (Tokens.HashOf(token) is not { } hash)
        {
            return null;
        }

        await using var command = database.CreateCommand(UseSql);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = hash });
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = clock.GetCurrentInstant().ToTimestamp() });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await reader.ReadAsync(cancellation) ? StaffUsers.Read(reader, 0) : null;
    }

    // Whoever started the service once and lost the link gets a new one at the next start, as long as nobody has signed in.
    private async Task<string?> UnusedFirstAsync(CancellationToken cancellation)
    {
        var everybody = await users.ListAsync(null, cancellation);
        await using var command = database.CreateCommand("select exists (select 1 from staff_session)");
        return everybody is [{ HasPassword: false, DisabledAt: null } only] && await command.ExecuteScalarAsync(cancellation) is false
            ? await CreateAsync(only, cancellation)
            : null;
    }
}
