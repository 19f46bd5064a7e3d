using LeadLedger.EventStore;
using Microsoft.AspNetCore.Identity;
using NodaTime;
using Npgsql;
using NpgsqlTypes;

namespace LeadLedger.Staff.Accounts;

/// <summary>The people who may sign in. Passwords are hashed by the framework's current scheme and rehashed when it moves on.</summary>
public sealed class StaffUsers(NpgsqlDataSource database, IClock clock)
{
    private const string Columns = "u.id, u.login, u.name, u.role, u.tenant_id, u.password_hash is not null, u.totp_secret is not null, u.disabled_at";

    private static readonly PasswordHasher<StaffUser> Hasher = new();

    // Checked when there is no such person, so that an unknown name takes as long as a wrong password.
    private static readonly string Nobodys = Hasher.HashPassword(null!, Tokens.New());

    public async Task<bool> AnyAsync(CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("select exists (select 1 from staff_user)");
        return await command.ExecuteScalarAsync(cancellation) is true;
    }

    /// <summary>Everybody, or those of one business and of all businesses.</summary>
    public async Task<IReadOnlyList<StaffUser>> ListAsync(string? business, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand($"select {Columns} from staff_user u where $1 is null or u.tenant_id = $1 order by u.disabled_at nulls first, lower(u.login)");
        command.Parameters.Add(Text(business));
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var users = new List<StaffUser>();
        while (await reader.ReadAsync(cancellation))
        {
            users.Add(Read(reader, 0));
        }

        return users;
    }

    public Task<StaffUser?> FindAsync(Guid id, CancellationToken cancellation) =>
        OneAsync("u.id = $1", new NpgsqlParameter<Guid> { TypedValue = id }, cancellation);

    public Task<StaffUser?> FindAsync(string login, CancellationToken cancellation) =>
        OneAsync("lower(u.login) = lower($1)", new NpgsqlParameter<string> { TypedValue = login }, cancellation);

    /// <summary>Adds a person without a password: they set one through their sign-in link.</summary>
    /// <returns>Null when the login is taken.</returns>
    public async Task<StaffUser?> AddAsync(string login, string name, string role, string? business, CancellationToken cancellation)
    {
        var now = clock.GetCurrentInstant();
        var id = now.NewId();
        await using var command = database.CreateCommand(
            "insert into staff_user (id, login, name, role, tenant_id, created_at) values ($1, $2, $3, $4, $5, $6) on conflict do nothing");
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = id });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = login });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = name });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = role });
        command.Parameters.Add(Text(business));
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = now.ToTimestamp() });
        return await command.ExecuteNonQueryAsync(cancellation) == 1
            ? new StaffUser(id, login, name, role, business, false, false, null)
            : null;
    }

    /// <summary>Whether this is the person's password; an unknown person takes as long to refuse.</summary>
    public async Task<StaffUser?> CheckAsync(string login, string password, CancellationToken cancellation)
    {
        string? hash = null;
        StaffUser? user = null;
        await using (var command = database.CreateCommand($"select {Columns}, u.password_hash from staff_user u where lower(u.login) = lower($1)"))
        {
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = login });
            await using var reader = await command.ExecuteReaderAsync(cancellation);
            if (await reader.ReadAsync(cancellation))
            {
                user = Read(reader, 0);
                hash = reader.IsDBNull(8) ? null : reader.GetString(8);
            }
        }

        var result = Hasher.VerifyHashedPassword(user!, hash ?? Nobodys, password);
        if (user is not { DisabledAt: null } || hash is null || result == PasswordVerificationResult.Failed)
        {
            return null;
        }

        if (result == PasswordVerificationResult.SuccessRehashNeeded)
        {
            await SetPasswordAsync(user, password, cancellation);
        }

        return user;
    }

    public async Task SetPasswordAsync(StaffUser user, string password, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("update staff_user set password_hash = $2 where id = $1");
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = user.Id });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = Hasher.HashPassword(user, password) });
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>Sets or takes away the second factor.</summary>
    public async Task SetTotpAsync(StaffUser user, byte[]? secret, long? usedStep, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("update staff_user set totp_secret = $2, totp_step = $3 where id = $1");
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = user.Id });
        command.Parameters.Add(new NpgsqlParameter { Value = (object?)secret ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bytea });
        command.Parameters.Add(new NpgsqlParameter { Value = (object?)usedStep ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bigint });
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>Whether this is a code of now that was not used before; it is used up by asking.</summary>
    public async Task<bool> UseCodeAsync(StaffUser user, string code, CancellationToken cancellation)
    {
        byte[] secret;
        await using (var read = database.CreateCommand("select totp_secret from staff_user where id = $1 and totp_secret is not null"))
        {
            read.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = user.Id });
            if (await read.ExecuteScalarAsync(cancellation) is not byte[] stored)
            {
                return false;
            }

            secret = stored;
        }

        if (Totp.StepOf(secret, code, clock.GetCurrentInstant()) is not { } step)
        {
            return false;
        }

        await using var use = database.CreateCommand("update staff_user set totp_step = $2 where id = $1 and coalesce(totp_step, 0) < $2");
        use.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = user.Id });
        use.Parameters.Add(new NpgsqlParameter<long> { TypedValue = step });
        return await use.ExecuteNonQueryAsync(cancellation) == 1;
    }

    /// <summary>
    /// Shuts a person out, which ends every session and link of theirs at once. The owners are locked while it is decided, so that two of them
    /// cannot shut each other out at the same moment.
    /// </summary>
    /// <returns>False when nobody would be left who owns every business, or the person was shut out already.</returns>
    public async Task<bool> DisableAsync(Guid id, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(
            """
            with owners as materialized (
                    select id from staff_user where role = 'owner' and tenant_id is null and disabled_at is null order by id for update),
                 u as (
                    update staff_user set disabled_at = $2
                    where id = $1 and disabled_at is null
                      and (not exists (select 1 from owners where id = $1) or (select count(*) from owners) > 1)
                    returning id),
                 l as (update staff_sign_in_link set used_at = $2 where user_id in (select id from u) and used_at is null),
                 s as (update staff_session set ended_at = $2 where user_id in (select id from u) and ended_at is null)
            select count(*) from u
            """);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = id });
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = clock.GetCurrentInstant().ToTimestamp() });
        return await command.ExecuteScalarAsync(cancellation) is 1L;
    }

    /// <summary>Lets a person in again; they sign in as before.</summary>
    public async Task EnableAsync(Guid id, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("update staff_user set disabled_at = null where id = $1");
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = id });
        await command.ExecuteNonQueryAsync(cancellation);
    }

    internal static StaffUser Read(NpgsqlDataReader reader, int first) => new(
        reader.GetGuid(first), reader.GetString(first + 1), reader.GetString(first + 2), reader.GetString(first + 3),
        reader.IsDBNull(first + 4) ? null : reader.GetString(first + 4), reader.GetBoolean(first + 5), reader.GetBoolean(first + 6),
        reader.IsDBNull(first + 7) ? null : Instants.FromTimestamp(reader.GetDateTime(first + 7)));

    internal static string UserColumns => Columns;

    private static NpgsqlParameter Text(string? value) => new() { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Varchar };

    private async Task<StaffUser?> OneAsync(string condition, NpgsqlParameter value, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand($"select {Columns} from staff_user u where {condition}");
        command.Parameters.Add(value);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await reader.ReadAsync(cancellation) ? Read(reader, 0) : null;
    }
}
