using ByokOperator.Reconciling;

namespace Simulation.Real.Operators;

/// <summary>What happens between the real look, the real choice and the real act.</summary>
internal sealed class Script<TWorld>
    where TWorld : class
{
    /// <summary>A bug may see it otherwise.</summary>
    public Func<TWorld, TWorld> Saw { get; init; } = world => world;

    /// <summary>The world, the act, the real performance of it.</summary>
    public required Func<TWorld, Act, Func<CancellationToken, Task<TWorld?>>, CancellationToken,
        Task<TWorld?>> PerformAsync { get; init; }

    /// <summary>What is told to people; a bug may tell it otherwise.</summary>
    public Func<TWorld, TWorld> Shown { get; init; } = world => world;
}
