namespace Cloud.Tests.Aws;

internal sealed record WireRequest(string Method, Uri Uri, IReadOnlyDictionary<string, string> Headers, string Body)
{
    /// <summary>The KMS action.</summary>
    public string Target => Headers.GetValueOrDefault("X-Amz-Target", "").Split('.')[^1];

    public string Path => Uri.AbsolutePath;

    public bool Asks(string name) => Uri.Query.TrimStart('?').Split('&').Any(part => part.Split('=')[0] == name);
}
