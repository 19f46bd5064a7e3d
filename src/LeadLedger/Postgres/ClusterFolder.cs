using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace LeadLedger.Postgres;

/// <summary>The files of a private cluster below <c>&lt;data&gt;/postgres</c>, and the few values kept in them.</summary>
internal sealed class ClusterFolder
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode ReadableByServer = OwnerOnly | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    public ClusterFolder(string dataFolder)
    {
        Root = Path.Combine(dataFolder, "postgres");
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(Root);
        }
        else
        {
            Directory.CreateDirectory(Root, OwnerOnly | UnixFileMode.UserExecute);
        }
    }

    public string Root { get; }

    /// <summary>PostgreSQL's own data directory; it appears by one rename and is complete from then on.</summary>
    public string Cluster => Path.Combine(Root, "cluster");

    public string Log => Path.Combine(Root, "server.log");

    /// <summary>Names the service that answers for the server, so that a late watchdog of a dead one does no harm.</summary>
    public string Owner => Path.Combine(Root, "owner");

    public string PostmasterFile => Path.Combine(Cluster, "postmaster.pid");

    private string PasswordFile => Path.Combine(Root, "password");

    private string PortFile => Path.Combine(Root, "port");

    public bool HasCluster => Directory.Exists(Cluster);

    /// <summary>The major version that made the cluster; null when there is none yet.</summary>
    public int? MajorVersion()
    {
        if (!HasCluster)
        {
            return null;
        }

        var file = Path.Combine(Cluster, "PG_VERSION");
        return File.Exists(file)
            && int.TryParse(File.ReadAllText(file).Trim(), CultureInfo.InvariantCulture, out var major)
            ? major
            : throw new PostgresUnavailableException(
                $"The folder {Cluster} is there but is not a PostgreSQL data directory (PG_VERSION is missing). "
                + "Restore it from a backup, or move it away to begin with an empty ledger.");
    }

    /// <summary>The server's password, made on first use. It is written before the cluster that needs it.</summary>
    public string Password()
    {
        if (File.Exists(PasswordFile))
        {
            return File.ReadAllText(PasswordFile).Trim();
        }

        if (HasCluster)
        {
            throw new PostgresUnavailableException(
                $"The file {PasswordFile} is missing, so the database in {Cluster} cannot be opened. "
                + "Restore the file from a backup, or set a new password as docs/postgresql.md describes.");
        }

        var password = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24));
        Replace(PasswordFile, password + "\n", OwnerOnly);
        return password;
    }

    public int? Port() =>
        File.Exists(PortFile)
        && int.TryParse(File.ReadAllText(PortFile).Trim(), CultureInfo.InvariantCulture, out var port)
        && port is > 0 and < 65536
            ? port
            : null;

    public void KeepPort(int port) =>
        Replace(PortFile, port.ToString(CultureInfo.InvariantCulture) + "\n", OwnerOnly);

    /// <summary>Makes this service the one whose watchdog may stop the server; returns the word that proves it.</summary>
    public string TakeOwnership()
    {
        var token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
        Replace(Owner, token + "\n", OwnerOnly);
        return token;
    }

    public void WriteSettings(string settings) =>
        Replace(Path.Combine(Cluster, ServerSettings.FileName), settings, ReadableByServer);

    /// <summary>A file is either the old one or the new one, also after a power cut.</summary>
    public static void Replace(string path, string content, UnixFileMode mode)
    {
        var draft = path + ".new";
        File.Delete(draft);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        using (var file = new FileStream(draft, options))
        {
            file.Write(Encoding.UTF8.GetBytes(content));
            file.Flush(flushToDisk: true);
        }

        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(draft, mode);
        }

        File.Move(draft, path, overwrite: true);
    }
}
