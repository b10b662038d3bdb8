using Simulation.Real.Running;

namespace Simulation.Real.Clouds;

/// <summary>A pod that may be killed at some call.</summary>
internal sealed class Mortal(int calls)
{
    private int left = calls;

    public void Count()
    {
        if (--left < 0)
        {
            throw new CrashedException();
        }
    }
}
