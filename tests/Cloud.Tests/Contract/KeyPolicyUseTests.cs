using System.Text.Json.Nodes;
using Cloud.Aws;
using Cloud.Aws.Keys;
using Cloud.Keys;
using LocalCloud;
using LocalCloud.Faults;
using Shouldly;
using Xunit;

namespace Cloud.Tests.Contract;

/// <summary>A key policy asks for nothing that nobody calls: whatever it names was seen to be called, by whom it lets
/// in, in the way that it lets him in.</summary>
public sealed class KeyPolicyUseTests
{
    /// <summary>All that the adapters do with keys, the workloads' own reading and writing too.</summary>
    private static readonly IReadOnlyList<ContractRow> Rows =
        [.. KeyRows.All, .. ImportRows.All, .. MaterialRows.All, .. RotationRows.All, .. EncryptionRows.All,
            .. S3CopyRows.All, .. StoreRows.All];

    [Fact]
    public async Task A_policy_asks_for_no_action_that_is_not_called()
    {
        await using var local = new LocalCloudFixture();
        await local.InitializeAsync();
        using var world = new ContractWorld(local.Server);
        foreach (var row in Rows)
        {
            await row.Try(world);
        }

        var asked = Policies(world).SelectMany(Asked).Distinct().ToList();
        asked.Count.ShouldBeGreaterThan(15);
        asked.Where(one => local.Admin.Count(one.Service, one.Action, one.Principal) == 0).ShouldBeEmpty();
    }

    /// <summary>A tenant's key elsewhere, one in the operator's own account, and one of the platform's own.</summary>
    private static IEnumerable<string> Policies(ContractWorld world) =>
    [
        .. new[] { LocalCloudAccounts.Tenant, LocalCloudAccounts.Platform }.Select(account =>
            world.Cloud.Policies.RequiredPolicy(
                new KeyRef(ContractWorld.Region, $"arn:aws:kms:{ContractWorld.Region}:{account}:key/{Guid.Empty}"),
                world.Binding)),
        ImportedKeyPolicy.For(
            AwsPartition.Commercial, LocalCloudAccounts.Platform, ContractWorld.Region, LocalCloudAccounts.OperatorRole,
            LocalCloudAccounts.WorkloadRole),
    ];

    /// <summary>Of the key's own account nothing is asked: its administrators do what they like.</summary>
    private static IEnumerable<(string Service, string Action, string Principal)> Asked(string policy) =>
        from statement in JsonNode.Parse(policy)!["Statement"]!.AsArray()
        from principal in Texts(statement!["Principal"]!["AWS"]!)
        where !principal.EndsWith(":root", StringComparison.Ordinal)
        from action in Texts(statement["Action"]!)
        select (IsViaS3(statement) ? FaultRule.KmsViaS3 : "kms", action["kms:".Length..], principal);

    private static bool IsViaS3(JsonNode statement) =>
        statement["Condition"]?["StringEquals"]?["kms:ViaService"] is not null;

    private static IEnumerable<string> Texts(JsonNode one) =>
        one is JsonArray many ? many.Select(text => (string)text!) : [(string)one!];
}
