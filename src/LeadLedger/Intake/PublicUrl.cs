namespace LeadLedger.Intake;

/// <summary>
/// The service's address as the outside world calls it. Signatures and callbacks are built on the configured address,
/// never on Host or X-Forwarded headers, which a proxy may change and a caller may forge.
/// </summary>
public static class PublicUrl
{
    /// <summary>The absolute address of a path, or of a request's raw target with its query exactly as sent.</summary>
    /// <param name="publicBase">Scheme, host and port if any; a path prefix is kept.</param>
    /// <param name="rawTarget">Path and query as on the request line, starting with a slash.</param>
    public static string Of(string publicBase, string rawTarget)
    {
        var root = publicBase.EndsWith('/') ? publicBase[..^1] : publicBase;
        return rawTarget.StartsWith('/') ? root + rawTarget : $"{root}/{rawTarget}";
    }
}
