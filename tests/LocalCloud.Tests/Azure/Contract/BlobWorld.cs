using LocalCloud.Tests.Azure.Blob;
using Shouldly;

namespace LocalCloud.Tests.Azure.Contract;

/// <summary>A container of a row's own on whichever server.</summary>
public sealed class BlobWorld(BlobServer server) : IDisposable
{
    private const string Protocols = "https,http";

    private readonly HttpClient http = new();

    public string Container { get; } = "c" + Guid.NewGuid().ToString("N");

    public BlobWire Blobs => BlobWire.Key(http, server.Url, server.Account, server.Key);

    public BlobWire WrongKey => BlobWire.Key(http, server.Url, server.Account, Convert.ToBase64String(new byte[64]));

    private static DateTimeOffset Later => DateTimeOffset.UtcNow.AddHours(1);

    public async Task BeginAsync() => (await Blobs.Put($"{Container}?restype=container", null)).Expect(201);

    public string At(string blob) => $"{Container}/{blob}";

    public BlobWire Sas(string blob, string permissions, DateTimeOffset? expiry = null) =>
        With(
            SharedKey.ServiceSas(server.Account, server.Key, At(blob), permissions, expiry ?? Later,
                protocol: Protocols));

    public BlobWire ContainerSas(string permissions, string? policy = null) =>
        With(SharedKey.ServiceSas(server.Account, server.Key, Container, permissions, Later, policy, Protocols));

    public BlobWire AccountSas(string permissions, string types) =>
        With(SharedKey.AccountSas(server.Account, server.Key, permissions, types, Later, Protocols));

    public BlobWire With(string query) => new(http, server.Url, _ => Task.CompletedTask) { Query = query };

    /// <summary>A blob's address with a signature to read it.</summary>
    public string Source(string blob) => ContainerSas("r").At(At(blob)).ToString();

    public void Dispose() => http.Dispose();
}
