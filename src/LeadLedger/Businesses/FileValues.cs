using System.Globalization;
using System.Text.RegularExpressions;
using LeadLedger.Calendars;
using LeadLedger.PhoneNumbers;
using NodaTime;
using NodaTime.Text;

namespace LeadLedger.Businesses;

/// <summary>Turns texts of a business file into values, and reports the ones that mean nothing.</summary>
internal static partial class FileValues
{
    public static DateTimeZone Zone(this FileNode node)
    {
        var id = node.Text();
        if (id is not null && DateTimeZoneProviders.Tzdb.GetZoneOrNull(id) is { } zone)
        {
            return zone;
        }

        if (id is not null)
        {
            var near = NearestName.Of(id, DateTimeZoneProviders.Tzdb.Ids);
            node.Report(
                $"\"{id}\" is no IANA time zone",
                near is null ? "Use a name such as America/Chicago or America/New_York" : $"Did you mean \"{near}\"?");
        }

        return DateTimeZone.Utc;
    }

    public static string Region(this FileNode node, string otherwise)
    {
        var code = node.Text();
        if (code is not null && CandidateZones.OfRegion(code).Count == 0)
        {
            node.Report($"\"{code}\" is no country", "Use a two-letter code such as US or CA");
        }

        return code ?? otherwise;
    }

    /// <summary>The only place that reads numbers of a business file.</summary>
    public static PhoneNumber? Number(this FileNode node, string region)
    {
        const string advice = "Write it with its country code, such as +12145550100";
        if (node.Text() is not { } text)
        {
            return null;
        }

        if (!PhoneNumber.TryParse(text, region, out var number, out _))
        {
            node.Report($"\"{text}\" is no phone number", advice);
        }
        else if (!number.IsPossible)
        {
            node.Report($"\"{text}\" has not the length of a full phone number", advice);
        }
        else if (number.Extension is not null)
        {
            node.Report($"\"{text}\" has an extension", "Give a number that can be called and texted directly");
        }
        else
        {
            return number;
        }

        return null;
    }

    public static LocalDate? Date(this FileNode node)
    {
        if (node.Text() is not { } text)
        {
            return null;
        }

        var date = LocalDatePattern.Iso.Parse(text);
        if (!date.Success)
        {
            node.Report($"\"{text}\" is no date", "Write year-month-day, such as 2026-12-25");
        }

        return date.Success ? date.Value : null;
    }

    /// <summary>Days, hours, minutes and seconds such as <c>1h30m</c>, at least <paramref name="least"/>.</summary>
    public static Duration Span(this FileNode node, Duration otherwise, Duration least, Duration most)
    {
        if (node.Text() is not { } text || SpanForm().Match(text) is not { Success: true } parts)
        {
            return otherwise;
        }

        var span = Duration.FromDays(Part("d")) + Duration.FromHours(Part("h"))
            + Duration.FromMinutes(Part("m")) + Duration.FromSeconds(Part("s"));
        if (span < least || span > most)
        {
            node.Report($"{text} is not between {Written(least)} and {Written(most)}", "Choose a time in that range");
        }

        return span;

        int Part(string unit) =>
            parts.Groups[unit] is { Success: true } digits
                ? int.Parse(digits.ValueSpan, CultureInfo.InvariantCulture)
                : 0;
    }

    /// <summary>An address that may be posted to: https, or http on the same machine.</summary>
    public static Uri? PostAddress(this FileNode node)
    {
        if (node.Text() is not { } text)
        {
            return null;
        }

        if (!Uri.TryCreate(text, UriKind.Absolute, out var address)
            || !(address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && address.IsLoopback)))
        {
            node.Report("is no https address", "Write it like https://crm.example.com/hooks; http only for localhost");
            return null;
        }

        if (address.UserInfo.Length > 0)
        {
            node.Report("holds a user name or password", "Leave it out; what is posted is signed with signingSecret");
            return null;
        }

        return address;
    }

    /// <summary>A secret's reference; a relative file is sought from the business file's folder.</summary>
    public static Secret? Secret(this FileNode node, string folder) =>
        node["env"].Text() is { } env ? new Secret(env, null)
        : node["file"].Text() is { } file ? new Secret(null, Path.GetFullPath(file, folder))
        : null;

    private static string Written(Duration span) =>
        span.Days > 0 ? $"{span.Days}d"
        : span.Hours > 0 ? $"{span.Hours}h"
        : span.Minutes > 0 ? $"{span.Minutes}m"
        : $"{span.Seconds}s";

    [GeneratedRegex(
        @"^(?=[0-9])((?<d>[0-9]{1,4})d)?((?<h>[0-9]{1,5})h)?((?<m>[0-9]{1,6})m)?((?<s>[0-9]{1,7})s)?\z",
        RegexOptions.CultureInvariant)]
    private static partial Regex SpanForm();
}
