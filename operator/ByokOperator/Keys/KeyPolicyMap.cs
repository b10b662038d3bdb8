using ByokOperator.Api;
using Cloud.Keys;
using Kube.Core.Kinds;

namespace ByokOperator.Keys;

/// <summary>The <c>&lt;key&gt;-policy</c> ConfigMap: what the tenant must allow, one document a region.</summary>
internal static class KeyPolicyMap
{
    public const string ChildKind = "policy";

    public static string NameFor(string keyName) => keyName + "-policy";

    public static IReadOnlyDictionary<string, string> For(TenantEncryptionKey key, IKeyPolicies policies) =>
        (key.Spec.AwsKms?.Keys ?? []).ToDictionary(source => $"{source.Region}.json", source => policies.RequiredPolicy(new KeyRef(source.Region, source.Arn)));

    public static ConfigMap Build(TenantEncryptionKey key, IReadOnlyDictionary<string, string> content) => new()
    {
        Metadata = Children.Meta(key, NameFor(key.Metadata.Name), ChildKind) with
        {
            Annotations = new Dictionary<string, string> { [ContentHash.Annotation] = ContentHash.Of(content) },
        },
        Data = content,
    };
}
