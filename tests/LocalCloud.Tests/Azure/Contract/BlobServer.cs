namespace LocalCloud.Tests.Azure.Contract;

/// <summary>A server that speaks Blob by path, and its account.</summary>
public sealed record BlobServer(Uri Url, string Account, string Key);
