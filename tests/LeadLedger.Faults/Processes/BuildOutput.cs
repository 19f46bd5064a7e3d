namespace LeadLedger.Faults.Processes;

/// <summary>Where the build put the programs that this one starts.</summary>
public static class BuildOutput
{
    /// <summary>The first of the builds that is there; null when none is.</summary>
    /// <param name="project">Name of the project, and of its program.</param>
    /// <param name="builds">Configurations, lower case, the best first.</param>
    public static string? Find(string project, params IReadOnlyList<string> builds)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "LeadLedger.sln")))
        {
            folder = folder.Parent;
        }

        var root = folder?.FullName ?? Directory.GetCurrentDirectory();
        return builds.Select(build => Path.Combine(root, "artifacts", "bin", project, build, $"{project}.dll")).FirstOrDefault(File.Exists);
    }
}
