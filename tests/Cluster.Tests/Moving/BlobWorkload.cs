using System.Security.Cryptography;
using Cluster.Tests.Primitives;

namespace Cluster.Tests.Moving;

/// <summary>Tries nothing twice.</summary>
internal sealed class BlobWorkload(AzureScene azure) : IWorkload
{
    public async Task<string?> WriteAsync(IReadOnlyDictionary<string, string> binding, string name, byte[] content)
    {
        using var answer = await azure.TrySendAsync(HttpMethod.Put, Address(binding, name), content,
            ("x-ms-blob-type", "BlockBlob"));
        return RefusalOf(answer);
    }

    public async Task<(string? Digest, string? Refusal)> ReadAsync(
        IReadOnlyDictionary<string, string> binding, string name)
    {
        using var answer = await azure.TrySendAsync(HttpMethod.Get, Address(binding, name), null);
        if (RefusalOf(answer) is { } refusal)
        {
            return (null, refusal);
        }

        await using var stream = await answer.Content.ReadAsStreamAsync();
        return (Convert.ToHexStringLower(await SHA256.HashDataAsync(stream)), null);
    }

    private static string Address(IReadOnlyDictionary<string, string> binding, string name) =>
        $"{binding["account"]}/{binding["container"]}/{BlobData.Escaped(name)}";

    private static string? RefusalOf(HttpResponseMessage answer) => answer.IsSuccessStatusCode ? null
        : answer.Headers.TryGetValues("x-ms-error-code", out var codes) ? codes.First() : $"{(int)answer.StatusCode}";
}
