namespace Simulation.Real.Running;

/// <summary>The process ended at this call. Nothing that it does afterwards reaches anybody.</summary>
internal sealed class CrashedException : Exception;
