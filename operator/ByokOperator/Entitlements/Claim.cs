using ByokOperator.Api;

namespace ByokOperator.Entitlements;

/// <summary>
/// Something that a Tenant names as its own: of several that touch, the oldest Tenant has it. What a <c>"*"</c> lets a
/// tenant name is no claim: it is whatever nobody else named.
/// </summary>
/// <param name="Rank">Of the Tenant: 0 is the oldest.</param>
/// <param name="Field">Of its spec.</param>
/// <param name="Thing">What it is of, such as <c>aws platform-backups</c>.</param>
/// <param name="Prefix">Empty: all of it.</param>
internal sealed record Claim(int Rank, string Field, string Thing, string Prefix)
{
    /// <summary>What the claim is about, for people of the platform.</summary>
    public string Words => Prefix.Length == 0 ? Thing : $"{Thing} {Prefix}";

    public bool Touches(Claim other) => other.Thing == Thing && FieldRules.Overlap(Prefix, other.Prefix);

    public static string Namespace(string name) => $"namespace {name}";

    public static string Bucket(string name) => $"bucket {name}";

    public static string Container(string account, string container) => $"container {account}/{container}";

    public static string Account(string name) => $"account {name}";

    /// <param name="id">An ARN, or the object id of a principal in a directory, in any case.</param>
    public static string Principal(string id) =>
        $"principal {(id.StartsWith("arn:", StringComparison.Ordinal) ? id : id.ToLowerInvariant())}";

    public static IEnumerable<Claim> Of(TenantSpec spec, int rank) =>
        spec.Namespaces.Select(one => new Claim(rank, "spec.namespaces", Namespace(one.Name), ""))
            .Concat(spec.Shared.Aws.Where(one => IsNamed(one.Bucket, one.Prefix))
                .Select(one => new Claim(rank, "spec.shared.aws", Bucket(one.Bucket), one.Prefix)))
            .Concat(spec.Shared.Azure.Where(one => IsNamed(one.AccountName, one.Container, one.Prefix))
                .Select(one =>
                    new Claim(rank, "spec.shared.azure", Container(one.AccountName, one.Container), one.Prefix ?? "")))
            .Concat(spec.Stores.BucketNames.Where(name => IsNamed(name))
                .Select(name => new Claim(rank, "spec.stores.bucketNames", Bucket(name), "")))
            .Concat(spec.Stores.AccountNames.Where(name => IsNamed(name))
                .Select(name => new Claim(rank, "spec.stores.accountNames", Account(name), "")))
            .Concat(Principals(spec.Stores.DataPrincipals)
                .Select(one => new Claim(rank, "spec.stores.dataPrincipals", Principal(one), "")));

    private static IEnumerable<string> Principals(TenantStoresPrincipals? principals) =>
        new[] { principals?.Aws, principals?.Azure }.OfType<string>();

    private static bool IsNamed(params ReadOnlySpan<string?> parts) => !parts.Contains(TenantSpec.Anything);
}
