using System.Buffers;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Byok.Material;

/// <summary>
/// Memory outside the garbage collector's reach, alone on its page: never moved or copied by a collection, left out of
/// core dumps and out of children (madvise), and kept from swap (mlock, as far as RLIMIT_MEMLOCK allows: a refusal is
/// no reason to fail). Zeroed before it is given back. Away from Linux and macOS only the zeroing is promised.
/// Forgotten, it is leaked with its content: a finalizer could pull it from under a span that is still read.
/// A <see cref="Memory{T}"/> over it throws after dispose, so that a late reader can't take zeros for a key.
/// </summary>
internal sealed unsafe partial class SecretPage : MemoryManager<byte>
{
    /// <summary>One page: twice the largest block of RSA that is opened, with room to spare.
    /// More has no business here.</summary>
    public const int Capacity = 4096;

    private const int DontFork = 10;
    private const int DoFork = 11;
    private const int DontDump = 16;
    private const int DoDump = 17;

    private readonly int length;
    private readonly nuint pageBytes;
    private readonly bool isLocked;
    private readonly Lock gate = new();
    private byte* start;
    private int pins;
    private bool isDisposed;

    public SecretPage(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, Capacity);
        this.length = length;
        pageBytes = HasLibc ? (nuint)Math.Max(PageSize(), Capacity) : Capacity;
        start = (byte*)NativeMemory.AlignedAlloc(pageBytes, pageBytes);
        NativeMemory.Clear(start, pageBytes);
        if (OperatingSystem.IsLinux())
        {
            _ = Advise(start, pageBytes, DontDump);
            _ = Advise(start, pageBytes, DontFork);
        }

        isLocked = HasLibc && LockInMemory(start, pageBytes) == 0;
    }

    private static bool HasLibc => OperatingSystem.IsLinux() || OperatingSystem.IsMacOS();

    public override Span<byte> GetSpan()
    {
        ObjectDisposedException.ThrowIf(isDisposed, this);
        return new Span<byte>(start, length);
    }

    public override MemoryHandle Pin(int elementIndex = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(elementIndex);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(elementIndex, length);
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(isDisposed, this);
            pins++;
            return new MemoryHandle(start + elementIndex, pinnable: this);
        }
    }

    public override void Unpin()
    {
        lock (gate)
        {
            pins--;
            if (isDisposed && pins == 0)
            {
                Free();
            }
        }
    }

    /// <summary>Zeroes at once; the page is given back when the last pin is gone.</summary>
    protected override void Dispose(bool disposing)
    {
        lock (gate)
        {
            if (isDisposed)
            {
                return;
            }

            isDisposed = true;
            CryptographicOperations.ZeroMemory(new Span<byte>(start, length));
            if (pins == 0)
            {
                Free();
            }
        }
    }

    private void Free()
    {
        if (start == null)
        {
            return;
        }

        CryptographicOperations.ZeroMemory(new Span<byte>(start, length));
        if (isLocked)
        {
            _ = UnlockFromMemory(start, pageBytes);
        }

        if (OperatingSystem.IsLinux())
        {
            _ = Advise(start, pageBytes, DoFork);
            _ = Advise(start, pageBytes, DoDump);
        }

        NativeMemory.AlignedFree(start);
        start = null;
    }

    [LibraryImport("libc", EntryPoint = "getpagesize")]
    private static partial int PageSize();

    [LibraryImport("libc", EntryPoint = "mlock")]
    private static partial int LockInMemory(byte* address, nuint bytes);

    [LibraryImport("libc", EntryPoint = "munlock")]
    private static partial int UnlockFromMemory(byte* address, nuint bytes);

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(byte* address, nuint bytes, int advice);
}
