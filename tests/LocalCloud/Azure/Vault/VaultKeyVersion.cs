using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace LocalCloud.Azure.Vault;

/// <summary>One version of a key: material that never changes (but by a test's hand), attributes that do.</summary>
internal sealed class VaultKeyVersion(AsymmetricAlgorithm material, bool isHsm, DateTimeOffset created)
{
    public string Id { get; } = Guid.NewGuid().ToString("N");

    /// <summary>RSA or ECDsa. It isn't safe for two at once: lock it.</summary>
    public AsymmetricAlgorithm Material { get; set; } = material;

    public bool IsHsm { get; } = isHsm;

    public string Type => (Material is RSA ? "RSA" : "EC") + (IsHsm ? "-HSM" : "");

    public IReadOnlyList<string> Operations { get; set; } = [];

    public bool Enabled { get; set; } = true;

    public DateTimeOffset? NotBefore { get; set; }

    public DateTimeOffset? Expires { get; set; }

    public DateTimeOffset Created { get; } = created;

    public DateTimeOffset Updated { get; set; } = created;

    public JsonObject Tags { get; set; } = [];
}
