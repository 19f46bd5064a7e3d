using LeadLedger.Backup;
using LeadLedger.Hosting;
using LeadLedger.Sending;
using NodaTime;
using Npgsql;

namespace LeadLedger.Staff.Frame;

/// <summary>What the first-run list is computed from; nothing of it is remembered, so it is never out of date.</summary>
public sealed record FirstRunState
{
    /// <summary>The business file; null while the shipped example is used.</summary>
    public string? ConfigPath { get; init; }

    /// <summary>The businesses whose texts really leave.</summary>
    public IReadOnlyList<string> Live { get; init; } = [];

    public bool RecordedOnPurpose { get; init; }

    public string? MailServer { get; init; }

    /// <summary>The first webhook that was kept of any source; null before it.</summary>
    public bool WebhookSeen { get; init; }

    public bool LeadSeen { get; init; }

    /// <summary>Whether the database's log is being followed into a backup, by this process or another.</summary>
    public bool Followed { get; init; }

    public string? BackupFolder { get; init; }

    /// <summary>Why and since when sending is closed; null while it is open.</summary>
    public (string Reason, Instant Since)? Closed { get; init; }

    /// <summary>Signed trial calls can be made: no real credentials are set.</summary>
    public bool CanTry { get; init; }
}

/// <summary>Looks at the settings and at the database.</summary>
public sealed class FirstRunFacts(NpgsqlDataSource database, ServiceSettings settings, ISmsSender sms, SendingLock sending)
{
    private const string SeenSql =
        """
        select exists (select 1 from inbox i where i.tenant_id = any($1)),
               exists (select 1 from mt_doc_leadview d where d.tenant_id = any($1)),
               exists (select 1 from pg_replication_slots r where r.slot_type = 'physical' and r.active)
        """;

    public async Task<FirstRunState> ReadAsync(HttpContext http)
    {
        var scope = ApiScope.Of(http);
        await using var command = database.CreateCommand(SeenSql);
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = scope.Tenants });
        await using var reader = await command.ExecuteReaderAsync(http.RequestAborted);
        await reader.ReadAsync(http.RequestAborted);
        var (webhook, lead, followed) = (reader.GetBoolean(0), reader.GetBoolean(1), reader.GetBoolean(2));
        var closed = await sending.ClosedAsync(http.RequestAborted);
        return new FirstRunState
        {
            ConfigPath = settings.ConfigPath,
            Live = [.. scope.Businesses.Where(business => !business.TestMode && sms.IsLive(business)).Select(business => business.Name)],
            RecordedOnPurpose = settings.RecordTexts,
            MailServer = settings.Smtp?.Host,
            WebhookSeen = webhook,
            LeadSeen = lead,
            Followed = followed || settings.WalTo is not null,
            BackupFolder = settings.WalTo,
            Closed = closed is null ? null : (closed.Reason, closed.Since),
            CanTry = settings.Trial is not null,
        };
    }
}
