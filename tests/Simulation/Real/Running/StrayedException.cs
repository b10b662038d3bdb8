namespace Simulation.Real.Running;

/// <summary>Something of a run went on on another thread than its own: what it tells hangs on the machine,
/// and is worth nothing.</summary>
internal sealed class StrayedException(
    string where) : Exception($"something of the run went on on another thread: {where}");
