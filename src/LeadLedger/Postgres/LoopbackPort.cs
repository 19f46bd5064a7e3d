using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace LeadLedger.Postgres;

/// <summary>Finds a TCP port of this machine that nobody listens on.</summary>
internal static class LoopbackPort
{
    // Below the range systems hand out for outgoing connections, so that a port once chosen tends to stay free.
    private const int Lowest = 20_000;
    private const int Highest = 29_999;

    public static int Choose()
    {
        for (var attempt = 0; attempt < 100; attempt++)
        {
            var port = RandomNumberGenerator.GetInt32(Lowest, Highest + 1);
            if (IsFree(port))
            {
                return port;
            }
        }

        throw new PostgresUnavailableException(
            $"No free port was found for PostgreSQL between {Lowest} and {Highest} on 127.0.0.1.");
    }

    public static bool IsFree(int port)
    {
        using var listener = new TcpListener(IPAddress.Loopback, port);
        try
        {
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
