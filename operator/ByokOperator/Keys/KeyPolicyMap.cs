using ByokOperator.Api;
using Cloud;
using Cloud.Keys;
using Kube.Core.Kinds;

namespace ByokOperator.Keys;

/// <summary>The <c>&lt;key&gt;-policy</c> ConfigMap: what the tenant must allow: one document a region on AWS, the steps in three tools' words on Azure.</summary>
internal static class KeyPolicyMap
{
    public const string ChildKind = "policy";

    public static string NameFor(string keyName) => keyName + "-policy";

    /// <summary>Empty for a key of the platform's own. Throws <see cref="CloudException"/> where its cloud is not set up.</summary>
    public static IReadOnlyDictionary<string, string> For(TenantEncryptionKey key, IKeyPolicies policies) => key.Spec.Imported is not null
        ? new Dictionary<string, string>()
        : key.Spec.Regions()
            .SelectMany(region => policies.Documents(KeyRefs.Of(key, region, KeyIds.Of(key, region, record: null)), key.Tenant))
            .ToDictionary();

    public static ConfigMap Build(TenantEncryptionKey key, IReadOnlyDictionary<string, string> content) => new()
    {
        Metadata = Children.Meta(key, NameFor(key.Metadata.Name), ChildKind) with
        {
            Annotations = new Dictionary<string, string> { [ContentHash.Annotation] = ContentHash.Of(content) },
        },
        Data = content,
    };
}
