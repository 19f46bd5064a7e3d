namespace LeadLedger.Businesses;

/// <summary>Reads <c>textLimits</c>.</summary>
internal static class TextLimitSection
{
    public static TextLimits Read(FileNode node)
    {
        var limits = new TextLimits();
        var (numberHour, numberDay) = Pair(node, "number", limits.NumberPerHour, limits.NumberPerDay);
        var (prefixHour, prefixDay) = Pair(node, "prefix", limits.PrefixPerHour, limits.PrefixPerDay);
        var (formHour, formDay) = Pair(node, "form", limits.FormPerHour, limits.FormPerDay);
        var (businessHour, businessDay) = Pair(node, "business", limits.BusinessPerHour, limits.BusinessPerDay);
        return new TextLimits
        {
            NumberPerHour = numberHour,
            NumberPerDay = numberDay,
            PrefixPerHour = prefixHour,
            PrefixPerDay = prefixDay,
            FormPerHour = formHour,
            FormPerDay = formDay,
            BusinessPerHour = businessHour,
            BusinessPerDay = businessDay,
        };
    }

    private static (int Hour, int Day) Pair(FileNode node, string what, int hour, int day)
    {
        var (perHour, perDay) = (node[$"{what}PerHour"], node[$"{what}PerDay"]);
        var (inHour, inDay) = (perHour.Whole(hour), perDay.Whole(day));
        if (inDay < inHour)
        {
            var named = perDay.Exists ? perDay : perHour;
            named.Report(
                $"allows {inDay} texts a day but {inHour} an hour", $"Set {what}PerDay to {inHour} or more, or lower {what}PerHour");
        }

        return (inHour, inDay);
    }
}
