using ByokOperator.Api;

namespace ByokOperator.Entitlements;

/// <summary>What one tenant was given, asked about one key or store. Each answer is a sentence with the line that the
/// platform would have to add.</summary>
internal sealed class Grant(Authority authority, Tenant tenant, int rank)
{
    private readonly TenantSpec spec = tenant.Spec;

    /// <summary>Something of others' may be let in by a <c>"*"</c>.</summary>
    public static bool NamesAnything(TenantSpec spec) =>
        spec.Shared.Aws.Any(one => one.Bucket == TenantSpec.Anything || one.Prefix == TenantSpec.Anything)
        || spec.Shared.Azure.Any(one =>
            one.AccountName == TenantSpec.Anything || one.Container == TenantSpec.Anything
                || one.Prefix == TenantSpec.Anything)
        || spec.Stores.BucketNames.Contains(TenantSpec.Anything)
        || spec.Stores.AccountNames.Contains(TenantSpec.Anything);

    public IEnumerable<string> Lacking(TenantEncryptionKey key, int older) =>
        (key.Spec.AwsKms?.Keys ?? []).SelectMany((entry, index) =>
            Unless(Lists(spec.Keys.AwsAccounts, AccountOf(entry.Arn)), $"spec.awsKms.keys[{index}].arn: its account",
                $"\"{AccountOf(entry.Arn)}\" to spec.keys.awsAccounts"))
        .Concat(key.Spec.AzureKeyVault is not { } vault ? [] : Vault("spec.azureKeyVault", vault.VaultUri)
            .Concat(
                Unless(ListsId(spec.Keys.AzureDirectories, vault.TenantId), "spec.azureKeyVault.tenantId",
                    $"{vault.TenantId} to spec.keys.azureDirectories")))
        .Concat((key.Spec.Imported?.Aws?.Regions ?? [])
            .SelectMany((region, index) => Region($"spec.imported.aws.regions[{index}]", region)))
        .Concat(key.Spec.Imported?.Azure is { } azure ? Vault("spec.imported.azure", azure.VaultUri) : [])
        .Concat(Count("keys", older, spec.Limits.Keys));

    public IEnumerable<string> Lacking(EncryptedStore store, int older)
    {
        var place = StorePlace.Of(store.Spec);
        return (store.Spec.Aws is { } aws ? Aws(aws) : [])
            .Concat(store.Spec.Azure is { } azure ? Azure(azure) : [])
            .Concat(place.Shared is null ? [] : store.Spec.Shared is { Aws: { } bucket } ? Shared(bucket)
                : store.Spec.Shared?.Azure is { } container ? Shared(container) : [])
            .Concat(Count("stores", older, spec.Limits.Stores));
    }

    private IEnumerable<string> Aws(AwsStore aws) => Region("spec.aws.region", aws.Region)
        .Concat(string.IsNullOrEmpty(aws.BucketName) ? []
            : Name("spec.aws.bucketName", aws.BucketName, Claim.Bucket(aws.BucketName), spec.Stores.BucketNames,
                "spec.stores.bucketNames"));

    private IEnumerable<string> Azure(AzureStore azure)
    {
        var place =
            $"{{subscriptionId: {azure.SubscriptionId}, resourceGroup: {azure.ResourceGroup}, locations: "
                + $"[{azure.Location}]}}";
        var isGiven = spec.Stores.Azure.Any(one =>
            IsOne(one.SubscriptionId, azure.SubscriptionId, StringComparison.OrdinalIgnoreCase)
            && IsOne(one.ResourceGroup, azure.ResourceGroup, StringComparison.OrdinalIgnoreCase)
            && Lists(one.Locations, azure.Location));
        return Unless(isGiven, "spec.azure: its subscription, resource group or location",
            $"{place} to spec.stores.azure")
            .Concat(string.IsNullOrEmpty(azure.AccountName) ? []
                : Name("spec.azure.accountName", azure.AccountName, Claim.Account(azure.AccountName),
                    spec.Stores.AccountNames, "spec.stores.accountNames"));
    }

    private IEnumerable<string> Shared(AwsSharedLocation asked) => Place(
        "spec.shared.aws",
        (Claim.Bucket(asked.Bucket), asked.Prefix),
        [.. spec.Shared.Aws.Where(one => IsOne(one.Bucket, asked.Bucket) && Covers(one.Prefix, asked.Prefix))
            .Select(one => one.Bucket != TenantSpec.Anything && one.Prefix != TenantSpec.Anything)],
        $"{{bucket: {asked.Bucket}, prefix: {asked.Prefix}}} to spec.shared.aws");

    private IEnumerable<string> Shared(AzureSharedLocation asked) => Place(
        "spec.shared.azure",
        (Claim.Container(asked.AccountName, asked.Container), asked.Prefix ?? ""),
        [.. spec.Shared.Azure.Where(one =>
            IsOne(one.AccountName, asked.AccountName) && IsOne(one.Container, asked.Container)
                && Covers(one.Prefix, asked.Prefix ?? ""))
            .Select(one =>
                one.AccountName != TenantSpec.Anything && one.Container != TenantSpec.Anything
                    && one.Prefix != TenantSpec.Anything)],
        $"{{accountName: {asked.AccountName}, container: "
            + $"{asked.Container}{(asked.Prefix is { } prefix ? $", prefix: {prefix}" : "")}}} to spec.shared.azure",
        Claim.Account(asked.AccountName));

    /// <param name="field">Of the store's spec.</param>
    /// <param name="asked">What is asked for.</param>
    /// <param name="entries">Of the tenant's entries that cover it, whether each names it.</param>
    /// <param name="line">What the platform would have to add.</param>
    /// <param name="holder">What it is part of, which may be another's whole.</param>
    private IEnumerable<string> Place(
        string field, (string Thing, string Prefix) asked, IReadOnlyList<bool> entries, string line,
        string? holder = null)
    {
        var isNamed = entries.Contains(true);
        var isWhole = asked.Prefix.Length == 0 && holder is not null; // a container may be taken whole, a bucket never
        var isGiven = entries.Count > 0 && (asked.Prefix.EndsWith('/') || isWhole)
            && !authority.IsTaken(asked.Thing, asked.Prefix, rank, isNamed)
            && (holder is null || !authority.IsTaken(holder, "", rank, isNamed));
        return Unless(isGiven, $"{field}: this place", line);
    }

    private IEnumerable<string> Name(
        string field, string name, string thing, IReadOnlyList<string> names, string list) =>
        Unless(Lists(names, name)
            && !authority.IsTaken(thing, "", rank, names.Contains(name)), field, $"{name} to {list}");

    private IEnumerable<string> Region(string field, string region) =>
        Unless(Lists(spec.Stores.AwsRegions, region), field, $"{region} to spec.stores.awsRegions");

    private IEnumerable<string> Vault(string field, string vaultUri) =>
        Unless(
            spec.Keys.Vaults.Any(one =>
                IsOne(one.TrimEnd('/'), vaultUri.TrimEnd('/'), StringComparison.OrdinalIgnoreCase)),
                    $"{field}.vaultUri", $"{vaultUri} to spec.keys.vaults");

    /// <summary>The oldest are in, so that which ones are does not change while they stand.</summary>
    private IEnumerable<string> Count(string what, int older, int limit) => older < limit
        ? []
        :
        [
            $"this tenant may have {limit} {what}, and as many are older than this one (what was deleted and retained "
                + $"counts while it stands): delete one, or the platform would have to raise spec.limits.{what} of "
                + $"Tenant {tenant.Metadata.Name}",
        ];

    private IEnumerable<string> Unless(bool isGiven, string what, string line) =>
        isGiven ? []
            :
            [
                $"{what} is not given to this tenant: the platform would have to add {line} of Tenant "
                    + $"{tenant.Metadata.Name}",
            ];

    /// <summary>A prefix that ends in no slash covers nothing: acme would take acme-2/ along.</summary>
    private static bool Covers(string? given, string asked) => given is null or TenantSpec.Anything
        || (given.EndsWith('/') && asked.StartsWith(given, StringComparison.Ordinal));

    private static bool Lists(IReadOnlyList<string> list, string asked) => list.Any(one => IsOne(one, asked));

    private static bool ListsId(IReadOnlyList<string> list, string asked) =>
        list.Any(one => IsOne(one, asked, StringComparison.OrdinalIgnoreCase));

    private static bool IsOne(string given, string asked, StringComparison how = StringComparison.Ordinal) =>
        given == TenantSpec.Anything || string.Equals(given, asked, how);

    /// <summary>Empty where it is no ARN: nobody is given that.</summary>
    private static string AccountOf(string arn) =>
        arn.Split(':') is [_, _, _, _, { Length: > 0 } account, ..] ? account : "";
}
