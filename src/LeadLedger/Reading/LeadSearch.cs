using LeadLedger.Contacting;
using LeadLedger.Hosting;
using LeadLedger.PhoneNumbers;
using Npgsql;

namespace LeadLedger.Reading;

/// <summary>
/// Search by any part of a number, name or address. Numbers and addresses are looked up among the contact points, which are few and
/// normalised, so it does not matter how either side wrote them.
/// </summary>
public static class LeadSearch
{
    private const int FewestDigits = 3;

    /// <summary>The leads found, to be read from as <c>d</c>; adds its parameters to the command.</summary>
    public static string Add(NpgsqlCommand command, string search, ApiScope scope, QueryFields query)
    {
        var text = search.Trim();
        if (text.Length < 2)
        {
            query.Refuse("q", "Write at least 2 characters.");
            return "mt_doc_leadview d";
        }

        var phones = PhonePatterns(text, scope);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = $"%{Escape(text)}%" });
        var like = command.Parameters.Count;
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = phones });
        var numbers = command.Parameters.Count;
        return FormattableString.Invariant(
            $"""
            (select u.id from contact_point c cross join lateral unnest(c.streams) as u(id)
              where c.tenant_id = t.id and c.kind = '{ContactPoint.Phone}' and lower(c.value) like any(${numbers})
             union
             select u.id from contact_point c cross join lateral unnest(c.streams) as u(id)
              where c.tenant_id = t.id and c.kind = '{ContactPoint.Email}' and lower(c.value) like lower(${like})
             union
             select n.id from mt_doc_leadview n
              where n.tenant_id = t.id and n.data ->> 'name' is not null and n.data ->> 'name' ilike ${like}) f
            join mt_doc_leadview d on d.tenant_id = t.id and d.id = f.id
            """);
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
