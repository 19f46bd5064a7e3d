using System.Runtime.CompilerServices;

namespace LeadLedger.Tests.Support;

/// <summary>
/// Properties and process tests block threads while they wait, many at once. The pool grows by one thread every half second, which on two cores
/// would leave the service under test without a thread for seconds.
/// </summary>
internal static class ThreadPoolSetup
{
    [ModuleInitializer]
    internal static void Run() => ThreadPool.SetMinThreads(64, 64);
}
