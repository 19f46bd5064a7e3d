using System.Security.Cryptography;

namespace LeadLedger.Tests.Support;

/// <summary>
/// A temporary folder that goes away with the test. Other accounts may pass through it: under root, PostgreSQL may have
/// to run as one of them. Its name has a space, as people's folders do.
/// </summary>
public sealed class ScratchFolder : IDisposable
{
    public ScratchFolder()
    {
        Path = System.IO.Path.Combine(
            System.IO.Path.GetTempPath(), "leadledger tests-" + RandomNumberGenerator.GetHexString(10, lowercase: true));
        Directory.CreateDirectory(Path);
    }

    public string Path { get; }

    public string Below(params ReadOnlySpan<string> names) => System.IO.Path.Combine([Path, .. names]);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
