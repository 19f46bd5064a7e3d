using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using LeadLedger.Faults.Processes;
using LeadLedger.Faults.Runs;
using LeadLedger.Faults.Twin;
using Npgsql;

namespace LeadLedger.Faults.Loops;

/// <summary>
/// What the loops run on: a PostgreSQL of their own, the proxy in front of it, the stand-in for providers, and processes of the service by name. The
/// server is not killed here, so it runs without fsync; what a kill of the server shows is the chaos run's matter.
/// </summary>
public sealed class LoopRig : IAsyncDisposable
{
    private readonly Scratch _scratch;

    // Processes are restarted while others look at the list.
    private readonly ConcurrentDictionary<string, ServiceProcess> _services = new(StringComparer.Ordinal);
    private TwinPlan _plan = Healthy;
    private int _people = -1;
    private long _read;
    private int _kept;

    private LoopRig(Scratch scratch, PrivateServer server, TruthTwin twin)
    {
        _scratch = scratch;
        Server = server;
        Twin = twin;
        Proxy = new CutProxy(new IPEndPoint(IPAddress.Loopback, server.Port));
        Database = NpgsqlDataSource.Create(server.ConnectionString + ";Maximum Pool Size=8");
        Footprints = new Footprints(Database, TestBusiness.Id);
    }

    public PrivateServer Server { get; }

    public TruthTwin Twin { get; }

    public CutProxy Proxy { get; }

    /// <summary>The checker's own way to the tables, beside the proxy.</summary>
    public NpgsqlDataSource Database { get; }

    public Footprints Footprints { get; }

    public Provider Provider { get; } = new();

    /// <summary>A provider that takes everything and reports at once.</summary>
    public static TwinPlan Healthy { get; } = new() { CallbackMs = 10 };

    public static async Task<LoopRig> StartAsync()
    {
        var scratch = new Scratch();
        try
        {
            var server = await PrivateServer.CreateAsync(scratch.Below("postgres"), scratch.Watchdog, "fsync = off\nfull_page_writes = off");
            var twin = await TruthTwin.StartAsync(scratch);
            TestBusiness.Write(scratch.Below("config"), twin.Url);
            return new LoopRig(scratch, server, twin);
        }
        catch
        {
            scratch.Dispose();
            throw;
        }
    }

    /// <summary>Somebody who has not called yet.</summary>
    public Person NextPerson() => new(Interlocked.Increment(ref _people) is var next && next < Person.Most
        ? next
        : throw new InvalidOperationException("the run has used up its people"));

    /// <summary>Addresses of the processes that run, in the order in which they were started; webhooks go to the first that takes them.</summary>
    public IReadOnlyList<string> Urls { get; private set; } = [];

    /// <summary>The process of that name.</summary>
    public ServiceProcess this[string name] => _services[name];

    /// <summary>The process of that name, or null.</summary>
    public ServiceProcess? Find(string name) => _services.GetValueOrDefault(name);

    /// <summary>Looks once whether everything about these people has come to an end, and brings forward what was put off.</summary>
    public async Task<(bool IsSettled, Footprint Found)> LookAsync(IReadOnlyList<Person> people, bool hurry = true)
    {
        var found = await Footprints.OfAsync(people);
        if (found is { Unfinished: 0, PutOff: > 0 } && hurry)
        {
            await Footprints.HurryAsync(people);
        }
        else if (found.Unfinished == 0 && !KeepsWebhooks() && await Twin.PendingCallbacksAsync() == 0)
        {
            // What the spool gave back between the two looks may be due again.
            found = await Footprints.OfAsync(people);
            return (found.Unfinished == 0, found);
        }

        return (false, found);
    }

    /// <summary>
    /// Waits until nothing is due or under way for these people, and no callback is on its way. What was put off for moments is not waited for: its
    /// time is brought forward.
    /// </summary>
    /// <exception cref="LoopViolationException">Something is stuck.</exception>
    public async Task<Footprint> SettledAsync(IReadOnlyList<Person> people, TimeSpan? limit = null, bool hurry = true)
    {
        Footprint found = null!;
        try
        {
            await Patient.UntilAsync(
                async () =>
                {
                    bool isSettled;
                    (isSettled, found) = await LookAsync(people, hurry);
                    return isSettled;
                },
                "stuck", limit);
        }
        catch (LoopViolationException violation)
        {
            throw new LoopViolationException($"{violation.Message}: {found}");
        }

        return found;
    }

    /// <summary>Whether a webhook that was taken still lies in a spool instead of in the ledger.</summary>
    public bool KeepsWebhooks()
    {
        foreach (var name in _services.Keys)
        {
            var spool = new DirectoryInfo(Path.Combine(_scratch.Below("service-" + name), "spool"));
            try
            {
                if (spool.Exists && spool.EnumerateFiles("*.spool", SearchOption.AllDirectories).Any(static file => file.Length > 0))
                {
                    return true;
                }
            }
            catch (IOException)
            {
                // A segment went away between listing and asking: look again.
                return true;
            }
        }

        return false;
    }

    /// <summary>Waits until every webhook that was taken is in the ledger and nothing is held because of the spool: only then is anything lost.</summary>
    public async Task TakenInAsync(TimeSpan? limit = null)
    {
        await using var holds = Database.CreateCommand("select count(*) from sending_hold where set_by = 'spool'");
        await Patient.UntilAsync(async () => !KeepsWebhooks() && (long)(await holds.ExecuteScalarAsync())! == 0, "webhooks are still kept", limit);
    }

    /// <summary>How many webhooks the processes of this run have put into a spool so far.</summary>
    public int Kept()
    {
        if (!File.Exists(PassedPoints))
        {
            return 0;
        }

        using var reader = new StreamReader(new FileStream(PassedPoints, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        reader.BaseStream.Position = _read;
        var text = reader.ReadToEnd();
        _read += text.Length;
        return _kept += text.Split('\n').Count(static line => line == "spool.before_write");
    }

    /// <summary>Starts a process of the service; one of that name that still runs is killed first, and its port is kept.</summary>
    public async Task<ServiceProcess> StartServiceAsync(string name, ServiceRole role, bool wait = true)
    {
        var port = _services.TryGetValue(name, out var earlier) ? earlier.Options.Port : Loopback.FreePort();
        if (earlier is not null)
        {
            // It stays in the list meanwhile: what lies in its spool is not taken in yet.
            await earlier.DisposeAsync();
        }

        // Waits of seconds, so that a run has room for thousands of them.
        var all = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["LEADLEDGER_DISPATCH"] = role.Dispatches ? "on" : "off",
            ["LEADLEDGER_CALL_SECONDS"] = role.CallSeconds.ToString(CultureInfo.InvariantCulture),
            ["LEADLEDGER_LEASE_SECONDS"] = role.LeaseSeconds.ToString(CultureInfo.InvariantCulture),
            ["LEADLEDGER_BREAKER_FAILURES"] = role.BreakerFailures.ToString(CultureInfo.InvariantCulture),
            ["LEADLEDGER_AWAY_SECONDS"] = "0.1",
            ["LEADLEDGER_SETTLE_SCALE"] = role.SettleScale.ToString(CultureInfo.InvariantCulture),
            ["LEADLEDGER_SWEEP_POLL_SECONDS"] = "0.2",
            ["LEADLEDGER_FAILPOINT"] = ArmedPoint,
            ["LEADLEDGER_RECOVERY_SECONDS"] = role.RecoverySeconds.ToString(CultureInfo.InvariantCulture),
        };
        if (role.CountsKept)
        {
            all["LEADLEDGER_FAILPOINT_LOG"] = PassedPoints;
        }

        var options = new ServiceOptions
        {
            Program = ServiceOptions.FindProgram(),
            ConnectionString = role.ThroughProxy ? PrivateServer.ConnectionStringThrough(Proxy.Port) : Server.ConnectionString,
            Config = _scratch.Below("config"),
            Data = _scratch.Below("service-" + name),
            Port = port,
            TwinUrl = Twin.Url,
            SmtpUrl = Twin.SmtpUrl,
            Environment = all,
        };
        var service = wait ? await ServiceProcess.StartAsync(options, _scratch.Watchdog) : ServiceProcess.Launch(options, _scratch.Watchdog);
        _services[name] = service;
        await AnnounceAsync();
        return service;
    }

    /// <summary>
    /// Kills the process of that name, if there is one, for good. Its report of itself goes too: nobody starts it again, and texts would wait a
    /// minute for what it may have kept.
    /// </summary>
    public async Task StopServiceAsync(string name)
    {
        if (_services.TryRemove(name, out var service))
        {
            await service.DisposeAsync();
            await AnnounceAsync();
            await using var forget = Database.CreateCommand("delete from node");
            await forget.ExecuteNonQueryAsync();
        }
    }

    /// <summary>From now on whichever process passes the fail point first is killed, stopped or made to throw there, once.</summary>
    public void Arm(string point, string action)
    {
        File.WriteAllText(ArmedPoint + ".new", $"{point}={action}");
        File.Move(ArmedPoint + ".new", ArmedPoint, overwrite: true);
    }

    /// <summary>Ends that; answers whether it has happened.</summary>
    public bool Disarm()
    {
        var happened = !File.Exists(ArmedPoint);
        File.Delete(ArmedPoint);
        return happened;
    }

    /// <summary>How the provider behaves from now on; its callbacks come at once and to whichever process runs.</summary>
    public Task PlanAsync(TwinPlan plan)
    {
        _plan = plan;
        return AnnounceAsync();
    }

    private Task AnnounceAsync()
    {
        // While the only process is restarted its address stays: ports are kept, and providers try again.
        if (!_services.IsEmpty)
        {
            Urls = [.. _services.Values.Select(service => service.Url)];
        }

        return Urls.Count == 0 ? Task.CompletedTask : Twin.PlanAsync(_plan with { Services = Urls });
    }

    private string ArmedPoint => _scratch.Below("fail-point");

    private string PassedPoints => _scratch.Below("passed-points.log");

    public async ValueTask DisposeAsync()
    {
        foreach (var service in _services.Values)
        {
            await service.DisposeAsync();
        }

        Provider.Dispose();
        await Database.DisposeAsync();
        await Proxy.DisposeAsync();
        await Twin.DisposeAsync();
        await Server.DisposeAsync();
        _scratch.Dispose();
    }
}
