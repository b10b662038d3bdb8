using LocalCloud.Aws.Iam;

namespace LocalCloud.Aws;

/// <summary>The accounts and roles that a fresh cloud has.</summary>
internal static class Seed
{
    public static void Into(IdentityRegistry identities, LocalCloudOptions options)
    {
        var p = options.Partition;
        Add(identities, LocalCloudAccounts.OperatorAccessKey, LocalCloudAccounts.OperatorSecret,
            LocalCloudAccounts.OperatorRole.Replace("arn:aws:", $"arn:{p}:", StringComparison.Ordinal));
        Add(identities, LocalCloudAccounts.WorkloadAccessKey, LocalCloudAccounts.WorkloadSecret,
            LocalCloudAccounts.WorkloadRole.Replace("arn:aws:", $"arn:{p}:", StringComparison.Ordinal));
        Add(identities, LocalCloudAccounts.PlatformAdminAccessKey, LocalCloudAccounts.PlatformAdminSecret,
            LocalCloudAccounts.PlatformAdminRole.Replace("arn:aws:", $"arn:{p}:", StringComparison.Ordinal));
        Add(identities, LocalCloudAccounts.TenantAdminAccessKey, LocalCloudAccounts.TenantAdminSecret,
            LocalCloudAccounts.TenantAdminRole.Replace("arn:aws:", $"arn:{p}:", StringComparison.Ordinal));
        AddRole(identities, $"arn:{p}:iam::{LocalCloudAccounts.Tenant}:role/byok-access", $$$"""
            {"Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:{{{p}}}:iam::{{{LocalCloudAccounts.Platform}}}:role/byok-operator"},
              "Action":"sts:AssumeRole","Condition":{"StringEquals":{"sts:ExternalId":"{{{LocalCloudAccounts.TenantExternalId}}}"} } } ] }
            """);
        foreach (var role in new[] { "byok-operator", "byok-workload", "admin" })
        {
            AddRole(identities, $"arn:{p}:iam::{LocalCloudAccounts.Platform}:role/{role}", $$$"""
                {"Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:{{{p}}}:iam::{{{LocalCloudAccounts.Platform}}}:root"},"Action":"sts:AssumeRole"}]}
                """);
        }
    }

    public static void Add(IdentityRegistry identities, string accessKey, string secret, string arn) =>
        identities.Add(new Credential(accessKey, secret, Principal.Of(arn, "local", RoleIds.Of(arn))));

    public static void AddRole(IdentityRegistry identities, string arn, string trust)
    {
        // A trust policy has no Resource element; the engine matches resources, so it gets one that fits.
        var document = trust.Contains("\"Resource\"", StringComparison.Ordinal) ? trust
            : trust.Replace("\"Action\"", "\"Resource\":\"*\",\"Action\"", StringComparison.Ordinal);
        identities.Add(new Role(arn, PolicyDocument.Parse(document), null));
    }
}
