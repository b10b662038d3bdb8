namespace LocalCloud.Faults;

/// <summary>The connection is to be reset instead of answered.</summary>
internal sealed class DroppedException : Exception;
