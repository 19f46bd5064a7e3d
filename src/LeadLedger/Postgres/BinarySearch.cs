namespace LeadLedger.Postgres;

/// <summary>Finds PostgreSQL's programs: the operator's, the machine's, fetched before, or fetched now.</summary>
internal static class BinarySearch
{
    /// <param name="places">Where to look.</param>
    /// <param name="requiredMajor">The version that made the data, which no other one can read; null for a new cluster.</param>
    /// <param name="account">Who will run the programs.</param>
    /// <param name="progress">Told when something is fetched.</param>
    /// <param name="ct">Ends the search.</param>
    public static async Task<PostgresBinaries> FindAsync(
        BinaryPlaces places, int? requiredMajor, ServerAccount account, Action<string> progress, CancellationToken ct)
    {
        var passedOver = new List<string>();
        if (places.Configured is { } configured)
        {
            return await JudgeAsync(configured, isConfigured: true)
                ?? throw new PostgresUnavailableException(
                    PostgresHelp.ConfiguredFolderUnusable(configured, passedOver[0]));
        }

        var known = places.SearchPath.Concat(places.Installed)
            .Concat(BinaryPlaces.NewestFirst(places.Cache, "*", BinaryPackage.BinBelowVersion));
        foreach (var folder in known.Distinct())
        {
            if (await JudgeAsync(folder, isConfigured: false) is { } found)
            {
                return found;
            }
        }

        if (places.Npm is { } npm && BinaryPackage.ForThisMachine() is { } package && Suits(BinaryPackage.Major))
        {
            try
            {
                var fetched = await package.FetchAsync(npm, places.Cache, progress, ct);
                if (await JudgeAsync(fetched, isConfigured: false) is { } found)
                {
                    return found;
                }
            }
            catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or InvalidDataException)
            {
                passedOver.Add("fetching with npm failed: " + problem.Message);
            }
        }

        throw new PostgresUnavailableException(PostgresHelp.NoBinaries(requiredMajor, passedOver));

        bool Suits(int major) => requiredMajor is { } wanted ? major == wanted : major >= PostgresBinaries.MinimumMajor;

        async Task<PostgresBinaries?> JudgeAsync(string folder, bool isConfigured)
        {
            if (!PostgresBinaries.AreIn(folder))
            {
                if (isConfigured)
                {
                    passedOver.Add("initdb, pg_ctl and postgres are not all there");
                }

                return null;
            }

            var (found, reason) = await PostgresBinaries.TryAsync(folder, account, ct);
            if (found is not null && Suits(found.Major))
            {
                return found;
            }

            reason = found is null ? reason
                : requiredMajor is { } wanted ? $"is version {found.Version}, the data needs {wanted}"
                : $"is version {found.Version}, at least {PostgresBinaries.MinimumMajor} is needed";
            passedOver.Add(isConfigured ? reason : $"{folder} {reason}");
            return null;
        }
    }
}
