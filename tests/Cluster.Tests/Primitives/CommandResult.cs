namespace Cluster.Tests.Primitives;

/// <summary>How one program ended and all that it said.</summary>
public sealed record CommandResult(string Command, int ExitCode, string Output, string Error)
{
    public bool Succeeded => ExitCode == 0;

    /// <summary>Its output; throws with what it said when it did not succeed.</summary>
    public string Require() => Succeeded
        ? Output
        : throw new InvalidOperationException($"'{Command}' ended with {ExitCode}:\n{Error}{Output}");
}
