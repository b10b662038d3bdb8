using ByokOperator.Api;
using Cloud;
using Cloud.Keys;
using Kube.Core;
using Kube.Core.Kinds;

namespace ByokOperator.Keys;

/// <summary>The <c>&lt;key&gt;-policy</c> ConfigMap: what the tenant must allow: one document a region on AWS, the
/// steps in three tools' words on Azure.</summary>
internal static class KeyPolicyMap
{
    public const string ChildKind = "policy";

    public static string NameFor(string keyName) => keyName + "-policy";

    /// <summary>Empty for a key of the platform's own. Throws <see cref="CloudException"/>
    /// where its cloud is not set up.</summary>
    public static IReadOnlyDictionary<string, string> For(
        TenantEncryptionKey key, KeyBinding binding, IKeyPolicies policies) => key.Spec.Imported is not null
        ? new Dictionary<string, string>()
        : key.Spec.Regions()
            .SelectMany(region =>
                policies.Documents(KeyRefs.Of(key, region, KeyIds.NamedIn(key, region) ?? ""), binding))
            .ToDictionary();

    public static ObjectKey AddressOf(TenantEncryptionKey key) =>
        new(key.Metadata.Namespace ?? "", NameFor(key.Metadata.Name));

    public static ConfigMap Build(TenantEncryptionKey key, IReadOnlyDictionary<string, string> content) => new()
    {
        Metadata = Children.Meta(key, NameFor(key.Metadata.Name), ChildKind),
        Data = content,
    };

    /// <summary>Of what stands under the names of what has to;
    /// entries that others put beside it count for nothing.</summary>
    public static string DigestOf(ConfigMap standing, IReadOnlyDictionary<string, string> required) =>
        ContentHash.Of((standing.Data ?? new Dictionary<string, string>())
            .Where(entry => required.ContainsKey(entry.Key)).ToDictionary());
}
