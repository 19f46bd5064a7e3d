namespace LeadLedger.Businesses;

/// <summary>
/// Keeps the businesses of one service apart: an id, a form's address or a line must lead to exactly one of them.
/// </summary>
internal static class BusinessSeparation
{
    public static void Check(IReadOnlyList<LoadedFile> files)
    {
        var ids = new Dictionary<string, string>(StringComparer.Ordinal);
        var forms = new Dictionary<string, string>(StringComparer.Ordinal);
        var ghl = new Dictionary<Secret, string>();
        var lines = new Dictionary<(string Account, string Number), string>();
        foreach (var (name, business, linePaths, problems) in files)
        {
            if (business is null)
            {
                continue;
            }

            if (business.Id.Length > 0 && !ids.TryAdd(business.Id, name))
            {
                problems.Add(
                    "id", $"\"{business.Id}\" is the id in {ids[business.Id]} too", "Give each business its own");
            }

            for (var i = 0; i < business.Forms.Count; i++)
            {
                var id = business.Forms[i].Id;
                if (id.Length > 0 && !forms.TryAdd(id, name) && forms[id] != name)
                {
                    problems.Add(
                        $"forms[{i}].id",
                        $"\"{id}\" is a form in {forms[id]} too",
                        "Choose another: it is part of the form's address");
                }
            }

            if (business.GhlSecret is { } secret && !ghl.TryAdd(secret, name))
            {
                problems.Add(
                    "ghlSecret",
                    $"{secret} is the GoHighLevel secret in {ghl[secret]} too",
                    "Give each business its own: the secret tells whose webhook it is");
            }

            var account = business.Twilio?.AccountSid ?? "";
            for (var i = 0; i < business.Lines.Count; i++)
            {
                var number = business.Lines[i].Number.E164;
                if (!lines.TryAdd((account, number), name))
                {
                    var where = lines[(account, number)];
                    problems.Add(
                        $"{linePaths[i]}.number",
                        where == name ? $"{number} is a line already" : $"{number} is a line in {where} too",
                        "Keep one of the two: a call must lead to one business");
                }
            }
        }
    }
}
