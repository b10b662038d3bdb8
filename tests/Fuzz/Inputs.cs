using System.Diagnostics;
using System.Globalization;
using Cluster.Tests.Primitives;
using Xunit;

namespace Fuzz;

/// <summary>
/// How many inputs a fuzz tries (<c>FUZZ_INPUTS</c>), one seed each. What fails tells its seed:
/// <c>FUZZ_SEED=n</c> tries that one alone.
/// </summary>
internal static class Inputs
{
    private const int Usual = 10_000;

    /// <summary>What each fuzz of a reader tries of them: together they try all, and more.</summary>
    public const int OfReaders = 8;

    /// <param name="share">How many inputs one try of this fuzz stands for: it goes through that many documents,
    /// about.</param>
    /// <param name="once">Tries one seed; whatever it throws is a find.</param>
    public static void Each(int share, Action<int> once)
    {
        var began = Stopwatch.GetTimestamp();
        var seeds = Environment.GetEnvironmentVariable("FUZZ_SEED") is { Length: > 0 } alone
            ? [int.Parse(alone, CultureInfo.InvariantCulture)]
            : Enumerable.Range(1, Math.Max(1, Asked.For("FUZZ_INPUTS", Usual) / share)).ToArray();
        List<(int Seed, Exception Find)> finds = [];
        foreach (var seed in seeds)
        {
            try
            {
                once(seed);
            }
            catch (Exception find)
            {
                finds.Add((seed, find));
                if (finds.Count == 5)
                {
                    break;
                }
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{seeds.Length} seeds in {Stopwatch.GetElapsedTime(began).TotalSeconds:0.0} s");
        if (finds.Count > 0)
        {
            Assert.Fail(string.Join("\n\n", finds.Select(one => $"FUZZ_SEED={one.Seed}: {one.Find}")));
        }
    }
}
