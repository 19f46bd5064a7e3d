using System.ComponentModel;
using System.Globalization;

namespace LeadLedger.Faults.Processes;

/// <summary>
/// Lets one process see another time than the machine's, which is never touched: a preloaded library adds an offset, read from a file, to
/// every reading of the wall clock. Clocks that only count are left alone.
/// </summary>
public sealed class ClockShim(string folder)
{
    private const string Source = """
        #define _GNU_SOURCE
        #include <fcntl.h>
        #include <stdlib.h>
        #include <sys/mman.h>
        #include <sys/syscall.h>
        #include <sys/time.h>
        #include <time.h>
        #include <unistd.h>
        static volatile long long *offset;
        __attribute__((constructor)) static void begin(void) {
            const char *path = getenv("FAULTS_CLOCK");
            int file = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
            if (file < 0) return;
            void *page = mmap(0, 8, PROT_READ, MAP_SHARED, file, 0);
            close(file);
            if (page != MAP_FAILED) offset = page;
        }
        int clock_gettime(clockid_t which, struct timespec *now) {
            int result = (int)syscall(SYS_clock_gettime, which, now);
            if (!result && offset && (which == CLOCK_REALTIME || which == CLOCK_REALTIME_COARSE)) now->tv_sec += *offset;
            return result;
        }
        int gettimeofday(struct timeval *restrict now, void *restrict zone) {
            struct timespec at;
            (void)zone;
            clock_gettime(CLOCK_REALTIME, &at);
            now->tv_sec = at.tv_sec;
            now->tv_usec = at.tv_nsec / 1000;
            return 0;
        }
        time_t time(time_t *out) {
            struct timespec at;
            clock_gettime(CLOCK_REALTIME, &at);
            if (out) *out = at.tv_sec;
            return at.tv_sec;
        }
        """;

    private readonly string _library = Path.Combine(folder, "clock.so");

    /// <summary>Compiles it into the folder.</summary>
    /// <returns>Why it cannot be; null when it is there.</returns>
    public async Task<string?> CompileAsync()
    {
        if (!OperatingSystem.IsLinux())
        {
            return "clocks are preloaded on Linux only";
        }

        var source = Path.Combine(folder, "clock.c");
        await File.WriteAllTextAsync(source, Source);
        try
        {
            var (code, lines) = await CapturedOutput.RunAsync(["cc", "-shared", "-fPIC", "-O2", "-o", _library, source]);
            return code == 0 ? null : $"cc refused: {string.Join(' ', lines)}";
        }
        catch (Win32Exception missing)
        {
            return $"no C compiler (cc): {missing.Message}";
        }
    }

    /// <summary>What a process needs in its environment to see the clock of that name.</summary>
    public IReadOnlyDictionary<string, string> Environment(string name)
    {
        Set(name, TimeSpan.Zero);
        return new Dictionary<string, string> { ["LD_PRELOAD"] = _library, ["FAULTS_CLOCK"] = FileOf(name) };
    }

    /// <summary>From this moment on the clock differs by that much, in whole seconds.</summary>
    public void Set(string name, TimeSpan offset)
    {
        // Written in place: the processes have the file mapped.
        using var file = new FileStream(FileOf(name), FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        file.Write(BitConverter.GetBytes((long)offset.TotalSeconds));
    }

    private string FileOf(string name) => Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"clock-{name}.offset"));
}
