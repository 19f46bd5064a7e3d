using System.Globalization;

namespace LeadLedger.PhoneNumbers.Plans;

/// <summary>
/// All numbering plans of the embedded file. The file is read once; a plan is compiled when a number first needs it,
/// so a service that sees three countries pays for three.
/// </summary>
internal static class NumberingPlans
{
    private const int LongestCallingCode = 3;

    /// <summary>Room for twice the regions there are.</summary>
    private const int MostPlans = 512;
    private static readonly Book All = Book.Read();

    /// <summary>The first lines of the file: whose data it is, its version and its licence.</summary>
    public static IReadOnlyList<string> Provenance => All.Provenance;

    public static IEnumerable<string> Regions => All.Ids.Where(id => char.IsAsciiLetter(id[0]));

    public static IEnumerable<int> CallingCodes =>
        Enumerable.Range(1, All.PlansByCallingCode.Length - 1).Where(code => All.PlansByCallingCode[code] is not null);

    /// <summary>Plan of a region code in either case; null for an unknown one.</summary>
    public static NumberingPlan? ForRegion(string? region) =>
        All.Find(region) is var at and >= 0 ? All.Plan(at) : null;

    /// <summary>The plan that stands for a calling code: its main region's, or its own where no region has it.</summary>
    public static NumberingPlan? Main(int callingCode) =>
        All.PlansByCallingCode[callingCode] is { } plans ? All.Plan(plans[0]) : null;

    /// <summary>The plan of a calling code that belongs to no region; null for any other code.</summary>
    public static NumberingPlan? ForCallingCodeAlone(int callingCode) =>
        Main(callingCode) is { IsRegion: false } plan ? plan : null;

    /// <summary>The calling code the digits begin with, and how many digits it has; 0 for none.</summary>
    public static int CallingCodeOf(ReadOnlySpan<char> digits, out int length)
    {
        var code = 0;
        length = 0;
        if (!digits.IsEmpty && digits[0] != '0')
        {
            // Calling codes are prefix-free: the first that is found is the only one.
            while (length < LongestCallingCode && length < digits.Length)
            {
                code = (code * 10) + (digits[length++] - '0');
                if (All.PlansByCallingCode[code] is not null)
                {
                    return code;
                }
            }
        }

        length = 0;
        return 0;
    }

    /// <summary>
    /// The plan a number belongs to among those that share its calling code; null when it fits none of them.
    /// </summary>
    public static NumberingPlan? Of(int callingCode, ReadOnlySpan<char> number)
    {
        var sharing = All.PlansByCallingCode[callingCode];
        if (sharing is null)
        {
            return null;
        }

        if (sharing.Length == 1)
        {
            return All.Plan(sharing[0]);
        }

        foreach (var at in sharing)
        {
            var plan = All.Plan(at);
            var belongs = plan.LeadingDigits is { } leading
                ? leading.IsMatch(number)
                : plan.TypeOf(number) != NumberType.Unknown;
            if (belongs)
            {
                return plan;
            }
        }

        return null;
    }

    private sealed class Book
    {
        private readonly string text;
        private readonly int[] begins;
        private readonly NumberingPlan?[] plans;
        private readonly Dictionary<string, int> index = new(StringComparer.OrdinalIgnoreCase);

        private Book(string text)
        {
            this.text = text;
            var heads = new List<string>();
            var codes = new List<string>();
            begins = new int[MostPlans + 1];
            for (var at = 0; at < text.Length;)
            {
                var end = text.IndexOf('\n', at);
                switch (text[at])
                {
                    case '#':
                        heads.Add(text[(at + 2)..end]);
                        break;
                    case 'C':
                        codes.Add(text[at..end]);
                        break;
                    case 'R':
                        begins[Ids.Count] = at;
                        var id = text[(at + 2)..text.IndexOf('\t', at + 2)];
                        index.Add(id, Ids.Count);
                        Ids.Add(id);
                        break;
                }

                at = end + 1;
            }

            begins[Ids.Count] = text.Length;
            Provenance = heads;
            plans = new NumberingPlan?[Ids.Count];
            foreach (var code in codes)
            {
                var columns = code.Split('\t');
                var regions = columns[2].Split(',');
                var sharing = new int[regions.Length];
                for (var region = 0; region < regions.Length; region++)
                {
                    sharing[region] = index[regions[region] == "001" ? columns[1] : regions[region]];
                }

                PlansByCallingCode[int.Parse(columns[1], NumberStyles.None, CultureInfo.InvariantCulture)] = sharing;
            }
        }

        public IReadOnlyList<string> Provenance { get; }

        public List<string> Ids { get; } = [];

        /// <summary>Main region first.</summary>
        public int[]?[] PlansByCallingCode { get; } = new int[1000][];

        public static Book Read()
        {
            using var stream = typeof(NumberingPlans).Assembly.GetManifestResourceStream("numbering-plans.txt")!;
            using var reader = new StreamReader(stream);
            return new(reader.ReadToEnd());
        }

        public int Find(string? id) => id is not null && index.TryGetValue(id, out var at) ? at : -1;

        // Two threads may compile the same plan at once; both results are equal and one of them stays.
        public NumberingPlan Plan(int at) => plans[at] ??= new(text[begins[at]..begins[at + 1]]);
    }
}
