using System.Globalization;

namespace LeadLedger.Benchmarks.Pages;

/// <summary>Search from the top of every page, by parts of numbers and names that many, few and no leads have.</summary>
public static class SearchSpeed
{
    public static async Task RunAsync(PageVisitor visitor, int leads, int searches)
    {
        Console.WriteLine("\nSearch, one connection: whole page in milliseconds");
        Console.WriteLine("| by | searches | p50 | p95 | p99 | slowest | largest page, bytes |\n|---|---|---|---|---|---|---|");
        var all = new List<double>();
        foreach (var (name, text) in new (string, Func<int, string>)[]
        {
            ("3 digits anywhere in a number", n => Digits(n, leads, 3)),
            ("4 digits anywhere", n => Digits(n, leads, 4)),
            ("5 digits anywhere", n => Digits(n, leads, 5)),
            ("7 digits anywhere", n => Digits(n, leads, 7)),
            ("a whole number as people write it", n => Written(FilledLedger.Phone(Lead(n, leads)))),
            ("an area code", n => FilledLedger.Phone(Lead(n, leads))[2..5]),
            ("2 letters", n => PeopleNames.Of(Lead(n, leads))[..2]),
            ("part of a common name", n => PeopleNames.CommonParts[n % PeopleNames.CommonParts.Count]),
            ("part of a rare name", n => PeopleNames.Surname(Lead(n, leads)) is var surname ? surname[Math.Min(1, surname.Length - 4)..] : ""),
            ("a whole name", n => PeopleNames.Of(Lead(n, leads))),
            ("part of a mail address", n => string.Create(CultureInfo.InvariantCulture, $".{Lead(n, leads)}@")),
            ("what nobody has", n => string.Create(CultureInfo.InvariantCulture, $"zzq{n}xw")),
        })
        {
            var visits = new List<PageVisit>();
            for (var n = -3; n < searches; n++)
            {
                var visit = await visitor.PostAsync("/leads/search", "q", text(Math.Abs(n)));
                if (visit.Status != 200)
                {
                    throw new InvalidOperationException($"the search answered {visit.Status}");
                }

                if (n >= 0)
                {
                    visits.Add(visit);
                }
            }

            all.AddRange(visits.Select(visit => visit.Whole));
            Write(name, visits.Select(visit => visit.Whole).ToArray(), visits.Max(visit => visit.Body.Length));
        }

        Write("all of them", [.. all], 0);
    }

    private static void Write(string name, double[] times, int bytes) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
        $"| {name} | {times.Length} | {Quantiles.Of(times, 0.5):F1} | {Quantiles.Of(times, 0.95):F1} | {Quantiles.Of(times, 0.99):F1} | {times.Max():F1} | {(bytes == 0 ? "" : bytes.ToString("N0", CultureInfo.InvariantCulture))} |"));

    // An even number, because those have names; sorted by nothing.
    private static long Lead(int n, int leads) => 20 + (PeopleNames.Mixed(n + 1) % ((leads - 40) / 20) * 20);

    private static string Digits(int n, int leads, int count)
    {
        var phone = FilledLedger.Phone(Lead(n, leads))[2..];
        var start = (int)(PeopleNames.Mixed(n + 5) % (phone.Length - count + 1));
        return phone.Substring(start, count);
    }

    private static string Written(string phone) => $"({phone[2..5]}) {phone[5..8]}-{phone[8..]}";
}
