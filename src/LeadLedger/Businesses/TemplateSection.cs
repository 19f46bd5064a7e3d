using LeadLedger.Messaging;
using NodaTime.Text;

namespace LeadLedger.Businesses;

/// <summary>Lays a business file's templates over the shipped ones.</summary>
internal static class TemplateSection
{
    /// <summary>The templates in force by id, and where in the file each changed one stands.</summary>
    public static (IReadOnlyDictionary<string, Template> InForce, IReadOnlyDictionary<string, FileNode> Changed) Read(
        FileNode node, string locale, Profile profile, IReadOnlyDictionary<string, Template> shipped)
    {
        // Healthcare greets nobody as a known customer, so those texts are off unless the file insists, which the
        // linter then refuses (C-24).
        var inForce = shipped.ToDictionary(
            each => each.Key,
            each => each.Value.Use == TemplateUse.PriorCustomer && profile.IsHealthcare()
                ? each.Value with { Enabled = false }
                : each.Value,
            StringComparer.Ordinal);
        var changed = new Dictionary<string, FileNode>(StringComparer.Ordinal);
        foreach (var item in node.Items())
        {
            if (item["id"].Text() is not { } id)
            {
                continue;
            }

            if (!changed.TryAdd(id, item))
            {
                item["id"].Report($"\"{id}\" stands in the list twice", "Keep one of the two");
                continue;
            }

            inForce[id] = inForce.TryGetValue(id, out var original)
                ? Changed(item, original)
                : New(item, id, locale);
        }

        return (inForce, changed);
    }

    private static Template Changed(FileNode node, Template shipped)
    {
        var template = With(node, shipped);
        var reworded = template.Text != shipped.Text || template.NamelessText != shipped.NamelessText
            || template.Class != shipped.Class || template.Use != shipped.Use || template.Locale != shipped.Locale;
        if (reworded && template.Version <= shipped.Version)
        {
            node["version"].Report(
                $"{template.Version} stands for the shipped wording",
                $"Give the changed one {shipped.Version + 1} or more");
        }

        if (!reworded && template.Version < shipped.Version)
        {
            node["version"].Report(
                $"{template.Version} is older than the shipped {shipped.Version}",
                $"Write {shipped.Version} for the shipped wording");
        }

        if (reworded)
        {
            Need(node, "author", "effectiveFrom");
        }

        return template;
    }

    private static Template New(FileNode node, string id, string locale)
    {
        Need(node, "class", "text", "author", "effectiveFrom");
        return With(node, new Template
        {
            Id = id,
            Version = 1,
            Class = TemplateClass.Transactional,
            Locale = locale,
            Text = "",
        });
    }

    private static Template With(FileNode node, Template basis) => basis with
    {
        Version = node["version"].Whole(basis.Version),
        Class = node["class"].Choice(basis.Class),
        Locale = node["locale"].Text(basis.Locale),
        Text = node["text"].Text(basis.Text),

        // The shipped nameless wording belongs to the shipped text and not to another one.
        NamelessText = node["namelessText"].Text() ?? (node["text"].Exists ? null : basis.NamelessText),
        Enabled = node["enabled"].Flag(basis.Enabled),
        MaxSegments = node["maxSegments"].Whole(basis.MaxSegments),
        Audience = node["audience"].Choice(basis.Audience),
        Use = node["use"].Choice(basis.Use),
        OptOutLine = node["optOutLine"].Flag(basis.OptOutLine),
        Transliterate = node["transliterate"].Flag(basis.Transliterate),
        OnlyWhenTextingRequested = node["onlyWhenTextingRequested"].Flag(basis.OnlyWhenTextingRequested),
        Author = node["author"].Text(basis.Author),
        EffectiveFrom = node["effectiveFrom"].Date() is { } date
            ? LocalDatePattern.Iso.Format(date)
            : basis.EffectiveFrom,
    };

    private static void Need(FileNode node, params string[] names)
    {
        foreach (var missing in names.Select(name => node[name]).Where(each => !each.Exists))
        {
            missing.Report("is missing", "A wording of your own needs its class, text, author and effectiveFrom");
        }
    }
}
