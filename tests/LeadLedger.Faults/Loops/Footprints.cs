using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace LeadLedger.Faults.Loops;

/// <summary>
/// Reads footprints straight from the tables, not through the proxy and with none of the product's code: it has its own idea of which stream a call
/// has and of what gapless means.
/// </summary>
public sealed class Footprints(NpgsqlDataSource database, string business)
{
    /// <summary>What is there now about a person, or about several that belong together.</summary>
    public async Task<Footprint> OfAsync(IReadOnlyList<Person> people, CancellationToken cancellation = default)
    {
        var lines = new List<string>();
        var problems = new List<string>();
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, cancellation);
        var streams = new HashSet<Guid>();
        foreach (var person in people)
        {
            streams.UnionWith(await StreamsAsync(connection, person, lines, cancellation));
            await InboxAsync(connection, person, lines, cancellation);
        }

        foreach (var stream in streams)
        {
            await StreamAsync(connection, stream, lines, problems, cancellation);
        }

        var (unfinished, putOff) = await OutboxAsync(connection, streams, lines, cancellation);
        lines.Sort(StringComparer.Ordinal);
        return new Footprint(lines, problems, unfinished, putOff);
    }

    /// <summary>The leads of a person, oldest first.</summary>
    public async Task<IReadOnlyList<Guid>> LeadsAsync(Person person, CancellationToken cancellation = default)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        return [.. (await StreamsAsync(connection, person, [], cancellation)).Where(id => id != CallStream(person.CallSid)).Order()];
    }

    /// <summary>The open task of a person's lead.</summary>
    public async Task<Guid> TaskAsync(Person person, CancellationToken cancellation = default)
    {
        var lead = (await LeadsAsync(person, cancellation))[0];
        await using var command = database.CreateCommand(
            "select data ->> 'task' from mt_events where tenant_id = $1 and stream_id = $2 and type = 'task_opened' order by version desc limit 1");
        command.Parameters.AddWithValue(business);
        command.Parameters.AddWithValue(lead);
        return Guid.Parse((string)(await command.ExecuteScalarAsync(cancellation))!);
    }

    /// <summary>Brings the time of a person's scheduled work of one kind forward to now.</summary>
    public Task<int> BringForwardAsync(Person person, string kind) => PendingAsync([person], "due_at = now()", "kind = $3", kind);

    /// <summary>Makes scheduled work look as if a worker had claimed it when it was due and never come back.</summary>
    public Task<int> LoseWorkerAsync(Person person, string kind) => PendingAsync(
        [person], "due_at = now(), state = 'claimed', fence = fence + 1, attempts = attempts + 1, lease_until = now() - interval '1 second'",
        "kind = $3", kind);

    /// <summary>Ends the wait of work that was put off for moments: as if they had passed.</summary>
    public Task HurryAsync(IReadOnlyList<Person> people) => PendingAsync(
        people, "due_at = now()", "kind <> $3 and due_at > now() and due_at <= now() + interval '2 minutes'", "settle_text");

    /// <summary>Drops what earlier histories left to be done later, so that whatever happens from now on belongs to the next one.</summary>
    public async Task ForgetPendingAsync()
    {
        await using var command = database.CreateCommand("delete from outbox where state = 'pending'");
        await command.ExecuteNonQueryAsync();
    }

    private async Task<int> PendingAsync(IReadOnlyList<Person> people, string set, string where, string kind)
    {
        var leads = new List<Guid>();
        foreach (var person in people)
        {
            leads.AddRange(await LeadsAsync(person));
        }

        await using var command = database.CreateCommand(
            $"update outbox set {set} where tenant_id = $1 and stream_id = any($2) and state = 'pending' and {where}");
        command.Parameters.AddWithValue(business);
        command.Parameters.AddWithValue(leads.ToArray());
        command.Parameters.AddWithValue(kind);
        return await command.ExecuteNonQueryAsync();
    }

    /// <summary>The work item that each attempt token belongs to, as the ledger knows it.</summary>
    public async Task<IReadOnlyDictionary<string, Guid>> AttemptsAsync(IReadOnlyCollection<string> tokens, CancellationToken cancellation = default)
    {
        await using var command = database.CreateCommand("select token, outbox_id from outbox_attempt where token = any($1)");
        command.Parameters.AddWithValue(tokens.ToArray());
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var found = new Dictionary<string, Guid>(StringComparer.Ordinal);
        while (await reader.ReadAsync(cancellation))
        {
            found[reader.GetString(0)] = reader.GetGuid(1);
        }

        return found;
    }

    private async Task<HashSet<Guid>> StreamsAsync(
        NpgsqlConnection connection, Person person, List<string> lines, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            "select kind, streams from contact_point where tenant_id = $1 and value = any($2) order by kind", connection);
        command.Parameters.AddWithValue(business);
        command.Parameters.AddWithValue(new[] { person.Phone, person.Email });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var streams = new HashSet<Guid> { CallStream(person.CallSid) };
        while (await reader.ReadAsync(cancellation))
        {
            var ids = await reader.GetFieldValueAsync<Guid[]>(1, cancellation);
            lines.Add(string.Create(CultureInfo.InvariantCulture, $"{reader.GetString(0)} of {ids.Length} lead"));
            streams.UnionWith(ids);
        }

        return streams;
    }

    private async Task StreamAsync(
        NpgsqlConnection connection, Guid stream, List<string> lines, List<string> problems, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            """
            select s.type, s.version, e.version, e.type, e.headers ->> 'prev', e.headers ->> 'hash',
                   coalesce((select mt_version from mt_doc_leadview d where d.tenant_id = s.tenant_id and d.id = s.id),
                            (select mt_version from mt_doc_callrecord d where d.tenant_id = s.tenant_id and d.id = s.id)),
                   exists (select 1 from audit_trail a where a.tenant_id = e.tenant_id and a.stream_id = e.stream_id and a.version = e.version)
            from mt_streams s left join mt_events e on e.tenant_id = s.tenant_id and e.stream_id = s.id
            where s.tenant_id = $1 and s.id = $2 order by e.version
            """, connection);
        command.Parameters.AddWithValue(business);
        command.Parameters.AddWithValue(stream);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var facts = new List<string>();
        string? type = null, hash = null;
        var (version, document) = (0L, 0L);
        while (await reader.ReadAsync(cancellation))
        {
            type = reader.GetString(0);
            version = reader.GetInt64(1);
            document = reader.IsDBNull(6) ? 0 : Convert.ToInt64(reader.GetValue(6), CultureInfo.InvariantCulture);
            facts.Add(reader.GetString(3));
            var previous = reader.IsDBNull(4) ? null : reader.GetString(4);
            if (reader.GetInt64(2) != facts.Count || previous != hash || !reader.GetBoolean(7))
            {
                problems.Add($"{type} {stream}: event {facts.Count} has version {reader.GetInt64(2)}, a wrong link, or no line in the audit trail");
            }

            hash = reader.GetString(5);
        }

        if (type is null)
        {
            return;
        }

        if (version != facts.Count || document != facts.Count)
        {
            problems.Add($"{type} {stream}: {facts.Count} events, stream at {version}, view at {document}");
        }

        lines.Add($"{type}: {string.Join(' ', facts)}");
    }

    private async Task<(int Unfinished, int PutOff)> OutboxAsync(
        NpgsqlConnection connection, HashSet<Guid> streams, List<string> lines, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            """
            select kind, state, due_at <= now(), due_at <= now() + interval '2 minutes' and kind <> 'settle_text' from outbox where tenant_id = $1 and stream_id = any($2)
            """, connection);
        command.Parameters.AddWithValue(business);
        command.Parameters.AddWithValue(streams.ToArray());
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var (unfinished, putOff) = (0, 0);
        while (await reader.ReadAsync(cancellation))
        {
            var state = reader.GetString(1);
            unfinished += state is "claimed" or "calling" || (state == "pending" && reader.GetBoolean(2)) ? 1 : 0;
            putOff += state == "pending" && !reader.GetBoolean(2) && reader.GetBoolean(3) ? 1 : 0;
            lines.Add($"work: {reader.GetString(0)} {state}");
        }

        return (unfinished, putOff);
    }

    private async Task InboxAsync(NpgsqlConnection connection, Person person, List<string> lines, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            """
            select source, outcome from inbox
            where tenant_id = $1 and (position($2 in dedupe_key) > 0 or position($3 in dedupe_key) > 0 or position($4 in dedupe_key) > 0)
            """, connection);
        command.Parameters.AddWithValue(business);
        command.Parameters.AddWithValue(person.CallSid);
        command.Parameters.AddWithValue(person.MessageSid(0)[..26]);
        command.Parameters.AddWithValue(person.SubmissionId);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            lines.Add($"receipt: {reader.GetString(0)} {reader.GetString(1)}");
        }
    }

    /// <summary>The stream of a call, as the documentation describes it: a digest of business, provider and the provider's id.</summary>
    private Guid CallStream(string callSid)
    {
        var digest = SHA256.HashData(Encoding.UTF8.GetBytes($"call\n{business}\ntwilio\n{callSid}"));
        digest[6] = (byte)((digest[6] & 0x0f) | 0x80);
        digest[8] = (byte)((digest[8] & 0x3f) | 0x80);
        return new Guid(digest.AsSpan(0, 16), bigEndian: true);
    }
}
