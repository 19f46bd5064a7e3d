using LeadLedger.EventStore;
using LeadLedger.Hosting;
using LeadLedger.Intake;
using LeadLedger.Staff.Frame;
using LeadLedger.Staff.Live;
using NodaTime;
using Npgsql;
using NpgsqlTypes;

namespace LeadLedger.Staff.Accounts;

/// <summary>Somebody looked at a lead.</summary>
public sealed record LeadView(string Business, Guid Lead, Instant At, string Actor, string What, string? Reason);

/// <summary>
/// Who looked at which lead, and which leads an auditor sees unmasked for a while. Kept beside the ledger: looking changes nothing about a lead.
/// </summary>
public sealed class LeadViews(NpgsqlDataSource database, IClock clock)
{
    /// <summary>How long an unmasking lasts.</summary>
    public static readonly Duration UnmaskedFor = Duration.FromMinutes(30);

    private const int LongestReason = 500;

    /// <summary>How every page about one lead begins: the view is recorded, and what the page reads is masked unless the lead is unmasked.</summary>
    /// <returns>Whether personal data of this lead is hidden from whoever looks.</returns>
    public async Task<bool> OpenAsync(HttpContext http, string business, Guid lead, string what)
    {
        await RecordAsync(http, business, lead, what);
        var isMasked = await IsMaskedAsync(http, business, lead);
        if (!isMasked)
        {
            PageSight.OpenWhole(http);
        }

        return isMasked;
    }

    /// <summary>Records a view before the page is shown; a page that only refreshes itself is the same view.</summary>
    public async Task RecordAsync(HttpContext http, string business, Guid lead, string what)
    {
        if (LiveReads.IsRefresh(http))
        {
            return;
        }

        await RecordAsync(business, lead, ApiScope.Of(http).Caller.Actor, what, null, http.RequestAborted);
    }

    /// <summary>Whether personal data of this lead is hidden from whoever looks.</summary>
    public async Task<bool> IsMaskedAsync(HttpContext http, string business, Guid lead)
    {
        var session = StaffSession.Of(http);
        if (session.User.Role != StaffUser.Auditor)
        {
            return false;
        }

        await using var command = database.CreateCommand(
            "select exists (select 1 from lead_unmasking where token_sha256 = $1 and tenant_id = $2 and lead_id = $3 and ends_at > $4)");
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = session.TokenHash });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = business });
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = lead });
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = clock.GetCurrentInstant().ToTimestamp() });
        return await command.ExecuteScalarAsync(http.RequestAborted) is not true;
    }

    /// <summary>Shows an auditor one lead's personal data for a while, and records why.</summary>
    public async Task UnmaskAsync(HttpContext http, string business, Guid lead, string reason)
    {
        var session = StaffSession.Of(http);
        var now = clock.GetCurrentInstant();
        var cut = SafeText.Line(reason, LongestReason);
        await using (var command = database.CreateCommand(
            """
            insert into lead_unmasking (token_sha256, tenant_id, lead_id, at, ends_at, reason) values ($1, $2, $3, $4, $5, $6)
            on conflict (token_sha256, tenant_id, lead_id) do update set at = $4, ends_at = $5, reason = $6
            """))
        {
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = session.TokenHash });
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = business });
            command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = lead });
            command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = now.ToTimestamp() });
            command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = (now + UnmaskedFor).ToTimestamp() });
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = cut });
            await command.ExecuteNonQueryAsync(http.RequestAborted);
        }

        await RecordAsync(business, lead, session.User.Caller.Actor, "unmasked", cut, http.RequestAborted);
    }

    /// <summary>The latest views, newest first.</summary>
    /// <param name="businesses">Of these businesses.</param>
    /// <param name="lead">Only of this lead.</param>
    /// <param name="limit">At most this many.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<IReadOnlyList<LeadView>> LatestAsync(IReadOnlyList<string> businesses, Guid? lead, int limit, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(
            """
            select v.tenant_id, v.lead_id, v.at, v.actor, v.what, v.reason from lead_view v
            where v.tenant_id = any($1) and ($2::uuid is null or v.lead_id = $2) order by v.id desc limit $3
            """);
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. businesses] });
        command.Parameters.Add(new NpgsqlParameter { Value = (object?)lead ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Uuid });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = limit });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var views = new List<LeadView>();
        while (await reader.ReadAsync(cancellation))
        {
            views.Add(new LeadView(
                reader.GetString(0), reader.GetGuid(1), Instants.FromTimestamp(reader.GetDateTime(2)), reader.GetString(3), reader.GetString(4),
                reader.IsDBNull(5) ? null : reader.GetString(5)));
        }

        return views;
    }

    /// <summary>Records a look that no page made.</summary>
    public async Task RecordAsync(string business, Guid lead, string actor, string what, string? reason, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("insert into lead_view (tenant_id, lead_id, at, actor, what, reason) values ($1, $2, $3, $4, $5, $6)");
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = business });
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = lead });
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = clock.GetCurrentInstant().ToTimestamp() });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = actor });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = what });
        command.Parameters.Add(new NpgsqlParameter { Value = (object?)reason ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Varchar });
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
