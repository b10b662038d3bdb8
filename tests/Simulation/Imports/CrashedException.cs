namespace Simulation.Imports;

/// <summary>The process ended between two calls, or a call never came back.</summary>
public sealed class CrashedException : Exception;
