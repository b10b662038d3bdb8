namespace Simulation.Real.Operators;

/// <summary>What the watches of a process tell it before a turn: in the rough some are behind,
/// and some have to list anew.</summary>
internal static class Deliveries
{
    private const int LateOneIn = 12;
    private const int ExpiredOneIn = 100;

    /// <param name="process">Whose watches.</param>
    /// <param name="rng">Null in the calm: everything arrives.</param>
    /// <param name="turn">Is told what did not.</param>
    /// <param name="isHidden">A bug keeps that kind from being told at all.</param>
    public static void To(Process process, Rng? rng, Turn turn, Func<string, bool> isHidden)
    {
        foreach (var source in process.Watches.Sources.Where(source => !isHidden(source.Plural)))
        {
            if (rng?.Once(LateOneIn) == true)
            {
                if (source.IsBehind)
                {
                    turn.Behind.Add(source.Plural);
                }
            }
            else if (rng?.Once(ExpiredOneIn) == true)
            {
                source.Expire();
                turn.Behind.Add(source.Plural);
            }
            else
            {
                source.CatchUp();
            }
        }
    }
}
