using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace ImportProbe;

/// <summary>
/// A few RSA pairs, made once for a process and handed out in turn: what most tests ask of a pair is not how it came
/// about. They are made by threads of usual priority, whoever asks:
/// one that only runs on an idle machine would keep all the others waiting.
/// </summary>
public static class MadePairs
{
    /// <summary>More than any test has in hand at a time.</summary>
    private const int Several = 8;

    private static readonly ConcurrentDictionary<(int Bits, int Number), Task<RSAParameters>> made = new();
    private static readonly BlockingCollection<Task<RSAParameters>> orders = [];

    static MadePairs()
    {
        for (var maker = 0; maker < Environment.ProcessorCount; maker++)
        {
            new Thread(Work) { IsBackground = true, Name = "made pairs" }.Start();
        }
    }

    /// <summary>A source of its own: no pair comes twice out of the same one before the others did.</summary>
    public static Func<RSA> Of(int bits)
    {
        var turn = -1;
        return () =>
            RSA.Create(made.GetOrAdd((bits, Interlocked.Increment(ref turn) % Several), Order).GetAwaiter()
                .GetResult());
    }

    private static Task<RSAParameters> Order((int Bits, int Number) which)
    {
        var order = new Task<RSAParameters>(() => Make(which.Bits));
        orders.Add(order);
        return order;
    }

    private static void Work()
    {
        foreach (var order in orders.GetConsumingEnumerable())
        {
            order.RunSynchronously();
        }
    }

    private static RSAParameters Make(int bits)
    {
        using var pair = RSA.Create(bits);
        return pair.ExportParameters(includePrivateParameters: true);
    }
}
