using LeadLedger.Businesses;
using LeadLedger.Hosting;
using LeadLedger.Postgres;

namespace LeadLedger.Demo;

/// <summary>
/// The demo's own data folder. A mark in it says that it is one: without the mark a folder that holds anything is somebody's own, and is neither
/// used nor removed.
/// </summary>
internal sealed class DemoFolder
{
    public const string Default = "data/demo";
    public const string MarkName = "demo-ledger";

    private const string Begun = "The history of this demo is being made.";
    private const string Finished = "This folder belongs to leadledger demo; leadledger demo --fresh makes it anew.";
    private const string BusinessName = "demo.business.json";

    private DemoFolder(string path)
    {
        Path = path;
    }

    public string Path { get; }

    /// <summary>The business file; its form's secret stands beside it.</summary>
    public string BusinessFile => System.IO.Path.Combine(Path, BusinessName);

    /// <summary>Whether the whole history is in it.</summary>
    public bool IsComplete => File.Exists(Mark) && File.ReadAllText(Mark).Trim() == Finished;

    /// <summary>The secrets that sign the demo's webhooks, made where they are missing.</summary>
    public TrialSecrets Secrets() => TrialSecrets.InFolder(Path);

    /// <summary>The demo's admin key, kept so that every start can show it.</summary>
    public string AdminKey() => "ll_" + TrialSecrets.Of(Secrets().Folder, "admin-key");

    private string Mark => System.IO.Path.Combine(Path, MarkName);

    /// <summary>Opens the folder, empty or with a complete history. One that was left half made, or is asked for afresh, is emptied first.</summary>
    /// <exception cref="SettingsException">It is not the demo's, or another process uses it.</exception>
    public static DemoFolder Open(string path, bool fresh)
    {
        var folder = new DemoFolder(System.IO.Path.GetFullPath(path));
        if (Directory.Exists(folder.Path) && Directory.EnumerateFileSystemEntries(folder.Path).Any())
        {
            if (!File.Exists(folder.Mark))
            {
                throw new SettingsException(
                    $"{folder.Path} holds files that are not of a demo, so the demo does not touch it. Unset LEADLEDGER_DATA, or name another folder with --data.");
            }

            if (DataFolderLock.IsHeld(folder.Path))
            {
                throw new SettingsException($"A demo already runs on {folder.Path}: stop it first, or name another folder with --data.");
            }

            if (fresh || !folder.IsComplete)
            {
                Directory.Delete(folder.Path, recursive: true);
            }
        }

        Directory.CreateDirectory(folder.Path);
        if (!folder.IsComplete)
        {
            File.WriteAllText(folder.Mark, Begun);
        }

        File.WriteAllText(folder.BusinessFile, EmbeddedText.Of(BusinessName));
        return folder;
    }

    public void MarkComplete() => File.WriteAllText(Mark, Finished);
}
