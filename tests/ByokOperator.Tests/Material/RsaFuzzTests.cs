using Byok.Material;
using Cluster.Tests.Primitives;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Material;

/// <summary>Damaged private keys that opened all the same, as a tool with a fault would wrap them.
/// BYOK_FUZZ_SEED repeats a run.</summary>
public sealed class RsaFuzzTests
{
    /// <summary>Each takes as long as hundreds of other inputs.</summary>
    private static readonly int keys = Asked.For("FUZZ_INPUTS", 100_000) / 200;
    private static readonly int seed = int.TryParse(Environment.GetEnvironmentVariable("BYOK_FUZZ_SEED"), out var given)
        ? given : Random.Shared.Next();

    [Fact]
    public void A_damaged_key_is_the_key_or_refused()
    {
        var mutator = new Mutator(seed);
        var start = TenantRsa.Usual.ExportPkcs8PrivateKey();
        var accepted = 0;
        for (var count = 0; count < keys; count++)
        {
            var damaged = mutator.Mutate(start);
            var (numbers, refusal) = RsaNumbers.Read(damaged);
            (numbers is null).ShouldBe(refusal is not null, $"seed {seed}, round {count}");
            if (numbers is not null && RsaStrength.JudgePublic(numbers) is null)
            {
                _ = numbers.PublicHash();
                if (RsaStrength.Judge(numbers, damaged) is null)
                {
                    accepted++;
                    TenantRsa.Numbers(TenantRsa.Usual)[..1]
                        .ShouldContain(
                            new System.Numerics.BigInteger(numbers.Modulus.Span, isUnsigned: true, isBigEndian: true),
                            $"seed {seed}, round {count}");
                }
            }
        }

        accepted.ShouldBeGreaterThan(keys / 100,
            $"seed {seed}: hardly anything was accepted, so hardly anything was tested");
    }
}
