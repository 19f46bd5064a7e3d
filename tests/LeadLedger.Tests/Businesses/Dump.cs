using System.Collections;
using System.Reflection;
using LeadLedger.Calendars;
using LeadLedger.PhoneNumbers;
using NodaTime;

namespace LeadLedger.Tests.Businesses;

/// <summary>Writes a value out whole, so that two of them can be compared member by member.</summary>
internal static class Dump
{
    public static string Of(object? value) => value switch
    {
        null => "null",
        string text => text,
        WeekHours week => string.Join(' ', Enumerable.Range(1, 7).Select(day => $"{day}:{Of(week[(IsoDayOfWeek)day])}")),
        PhoneNumber or Uri or DateTimeZone => value.ToString()!,
        IDictionary map => $"{{{string.Join(", ", map.Keys.Cast<object>().OrderBy(key => key.ToString(), StringComparer.Ordinal).Select(key => $"{key}: {Of(map[key])}"))}}}",
        IEnumerable list => $"[{string.Join(", ", list.Cast<object?>().Select(Of))}]",
        _ when value.GetType().Namespace!.StartsWith("LeadLedger", StringComparison.Ordinal) && !value.GetType().IsEnum =>
            $"({string.Join(", ", Members(value.GetType()).Select(member => $"{member.Name}: {Of(member.GetValue(value))}"))})",
        _ => value.ToString()!,
    };

    /// <summary>The members that make up a value; those computed from others are left out.</summary>
    public static IEnumerable<PropertyInfo> Members(Type type) => type
        .GetProperties(BindingFlags.Public | BindingFlags.Instance)
        .Where(member => member.SetMethod is not null);
}
