namespace Simulation;

/// <summary>xorshift64*: the same sequence on every machine and every runtime,
/// so that a seed is a story that can be told again.</summary>
internal sealed class Rng(int seed)
{
    private ulong state = ((ulong)(uint)seed + 1) * 0x9E3779B97F4A7C15;

    public int Next(int bound)
    {
        state ^= state >> 12;
        state ^= state << 25;
        state ^= state >> 27;
        return (int)((state * 0x2545F4914F6CDD1D >> 33) % (ulong)bound);
    }

    /// <summary>True once in so many.</summary>
    public bool Once(int many) => Next(many) == 0;
}
