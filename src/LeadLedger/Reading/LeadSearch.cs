using LeadLedger.Contacting;
using LeadLedger.Hosting;
using LeadLedger.PhoneNumbers;
using Npgsql;

namespace LeadLedger.Reading;

/// <summary>
/// Search by any part of a number, name or address. Numbers and addresses are looked up among the contact points, which are few and
/// normalised, so it does not matter how either side wrote them.
/// </summary>
/// <param name="Names">Patterns for names; two letters are looked for where a word begins, because fewer than three have no index.</param>
/// <param name="Numbers">Patterns for numbers in E.164.</param>
public sealed record LeadSearch(string[] Names, string[] Numbers)
{
    private const int FewestLetters = 2;
    private const int FewestDigits = 3;

    /// <summary>From this many on, the newest of those that match are found sooner among the newest leads than by looking at all that match.</summary>
    private const int Common = 1500;

    /// <summary>How many of the newest leads are looked at for what is common.</summary>
    private const int Newest = 5000;

    /// <summary>What to look for; null when nothing was asked for or it is too short, which the query then refuses.</summary>
    public static LeadSearch? Of(QueryFields query, ApiScope scope)
    {
        if (query.Text("q", 100)?.Trim() is not { } text)
        {
            return null;
        }

        if (text.Length < FewestLetters)
        {
            query.Refuse("q", "Write at least 2 characters.");
            return null;
        }

        var part = Escape(text);
        return new LeadSearch(text.Length == FewestLetters ? [$"{part}%", $"% {part}%"] : [$"%{part}%"], PhonePatterns(text, scope));
    }

    /// <summary>Where to look, one after the other until a page is full; the last one finds everything.</summary>
    public async Task<IReadOnlyList<LeadSource>> SourcesAsync(NpgsqlDataSource database, NpgsqlCommand command, ApiScope scope, CancellationToken cancellation)
    {
        var few = await FirstThatMatchAsync(database, scope, cancellation);
        if (few.Length >= Common)
        {
            return [NewestThatMatch(command), new LeadSource($"({Matches(command, "union")}) f join mt_doc_leadview d on d.tenant_id = t.id and d.id = f.id")];
        }

        // Named one by one: the planner cannot know how few they are, and would read every lead for them.
        command.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = [.. few.Distinct()] });
        return [new LeadSource(FormattableString.Invariant($"(select n.* from mt_doc_leadview n where n.tenant_id = t.id and n.id = any(${command.Parameters.Count})) d"))];
    }

    private async Task<Guid[]> FirstThatMatchAsync(NpgsqlDataSource database, ApiScope scope, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand();
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = scope.Tenants });
        command.CommandText =
            $"select array(select f.id from unnest($1::varchar[]) as t(id) cross join lateral ({Matches(command, "union all")}) f limit {Common})";
        return (Guid[])(await command.ExecuteScalarAsync(cancellation))!;
    }

    private string Matches(NpgsqlCommand command, string together)
    {
        var (names, addresses, numbers) = Add(command);
        return
            $"""
            select u.id from contact_point c cross join lateral unnest(c.streams) as u(id)
              where c.tenant_id = t.id and c.kind = '{ContactPoint.Phone}' and lower(c.value) like any(${numbers})
            {together}
            select u.id from contact_point c cross join lateral unnest(c.streams) as u(id)
              where c.tenant_id = t.id and c.kind = '{ContactPoint.Email}' and lower(c.value) like any(${addresses})
            {together}
            select n.id from mt_doc_leadview n
              where n.tenant_id = t.id and n.data ->> 'name' is not null and n.data ->> 'name' ilike any(${names})
            """;
    }

    // The time is a column of its own, so that reading stops at a full page: the planner sees that the order is the one asked for.
    private LeadSource NewestThatMatch(NpgsqlCommand command)
    {
        var (names, addresses, numbers) = Add(command);
        return new LeadSource(
            $"""
            (select r.* from (
                select n.id, n.tenant_id, n.data, n.data ->> 'lastInquiryAt' as at from mt_doc_leadview n where n.tenant_id = t.id
                order by n.data ->> 'lastInquiryAt' desc, n.id desc limit {Newest}) r
             cross join lateral jsonb_to_record(r.data) as m(name text, "contactPoints" jsonb)
             where m.name ilike any(${names}) or exists (
                select 1 from jsonb_to_recordset(m."contactPoints") as p(kind text, value text)
                where p.kind = '{ContactPoint.Phone}' and p.value like any(${numbers}) or p.kind = '{ContactPoint.Email}' and p.value like any(${addresses}))) d
            """,
            "d.at");
    }

    private (int Names, int Addresses, int Numbers) Add(NpgsqlCommand command)
    {
        int One(string[] patterns)
        {
            command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = patterns });
            return command.Parameters.Count;
        }

        return (One(Names), One([.. Names.Select(name => name.ToLowerInvariant())]), One(Numbers));
    }

    // A number can be written with its country code, with an exit or trunk prefix, or in part: each reading is tried.
    private static string[] PhonePatterns(string text, ApiScope scope)
    {
        if (text.Any(c => !char.IsAsciiDigit(c) && !"+-()./ \u00a0".Contains(c, StringComparison.Ordinal)))
        {
            return [.. Parsed(text, scope)];
        }

        var digits = string.Concat(text.Where(char.IsAsciiDigit));
        if (digits.Length < FewestDigits)
        {
            return [];
        }

        var patterns = new HashSet<string>(StringComparer.Ordinal) { $"%{digits}%" };
        if (digits.TrimStart('0') is { Length: >= FewestDigits } trimmed)
        {
            patterns.Add($"%{trimmed}%");
        }

        patterns.UnionWith(Parsed(text, scope));
        return [.. patterns];
    }

    private static IEnumerable<string> Parsed(string text, ApiScope scope) =>
        scope.Businesses.Select(business => business.Region).Distinct()
            .Select(region => PhoneNumber.TryParse(text, region, out var number, out _) ? number.E164 : null)
            .OfType<string>();

    private static string Escape(string text) => text
        .Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal);
}

/// <summary>Leads to read from.</summary>
/// <param name="From">As <c>d</c>, for a tenant <c>t</c>.</param>
/// <param name="At">Their last inquiry, which they are ordered by.</param>
public sealed record LeadSource(string From, string At = "d.data ->> 'lastInquiryAt'");
