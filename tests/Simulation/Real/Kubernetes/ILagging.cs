namespace Simulation.Real.Kubernetes;

/// <summary>One watch that tells what happened when it is let.</summary>
internal interface ILagging
{
    /// <summary>Plural of the kind that it watches.</summary>
    string Plural { get; }

    bool IsBehind { get; }

    /// <summary>The version of the server up to which it has told everything.</summary>
    long At { get; }

    void CatchUp();

    /// <summary>The server forgot where the watch stood: everything is listed again.</summary>
    void Expire();
}
