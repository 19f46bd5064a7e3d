using System.Globalization;
using System.Text;
using Npgsql;

namespace LeadLedger.Benchmarks.Floor;

/// <summary>
/// Writes pgbench scripts that store the very rows one webhook of the service stored, of the same sizes, in one transaction: the floor that the service is
/// compared with. The rows are read from a ledger that the service has just written.
/// </summary>
public sealed class FloorScript
{
    private readonly List<string> _statements = [];
    private readonly StringBuilder _function = new();

    private FloorScript()
    {
    }

    /// <summary>One statement a line, each a round trip.</summary>
    public string Separate => "\\set a random(1000001, 1000000000000)\nbegin;\n" + string.Join('\n', _statements) + "\ncommit;\n";

    /// <summary>The same as one server-side function, one round trip.</summary>
    public string Function => _function.ToString();

    public static string CallFunction => "\\set a random(1000001, 1000000000000)\nselect floor_webhook(:a::bigint);\n";

    /// <summary>Reads the rows of one delivery.</summary>
    /// <param name="database">Where the service wrote it.</param>
    /// <param name="causation">The delivery's causation id.</param>
    /// <param name="hot">A lead that existed: rows are updated under lock, not inserted.</param>
    public static async Task<FloorScript> OfAsync(NpgsqlDataSource database, string causation, bool hot)
    {
        var script = new FloorScript();
        var lead = hot ? "('00000000-0000-7000-8000-' || lpad(to_hex(:a::bigint % 1000 + 1), 12, '0'))::uuid" : "('00000000-0000-7000-8000-' || lpad(to_hex(:a::bigint), 12, '0'))::uuid";
        const string call = "('00000000-0000-8000-8000-' || lpad(to_hex(:a::bigint), 12, '0'))::uuid";
        var value = hot ? "('+1' || (:a::bigint % 1000 + 1))" : "('+1' || :a::bigint)";
        var events = await RowsAsync(database, "select stream_id::text, version::text, data::text, type, mt_dotnet_type, headers::text, (select type from mt_streams s where s.id = e.stream_id) from mt_events e where causation_id = $1 order by seq_id", causation);
        var leadId = events.First(e => e[6] == "lead")[0]!;
        var callEvents = events.Where(e => e[6] == "call").ToArray();
        var leadEvents = events.Where(e => e[6] == "lead").ToArray();
        script.Add($"insert into contact_point (tenant_id, kind, value, data) values ('bench', 'phone', {value}, '{{}}') on conflict do nothing;");
        script.Add($"select data, streams from contact_point where tenant_id = 'bench' and kind = 'phone' and value = {value} for update;");
        if (hot)
        {
            script.Add($"select version from mt_streams where tenant_id = 'bench' and id = {lead} for update;");
            script.Add($"select data from mt_doc_leadview where tenant_id = 'bench' and id = {lead};");
            script.Add($"update mt_streams set version = version + {leadEvents.Length}, timestamp = now() where tenant_id = 'bench' and id = {lead};");
        }
        else
        {
            script.Add($"insert into mt_streams (tenant_id, id, type, version, timestamp, created) values ('bench', {lead}, 'lead', {leadEvents.Length}, now(), now());");
        }

        script.Add($"insert into mt_streams (tenant_id, id, type, version, timestamp, created) values ('bench', {call}, 'call', {callEvents.Length}, now(), now());");
        string Version(string?[] e, int index) => hot && e[6] == "lead"
            ? $"(select version from mt_streams where tenant_id = 'bench' and id = {lead}) - {leadEvents.Length - 1 - index}"
            : (index + 1).ToString(CultureInfo.InvariantCulture);
        var numbered = callEvents.Select((e, i) => (e, i, call)).Concat(leadEvents.Select((e, i) => (e, i, lead))).ToArray();
        script.Add("insert into mt_events (seq_id, id, stream_id, version, data, type, timestamp, tenant_id, mt_dotnet_type, correlation_id, causation_id, headers) values "
            + string.Join(", ", numbered.Select(n => $"(nextval('mt_events_sequence'), gen_random_uuid(), {n.Item3}, {Version(n.e, n.i)}, {Quote(n.e[2])}, {Quote(n.e[3])}, now(), 'bench', {Quote(n.e[4])}, null, {Quote(causation)}, {Quote(n.e[5])})")) + ";");
        script.Add("insert into audit_trail (tenant_id, stream_id, version, at, actor, kind, cause, contact_point) values "
            + string.Join(", ", numbered.Select(n => $"('bench', {n.Item3}, {Version(n.e, n.i)}, now(), E'provider\\x3atwilio', {Quote(n.e[3])}, {Quote(causation)}, null)")) + ";");
        var view = (await RowsAsync(database, "select data::text from mt_doc_leadview where id = $1::uuid", leadId))[0][0];
        var record = (await RowsAsync(database, "select data::text from mt_doc_callrecord where id = $1::uuid", callEvents[0][0]!))[0][0];
        script.Add(hot
            ? $"update mt_doc_leadview set data = {Quote(view)}, mt_version = mt_version + {leadEvents.Length}, mt_last_modified = now() where tenant_id = 'bench' and id = {lead};"
            : $"insert into mt_doc_leadview (tenant_id, id, data, mt_version) values ('bench', {lead}, {Quote(view)}, {leadEvents.Length});");
        script.Add($"insert into mt_doc_callrecord (tenant_id, id, data, mt_version) values ('bench', {call}, {Quote(record)}, {callEvents.Length});");
        var gate = (await RowsAsync(database, "select data::text from contact_point where kind = 'phone' and $1::uuid = any(streams)", leadId))[0][0];
        script.Add($"update contact_point set data = {Quote(gate)}, streams = array[{lead}] where tenant_id = 'bench' and kind = 'phone' and value = {value};");
        var outbox = await RowsAsync(database, "select o.kind, o.lane, o.body::text from outbox o where o.created_at = (select timestamp from mt_events where causation_id = $1 limit 1) and o.stream_id in (select stream_id from mt_events where causation_id = $1)", causation);
        if (outbox.Count > 0)
        {
            script.Add("insert into outbox (id, tenant_id, stream_id, kind, effect_key, lane, state, due_at, body, created_at) values "
                + string.Join(", ", outbox.Select((o, i) => $"(gen_random_uuid(), 'bench', {lead}, {Quote(o[0])}, 'sms.00000000000070008000000000000000.00000000000070008000000000000000.' || :a::bigint || '.{i}', {Quote(o[1])}, 'pending', now(), {Quote(o[2])}, now())")) + ";");
        }

        var inbox = (await RowsAsync(database, "select encode(body, 'hex'), headers::text, answer::text from inbox where 'delivery:' || source || ':' || dedupe_key = $1", causation))[0];
        script.Add($"insert into inbox (tenant_id, source, dedupe_key, received_at, content_type, body, body_sha256, headers, outcome, answer) values ('bench', 'twilio.call', 'status.CA0000000000000000000' || :a::bigint || '.no_answer', now(), 'application/x-www-form-urlencoded', decode('{inbox[0]}', 'hex'), decode(repeat('ab', 32), 'hex'), {Quote(inbox[1])}, 'accepted', {Quote(inbox[2])});");
        script.WriteFunction();
        return script;
    }

    /// <summary>Statements that make the 1,000 leads which the hot script updates.</summary>
    public static async Task PrepareHotAsync(NpgsqlDataSource database)
    {
        await using var command = database.CreateCommand(
            """
            insert into mt_streams (tenant_id, id, type, version) select 'bench', ('00000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, 'lead', 10 from generate_series(1, 1000) n;
            insert into mt_doc_leadview (tenant_id, id, data, mt_version) select 'bench', ('00000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, '{}', 10 from generate_series(1, 1000) n;
            insert into contact_point (tenant_id, kind, value, data) select 'bench', 'phone', '+1' || n, '{}' from generate_series(1, 1000) n;
            """);
        await command.ExecuteNonQueryAsync();
    }

    private void Add(string statement) => _statements.Add(statement);

    private void WriteFunction()
    {
        _function.AppendLine("create or replace function floor_webhook(a bigint) returns void language plpgsql as $body$").AppendLine("begin");
        foreach (var statement in _statements)
        {
            var inner = statement.Replace(":a", "a", StringComparison.Ordinal);
            _function.AppendLine(inner.StartsWith("select", StringComparison.Ordinal) ? "perform" + inner["select".Length..] : inner);
        }

        _function.AppendLine("end $body$;");
    }

    // Colons are written as escapes: pgbench would take what follows one for a variable.
    private static string Quote(string? text) => text is null
        ? "null"
        : "E'" + text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "''", StringComparison.Ordinal)
            .Replace(":", "\\x3a", StringComparison.Ordinal) + "'";

    private static async Task<List<string?[]>> RowsAsync(NpgsqlDataSource database, string sql, string parameter)
    {
        await using var command = database.CreateCommand(sql);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = parameter });
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<string?[]>();
        while (await reader.ReadAsync())
        {
            rows.Add([.. Enumerable.Range(0, reader.FieldCount).Select(i => reader.IsDBNull(i) ? null : reader.GetString(i))]);
        }

        return rows;
    }
}
