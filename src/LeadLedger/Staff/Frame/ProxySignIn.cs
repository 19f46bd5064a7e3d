using System.Net;

namespace LeadLedger.Staff.Frame;

/// <summary>
/// Sign-in by a reverse proxy that has already asked who it is: <c>LEADLEDGER_PROXY_USER_HEADER</c> names the header with the login, and
/// <c>LEADLEDGER_PROXY_ADDRESSES</c> the addresses it is believed from. Without both it is off.
/// </summary>
/// <param name="Header">Such as X-Forwarded-User.</param>
/// <param name="Addresses">The proxies' addresses.</param>
public sealed record ProxySignIn(string? Header, IReadOnlyList<IPAddress> Addresses)
{
    public static ProxySignIn Off { get; } = new(null, []);

    /// <summary>The login the proxy vouches for; null when none does.</summary>
    public string? LoginOf(HttpContext http)
    {
        if (Header is null || http.Connection.RemoteIpAddress is not { } peer)
        {
            return null;
        }

        var plain = peer.IsIPv4MappedToIPv6 ? peer.MapToIPv4() : peer;
        return Addresses.Contains(plain) && http.Request.Headers[Header] is [{ Length: > 0 and <= 100 } login] ? login : null;
    }

    /// <exception cref="Hosting.SettingsException">Only one of the two is set, or an address cannot be read.</exception>
    public static ProxySignIn Read(string? header, string? addresses)
    {
        if (string.IsNullOrWhiteSpace(header) && string.IsNullOrWhiteSpace(addresses))
        {
            return Off;
        }

        if (string.IsNullOrWhiteSpace(header) || string.IsNullOrWhiteSpace(addresses))
        {
            throw new Hosting.SettingsException("LEADLEDGER_PROXY_USER_HEADER and LEADLEDGER_PROXY_ADDRESSES belong together: a header is only believed from addresses that are listed.");
        }

        var parsed = addresses.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(text =>
            IPAddress.TryParse(text, out var address)
                ? address
                : throw new Hosting.SettingsException($"LEADLEDGER_PROXY_ADDRESSES must list IP addresses, such as 10.0.0.5,127.0.0.1; '{text}' is none."));
        return new ProxySignIn(header.Trim(), [.. parsed]);
    }
}
