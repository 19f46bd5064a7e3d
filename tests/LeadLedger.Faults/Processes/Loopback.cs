using System.Net;
using System.Net.Sockets;

namespace LeadLedger.Faults.Processes;

/// <summary>Addresses of this machine's loopback, the only place a fault or load test may talk to.</summary>
public static class Loopback
{
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>The address when it is on loopback; anything else is refused.</summary>
    public static Uri Checked(string address)
    {
        var uri = new Uri(address);
        return uri.Host is "127.0.0.1"
            ? uri
            : throw new InvalidOperationException($"{address} is not on loopback; fault and load tests talk to nothing else");
    }
}
