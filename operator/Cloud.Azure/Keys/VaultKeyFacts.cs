using System.Text.Json;

namespace Cloud.Azure.Keys;

/// <summary>What a vault tells of one version of a key.</summary>
/// <param name="Type">Such as <c>RSA</c>, <c>RSA-HSM</c>, <c>EC</c>.</param>
/// <param name="Bits">The modulus; 0 for a key that is not RSA.</param>
/// <param name="RecoveryLevel">How the vault keeps what is deleted, such as <c>Recoverable+Purgeable</c>.</param>
internal sealed record VaultKeyFacts(
    VaultKeyId Id,
    string Type,
    int Bits,
    bool Enabled,
    DateTimeOffset? NotBefore,
    DateTimeOffset? Expires,
    string RecoveryLevel,
    IReadOnlyList<string> Operations)
{
    /// <summary>Storage takes these and no other.</summary>
    public bool IsSuitable => Type is "RSA" or "RSA-HSM" && Bits is 2048 or 3072 or 4096;

    /// <summary>Soft delete and purge protection are on: whatever is deleted can be had back,
    /// and nobody can do away with that.</summary>
    public bool IsProtected =>
        RecoveryLevel.Contains("Recoverable", StringComparison.Ordinal)
            && !RecoveryLevel.Contains("Purgeable", StringComparison.Ordinal);

    public static VaultKeyFacts Read(BinaryData body)
    {
        using var document = JsonDocument.Parse(body);
        var key = document.RootElement.GetProperty("key");
        var attributes = document.RootElement.GetProperty("attributes");
        return new VaultKeyFacts(
            VaultKeyId.Parse(Text(key, "kid") ?? ""),
            Text(key, "kty") ?? "",
            Text(key, "n") is { } modulus ? Base64Url(modulus).Length * 8 : 0,
            attributes.TryGetProperty("enabled", out var enabled) && enabled.ValueKind == JsonValueKind.True,
            Time(attributes, "nbf"),
            Time(attributes, "exp"),
            Text(attributes, "recoveryLevel") ?? "",
            key.TryGetProperty("key_ops", out var operations) && operations.ValueKind == JsonValueKind.Array
                ? [.. operations.EnumerateArray().Select(one => one.GetString() ?? "")]
                : []);
    }

    private static byte[] Base64Url(string text) => System.Buffers.Text.Base64Url.DecodeFromChars(text) switch
    {
        [0, .. var rest] => rest, // a sign byte is no part of the size
        var bytes => bytes,
    };

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()
            : null;

    private static DateTimeOffset? Time(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.TryGetInt64(out var seconds)
            ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null;
}
