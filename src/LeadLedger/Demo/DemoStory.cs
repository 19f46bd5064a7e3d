using LeadLedger.Leads;
using NodaTime;

namespace LeadLedger.Demo;

/// <summary>
/// The history of the demo: a customer of last spring, an ordinary day, a storm some three hours ago and what came in since. It is a function of the
/// present and the seed alone. A storm is an afternoon's: where three hours ago is night in Dallas, it is that of the afternoon before.
/// </summary>
internal sealed class DemoStory
{
    public const int UsualSeed = 20261120;

    /// <summary>Callbacks that are open at the end.</summary>
    public const int OpenCallbacks = 12;

    private const string HoursSince = "the hours since";

    private static readonly DateTimeZone Dallas = DateTimeZoneProviders.Tzdb["America/Chicago"];
    private static readonly LocalTime EarliestPeak = new(10, 0);
    private static readonly LocalTime LatestPeak = new(18, 30);

    private readonly Dictionary<string, DemoAnswer[]> _answers = new(StringComparer.Ordinal);
    private readonly Random _random;
    private readonly DemoPeople _people;
    private readonly DemoPlan _plan;
    private readonly Instant _now;
    private readonly Instant _peak;

    private DemoStory(Instant now, int seed)
    {
        _now = Instant.FromUnixTimeSeconds(now.ToUnixTimeSeconds());
        _peak = PeakBefore(_now);
        _random = new Random(seed);
        _people = new DemoPeople(_random);
        _plan = new DemoPlan(_people, _random);
    }

    public IReadOnlyList<DemoStep> Steps { get; private set; } = [];

    /// <summary>Where the clock starts.</summary>
    public Instant Start => Steps[0].At - Duration.FromMinutes(1);

    /// <summary>The middle of the storm.</summary>
    public Instant Peak => _peak;

    /// <summary>How the phone provider answers texts to some numbers.</summary>
    public IReadOnlyDictionary<string, DemoAnswer[]> Answers => _answers;

    public static DemoStory Of(Instant now, int seed)
    {
        var story = new DemoStory(now, seed);
        var walter = story._people.Named("Walter Brandt");
        story.LastSpring(walter);
        story.TheDayBefore();
        story.TheNight();
        story.TheStorm();
        var (stopped, held) = story.StormCases(walter);
        story.Since(stopped, held);
        story.Steps = story._plan.Steps;
        return story;
    }

    private static Instant PeakBefore(Instant now)
    {
        var asked = (now - Duration.FromHours(3)).InZone(Dallas);
        return asked.TimeOfDay < EarliestPeak ? At(asked.Date.PlusDays(-1), LatestPeak)
            : asked.TimeOfDay > LatestPeak ? At(asked.Date, LatestPeak)
            : asked.ToInstant();
    }

    private static Instant At(LocalDate date, LocalTime time) => date.At(time).InZoneLeniently(Dallas).ToInstant();

    private void LastSpring(DemoPerson walter)
    {
        _plan.Chapter = "a customer of last spring";
        var at = At((_now - Duration.FromDays(200)).InZone(Dallas).Date, new LocalTime(10, 12));
        _plan.MissedCall(walter, at, voicemail: 21);
        _plan.Note(walter, at + Duration.FromMinutes(8), "dana", "Gutter guards on the west side, two stories.");
        _plan.CallBack(walter, at + Duration.FromMinutes(6), 12, "dana", TaskOutcomes.EstimateScheduled);
    }

    private void TheDayBefore()
    {
        _plan.Chapter = "an ordinary day";
        var from = _now - Duration.FromHours(24);
        var minutes = Enumerable.Range(0, (int)(_peak - Duration.FromMinutes(150) - from).TotalMinutes)
            .Select(minute => from + Duration.FromMinutes(minute))
            .Where(at => at.InZone(Dallas).TimeOfDay is var time && time >= new LocalTime(7, 40) && time < new LocalTime(20, 10))
            .ToArray();
        const int Inquiries = 12;
        for (var i = 0; i < Inquiries; i++)
        {
            var at = minutes[(i * minutes.Length / Inquiries) + _random.Next(minutes.Length / Inquiries)];
            var person = _people.Next();
            _plan.Inquire(person, at, _people.QuietMessage());
            _plan.CallBack(person, at + Duration.FromMinutes(_random.Next(4, 24)), _random.Next(3, 12));
            if (i % 4 == 1)
            {
                _plan.AnsweredCall(_people.Next(), at + Duration.FromMinutes(2), _random.Next(60, 300));
            }
        }
    }

    // The text waits for eight in the morning; by then somebody is there to call.
    private void TheNight()
    {
        var sixHoursAgo = (_now - Duration.FromHours(6)).InZone(Dallas);
        var twoForty = new LocalTime(2, 40);
        var date = sixHoursAgo.TimeOfDay < twoForty ? sixHoursAgo.Date.PlusDays(-1) : sixHoursAgo.Date;
        var person = _people.Next();
        _plan.Chapter = At(date, twoForty) < _peak ? _plan.Chapter : HoursSince;
        _plan.MissedCall(person, At(date, twoForty), voicemail: 14);
        _plan.CallBack(person, At(date, new LocalTime(8, 4)), 9, "dana", TaskOutcomes.Spoke);
    }

    private void TheStorm()
    {
        _plan.Chapter = "the storm";
        for (var i = 0; i < 18; i++)
        {
            // Two dice: most of it happens in the middle.
            var at = _peak + Duration.FromSeconds(_random.Next(-45 * 60, 38 * 60) + _random.Next(-45 * 60, 37 * 60));
            var person = _people.Next();
            _plan.Inquire(person, at, _people.StormMessage());
            _plan.CallBack(person, at + Duration.FromMinutes(_random.Next(8, 38)), _random.Next(4, 15));
        }
    }

    private (DemoPerson Stopped, DemoPerson Held) StormCases(DemoPerson walter)
    {
        Returning(walter);
        Texts();
        SamePeople();
        Oddities();
        var stopped = OptOuts();
        var held = _people.Next();
        _plan.MissedCall(held, After(-30));
        _plan.CallBack(held, After(-14), 6, "priya", TaskOutcomes.Voicemail);
        return (stopped, held);
    }

    private void Returning(DemoPerson walter)
    {
        _plan.MissedCall(walter, After(-50), voicemail: 17);
        _plan.Note(walter, After(-29), "luis", "Knows us from the gutters. Roof was fine then.");
        _plan.CallBack(walter, After(-31), 7, "luis", TaskOutcomes.EstimateScheduled);

        var twice = _people.Next();
        _plan.MissedCall(twice, After(-60));
        _plan.Form(twice, After(-20), "I called an hour ago. " + _people.StormMessage());
        _plan.CallBack(twice, After(14), 8, "dana", TaskOutcomes.EstimateScheduled);
    }

    private void Texts()
    {
        // Nobody learns what became of this one: after a quarter of an hour a person is told.
        var unknown = _people.Next();
        _answers[unknown.Phone] = [DemoAnswer.NothingKnown];
        _plan.MissedCall(unknown, After(-40));

        // This one is found in the provider's list.
        var listed = _people.Next();
        _answers[listed.Phone] = [DemoAnswer.AnswerLost];
        _plan.MissedCall(listed, After(2));
        _plan.CallBack(listed, After(24), 6);

        // Given up after four attempts: it waits among the dead letters.
        var givenUp = _people.Next();
        _answers[givenUp.Phone] = [DemoAnswer.SlowDown, DemoAnswer.SlowDown, DemoAnswer.SlowDown, DemoAnswer.SlowDown];
        _plan.MissedCall(givenUp, After(-25));

        var landline = _people.Next();
        _answers[landline.Phone] = [DemoAnswer.Landline];
        _plan.StormDeskCall(landline, After(-5), voicemail: 26);
        _plan.Claim(landline, After(21), "luis");
    }

    private void SamePeople()
    {
        // One number of an office, two people.
        var renee = _people.Named("Renee Castillo");
        var tom = _people.Named("Tom Becker") with { Phone = renee.Phone };
        _plan.Form(renee, After(-2), "Leaks at unit 4 of the Oakline offices. " + _people.StormMessage(), email: "renee@oakline.example");
        _plan.CallBack(renee, After(16), 9, "dana", TaskOutcomes.EstimateScheduled);
        _plan.Form(tom, After(12), "Oakline offices, unit 9: " + _people.StormMessage(), email: "tom@oakline.example");

        // Two people, or one who mistyped: the service only asks.
        var katherine = _people.Named("Katherine Bellamy");
        var katharine = _people.Named("Katharine Bellamy");
        _plan.Form(katherine, After(-15), _people.StormMessage());
        _plan.CallBack(katherine, After(6), 10, "priya", TaskOutcomes.Spoke);
        _plan.Form(katharine, After(35), _people.StormMessage());

        // And one who really used two phones: Priya merges her leads.
        var vega = _people.Named("Marisol Vega");
        var mother = _people.Named("Consuelo Vega");
        _plan.MissedCall(mother, After(-70), voicemail: 12);
        _plan.Form(vega, After(-35), "I called from my mother's phone before. " + _people.StormMessage());
        _plan.Add(After(-10), "priya merges the two leads of Marisol Vega", async stage => await stage.Staff.MergeAsync(
            "priya", await stage.LeadOfAsync(vega), await stage.LeadOfAsync(mother), "She called from her mother's phone."));
        _plan.CallBack(vega, After(-8), 9, "priya", TaskOutcomes.EstimateScheduled);
    }

    private void Oddities()
    {
        _plan.MissedCall(new DemoPerson("Number withheld", "anonymous", null), After(-10), voicemail: 33);

        var urgent = _people.Next();
        _plan.Form(urgent, After(20), "Hail, and now there is water through the ceiling in the nursery!");
        _plan.Claim(urgent, After(24), "dana");
        _plan.Note(urgent, After(27), "dana", "Bucket is under it. Luis brings the tarp, 25 minutes out.");

        var hungUp = _people.Next();
        _plan.HungUp(hungUp, After(5), 5);
        _plan.CallBack(hungUp, After(31), 3, "priya", TaskOutcomes.WrongNumber);

        var noConsent = _people.Next();
        _plan.Form(noConsent, After(-44), _people.StormMessage(), consent: false);
        _plan.CallBack(noConsent, After(-21), 8);

        var mailOnly = _people.Next();
        _plan.Form(mailOnly, After(28), _people.StormMessage(), phone: false);
        _plan.CallBack(mailOnly, After(49), 6, "priya", TaskOutcomes.Spoke);

        var texts = _people.Next();
        _plan.Text(texts, After(15), "Do you also fix skylights? Ours is cracked from the hail");
        _plan.CallBack(texts, After(38), 7);

        // Cut off on its way: kept as it came, for a person to look at.
        _plan.Add(After(-8), "a form post arrives cut off", stage => stage.Webhooks.FormAsync("{\"id\":\"cut-off\",\"name\":\"Ferdin"));
    }

    private DemoPerson OptOuts()
    {
        var stops = _people.Next();
        _plan.MissedCall(stops, After(-65));
        _plan.Text(stops, After(-57), "STOP");
        _plan.CallBack(stops, After(-40), 5, "dana", TaskOutcomes.Spoke);

        var stopsAndCalls = _people.Next();
        _plan.MissedCall(stopsAndCalls, After(-22));
        _plan.Text(stopsAndCalls, After(-13), "Stop");
        _plan.CallBack(stopsAndCalls, After(4), 6, "luis", TaskOutcomes.Voicemail);
        return stopsAndCalls;
    }

    private void Since(DemoPerson stopped, DemoPerson held)
    {
        _plan.Chapter = HoursSince;
        foreach (var part in (double[])[0.05, 0.12, 0.2, 0.3])
        {
            var person = _people.Next();
            _plan.Inquire(person, Since(part), _people.StormMessage());
            _plan.CallBack(person, Since(part) + Duration.FromMinutes(9), 4);
        }

        _plan.Form(_people.Next(), Since(0.45), _people.StormMessage(), postedTwice: true);
        _plan.MissedCall(stopped, Since(0.58));
        _plan.Text(held, Since(0.7), "Please stop, my brother in law has a ladder and does it himself");
        _plan.StormDeskCall(_people.Next(), Since(0.85), voicemail: 24);
        _plan.Form(_people.Next(), Since(0.97), _people.StormMessage());
    }

    private Instant After(int minutes) => _peak + Duration.FromMinutes(minutes);

    // From the end of the storm to the present.
    private Instant Since(double part)
    {
        var end = After(80);
        return Instant.FromUnixTimeSeconds((end + ((_now - end) * part)).ToUnixTimeSeconds());
    }
}
