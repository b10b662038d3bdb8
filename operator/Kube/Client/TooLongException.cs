namespace Kube.Client;

/// <summary>A body or a line is longer than this client takes; the connection itself is sound.</summary>
internal sealed class TooLongException(string message) : IOException(message);
