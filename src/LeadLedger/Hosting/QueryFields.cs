using System.Globalization;
using NodaTime;
using NodaTime.Text;

namespace LeadLedger.Hosting;

/// <summary>Reads a request's query, collecting every field that cannot be used with what to write instead.</summary>
public sealed class QueryFields(IQueryCollection query)
{
    public const int DefaultLimit = 50;
    public const int MostItems = 200;

    private readonly Dictionary<string, string[]> _errors = new(StringComparer.Ordinal);

    /// <summary>400 naming every wrong field; null when all could be read.</summary>
    public IResult? Problem => _errors.Count == 0
        ? null
        : Problems.Of(400, "bad-parameter", $"The request has parameters that cannot be used: {string.Join(", ", _errors.Keys)}.", _errors);

    public string? Text(string name, int longest = 200)
    {
        var value = query[name].ToString();
        if (value.Length == 0)
        {
            return null;
        }

        if (value.Length > longest || value.AsSpan().ContainsAnyInRange('\0', '\u001f') || value.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF'))
        {
            Refuse(name, $"Write at most {longest} printable characters.");
            return null;
        }

        return value;
    }

    public string? OneOf(string name, params ReadOnlySpan<string> allowed)
    {
        var value = Text(name);
        if (value is null || allowed.Contains(value))
        {
            return value;
        }

        Refuse(name, $"Use one of: {string.Join(", ", allowed.ToArray())}.");
        return null;
    }

    public bool? Flag(string name)
    {
        var value = Text(name);
        if (value is null)
        {
            return null;
        }

        if (bool.TryParse(value, out var flag))
        {
            return flag;
        }

        Refuse(name, "Write true or false.");
        return null;
    }

    public int Limit(int most = MostItems, int otherwise = DefaultLimit)
    {
        var value = Text("limit");
        if (value is null)
        {
            return otherwise;
        }

        if (int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit >= 1 && limit <= most)
        {
            return limit;
        }

        Refuse("limit", $"Write a whole number from 1 to {most}.");
        return otherwise;
    }

    public Instant? Instant(string name)
    {
        var value = Text(name, 60);
        if (value is null)
        {
            return null;
        }

        // A plus sign that was not escaped arrives as a space.
        if (OffsetDateTimePattern.ExtendedIso.Parse(value.Replace(' ', '+')) is { Success: true, Value: var parsed })
        {
            return parsed.ToInstant();
        }

        Refuse(name, "Write an instant such as 2026-11-20T18:30:00Z or 2026-11-20T12:30:00-06:00.");
        return null;
    }

    /// <summary>The parts of an opaque cursor; null when none was given.</summary>
    public string[]? Cursor(int parts, string name = "cursor")
    {
        var value = Text(name, 400);
        if (value is null)
        {
            return null;
        }

        if (PageCursor.Read(value) is { } read && read.Length == parts)
        {
            return read;
        }

        Refuse(name, "Pass on the value of 'next' of the page before, unchanged, or leave it out for the first page.");
        return null;
    }

    public void Refuse(string name, string fix) => _errors[name] = [fix];
}
