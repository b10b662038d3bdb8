namespace Kube.Runtime.Hosting;

/// <summary>Something that can tell whether it still works.</summary>
public interface IHealth
{
    /// <summary>Null when well; else what is wrong, naming who, in one line.</summary>
    string? Problem { get; }
}
