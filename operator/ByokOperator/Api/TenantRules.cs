using System.Text.RegularExpressions;
using Kube.Core;

namespace ByokOperator.Api;

/// <summary>
/// The rules of crds/tenants.yaml once more, in code: what a server without CEL lets in must not give more than it
/// says. The sentences are those of crds/, word for word; a test compares them. Pure; empty means valid.
/// </summary>
internal static partial class TenantRules
{
    private const int MaxEntries = 64;

    private static readonly TimeSpan second = TimeSpan.FromSeconds(1);

    public static IReadOnlyList<Violation> Check(Tenant tenant) =>
    [
        .. FieldRules.Name(tenant.Metadata.Name),
        .. Namespaces(tenant.Spec.Namespaces),
        .. Keys(tenant.Spec.Keys),
        .. Shared(tenant.Spec.Shared),
        .. Stores(tenant.Spec.Stores),
        .. Principals(tenant.Spec.Stores.DataPrincipals),
        .. Limits(tenant.Spec.Limits),
        .. Released(tenant.Spec.Released),
        .. Adopt(tenant.Spec.Adopt),
    ];

    private static IEnumerable<Violation> Namespaces(IReadOnlyList<TenantSpecNamespace> namespaces) =>
        Each("spec.namespaces", namespaces, (field, one) => ObjectNames.IsNamespace(one.Name)
            ? []
            : [new($"{field}.name", "not the name of a namespace: write one, there is no * here")])
        .Concat(Twice("spec.namespaces", namespaces.Select(one => one.Name)));

    private static IEnumerable<Violation> Keys(TenantKeys keys) =>
        Texts("spec.keys.awsAccounts", keys.AwsAccounts, (field, account) => AccountShape().IsMatch(account)
            ? []
            : [new(field, "not the id of an AWS account: write its 12 digits, in quotes")])
        .Concat(Texts("spec.keys.azureDirectories", keys.AzureDirectories, (field, directory) =>
            FieldRules.Id(field, directory,
                "not the id of a directory: write its GUID, such as 11111111-2222-3333-4444-555555555555")))
        .Concat(Texts("spec.keys.vaults", keys.Vaults, AzureKeyRules.Vault));

    private static IEnumerable<Violation> Shared(TenantShared shared) =>
        Each("spec.shared.aws", shared.Aws, (field, one) =>
            Unless(one.Bucket, $"{field}.bucket", FieldRules.SharedBucket)
                .Concat(Unless(one.Prefix, $"{field}.prefix", FieldRules.Prefix)))
        .Concat(Each("spec.shared.azure", shared.Azure, (field, one) =>
            Unless(one.AccountName, $"{field}.accountName", AzureStoreRules.Account)
                .Concat(Unless(one.Container, $"{field}.container", AzureStoreRules.Container))
                .Concat(one.Prefix is { } prefix ? Unless(prefix, $"{field}.prefix", FieldRules.Prefix) : [])));

    private static IEnumerable<Violation> Stores(TenantStores stores) =>
        Texts("spec.stores.awsRegions", stores.AwsRegions, FieldRules.Region)
        .Concat(Each("spec.stores.azure", stores.Azure, (field, one) =>
            Unless(one.SubscriptionId, $"{field}.subscriptionId", AzureStoreRules.Subscription)
                .Concat(Unless(one.ResourceGroup, $"{field}.resourceGroup", AzureStoreRules.Group))
                .Concat(Texts($"{field}.locations", one.Locations, AzureStoreRules.Location))))
        .Concat(Twice("spec.stores.azure", stores.Azure.Select(one => $"{one.SubscriptionId}/{one.ResourceGroup}")))
        .Concat(Texts("spec.stores.bucketNames", stores.BucketNames, FieldRules.OwnBucket))
        .Concat(Texts("spec.stores.accountNames", stores.AccountNames, AzureStoreRules.Account));

    private static IEnumerable<Violation> Principals(TenantStoresPrincipals? principals)
    {
        if (principals?.Aws is { } role && !RoleShape().IsMatch(role))
        {
            yield return new("spec.stores.dataPrincipals.aws",
                "not the ARN of a role: write arn:aws:iam::ACCOUNT:role/NAME");
        }

        foreach (var violation in principals?.Azure is { } id
            ? FieldRules.Id("spec.stores.dataPrincipals.azure", id,
                "not the object id of a principal: write its GUID, such as 11111111-2222-3333-4444-555555555555")
            : [])
        {
            yield return violation;
        }
    }

    private static IEnumerable<Violation> Limits(TenantLimits limits)
    {
        foreach (var violation
            in FieldRules.Duration("spec.limits.minProbeInterval", limits.MinProbeInterval, second,
                TimeSpan.FromHours(1), "minProbeInterval must be from 1s to 1h, such as 5s")
                .Concat(
                    FieldRules.Duration("spec.limits.maxStaleness", limits.MaxStaleness, second,
                        TimeSpan.FromHours(168), "maxStaleness must be from 1s to 168h, such as 24h")))
        {
            yield return violation;
        }

        if (GoDuration.TryParse(limits.MinProbeInterval, out var probe)
            && GoDuration.TryParse(limits.MaxStaleness, out var staleness) && staleness < probe)
        {
            yield return new("spec.limits",
                "limits.maxStaleness must not be shorter than limits.minProbeInterval, or no key could keep to both: "
                    + "make it longer");
        }
    }

    private static IEnumerable<Violation> Released(IReadOnlyList<TenantSpecReleased> released) =>
        Each("spec.released", released, (field, one) => one.Place.Length <= 63 && PlaceShape().IsMatch(one.Place)
            ? []
            :
            [
                new($"{field}.place",
                    "not the name of a bucket or a storage account: write one as the record has it, there is no * here"),
            ])
        .Concat(Twice("spec.released", released.Select(one => one.Place)));

    private static IEnumerable<Violation> Adopt(IReadOnlyList<TenantSpecAdopt> adopt) =>
        Each("spec.adopt", adopt, (field, one) => ObjectNames.IsNamespace(one.Namespace)
            ? Object($"{field}.store", one.Store).Concat(Object($"{field}.key", one.Key)).Concat(Adopted(field, one))
            : [new($"{field}.namespace", "not the name of a namespace: write one, there is no * here")])
        .Concat(Twice("spec.adopt", adopt.Select(one => $"{one.Namespace}/{one.Store}/{one.Key}")));

    private static IEnumerable<Violation> Object(string field, string name) =>
        name.Length == 0 || (name.Length <= 63 && ObjectNames.IsName(name))
            ? []
            :
            [
                new(field,
                    "not the name of an object: write the name of the EncryptedStore or TenantEncryptionKey, without "
                        + "its namespace"),
            ];

    private static IEnumerable<Violation> Adopted(string field, TenantSpecAdopt one)
    {
        if (one.Store.Length > 0 == one.Key.Length > 0)
        {
            yield return new(field, "name one of store and key: each is taken back by an entry of its own");
        }

        if (one.Uid.Length > 64 || !UidShape().IsMatch(one.Uid))
        {
            yield return new($"{field}.uid",
                "not the uid of an object: write the one that the condition AdoptionNeeded says");
        }
    }

    private static IEnumerable<Violation> Each<T>(
        string field, IReadOnlyList<T> entries, Func<string, T, IEnumerable<Violation>> check) =>
            entries.Count > MaxEntries
            ? [new(field, $"at most {MaxEntries} can stand here: make another Tenant, or write \"*\"")]
            : entries.SelectMany((entry, index) => check($"{field}[{index}]", entry));

    private static IEnumerable<Violation> Texts(
        string field, IReadOnlyList<string> entries, Func<string, string, IEnumerable<Violation>> check) =>
        Each(field, entries, (place, text) => Unless(text, place, check)).Concat(Twice(field, entries));

    private static IEnumerable<Violation> Unless(
        string text, string field, Func<string, string, IEnumerable<Violation>> check) =>
        text == TenantSpec.Anything ? [] : check(field, text);

    private static IEnumerable<Violation> Twice(string field, IEnumerable<string> entries) =>
        entries.GroupBy(entry => entry).Where(group => group.Count() > 1).Take(1)
            .Select(_ => new Violation(field, "an entry stands twice: keep one"));

    [GeneratedRegex(@"^[a-z0-9][a-z0-9-]+[a-z0-9]\z")]
    private static partial Regex PlaceShape();

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9-]*\z")]
    private static partial Regex UidShape();

    [GeneratedRegex(@"^[0-9]{12}\z")]
    private static partial Regex AccountShape();

    [GeneratedRegex(@"^arn:(aws|aws-us-gov|aws-cn|aws-eusc):iam::[0-9]{12}:role/[A-Za-z0-9+=,.@_/-]+\z")]
    private static partial Regex RoleShape();
}
