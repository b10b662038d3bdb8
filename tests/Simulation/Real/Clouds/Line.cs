using Simulation.Real.Running;

namespace Simulation.Real.Clouds;

/// <summary>One process's way out: to the cluster and the clouds, in the weather of the moment,
/// for as long as the process lives.</summary>
internal sealed class Line(Weather weather, ManualTime time)
{
    public ManualTime Time => time;

    public bool IsDead { get; private set; }

    /// <summary>Which were struck since somebody last asked.</summary>
    public HashSet<Domain> Struck { get; } = [];

    /// <summary>Calls so far.</summary>
    public int Calls { get; private set; }

    public Striking Call(Domain domain)
    {
        Calls++;
        time.DemandOneThread();
        var (strike, problem) = IsDead ? (Strike.None, null) : weather.Draw(domain);
        if (strike != Strike.None)
        {
            Struck.Add(domain);
        }

        return new Striking(strike, domain, this, problem);
    }

    public CrashedException Crash()
    {
        IsDead = true;
        return new CrashedException();
    }

    public void ThrowIfDead()
    {
        if (IsDead)
        {
            throw new CrashedException();
        }
    }
}
