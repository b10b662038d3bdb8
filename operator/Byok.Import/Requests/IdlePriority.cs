using System.Runtime.InteropServices;

namespace Byok.Import.Requests;

/// <summary>
/// Lets a thread run only where no other wants the processor. .NET's own thread priorities do nothing on Linux. There
/// is no way back, so the thread has to be one's own; threads that it makes are like it; and it should be in native
/// code mostly, for the garbage collector waits for threads that are not.
/// </summary>
internal static partial class IdlePriority
{
    private const int IdlePolicy = 5; // SCHED_IDLE
    private const int Least = 19;

    /// <summary>Of the calling thread. Where it can't be had the thread goes on as it was.</summary>
    public static void Enter()
    {
        if (OperatingSystem.IsLinux() && SetScheduler(0, IdlePolicy, new Parameters()) != 0)
        {
            _ = SetPriority(0, 0, Least); // musl has no scheduler calls; this one means the thread there too
        }
    }

    [LibraryImport("libc", EntryPoint = "sched_setscheduler")]
    private static partial int SetScheduler(int thread, int policy, in Parameters parameters);

    [LibraryImport("libc", EntryPoint = "setpriority")]
    private static partial int SetPriority(int which, uint who, int priority);

    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct Parameters(int Priority);
}
