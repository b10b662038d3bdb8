using System.Collections.Frozen;
using System.Globalization;
using Kube.Core;
using Kube.Core.Kinds;

namespace Byok.Import.Requests;

/// <summary>
/// The tenants' limits as the operator's leader publishes them in the import API's namespace, for the import API reads
/// no Tenant. One entry for each namespace of a tenant, under a digest of its name:
/// no namespace and no tenant is named.
/// </summary>
public sealed class PublishedLimits
{
    public const string ChildKind = "import-limits";

    /// <summary>As the schema of Tenants bounds it: more than that was published by nobody.</summary>
    public const int MostPerDay = 1_000;

    /// <summary>Without this entry it is not what was published:
    /// an empty map says nothing of who is no tenant.</summary>
    private const string Format = "format";

    private const string Version = "1";

    private readonly FrozenDictionary<string, string> entries;

    private PublishedLimits(FrozenDictionary<string, string> entries) => this.entries = entries;

    /// <summary>Nothing is published.</summary>
    public static PublishedLimits None { get; } = new(FrozenDictionary<string, string>.Empty);

    public static ObjectKey Address(string ns) => new(ns, "byok-import-limits");

    /// <param name="ns">Where it stands.</param>
    /// <param name="limits">By namespace of a tenant.</param>
    public static ConfigMap Build(string ns, IEnumerable<KeyValuePair<string, TenantLimit>> limits)
    {
        var address = Address(ns);
        var data = limits.ToDictionary(
            one => TenantLimit.Digest(one.Key),
            one => string.Create(CultureInfo.InvariantCulture, $"{one.Value.Group} {one.Value.PerDay}"));
        data[Format] = Version;
        return new ConfigMap
        {
            Metadata = new ObjectMeta
            {
                Name = address.Name,
                Namespace = address.Namespace,
                Labels = ImportObjects.LabelsFor(ChildKind),
            },
            Data = data,
        };
    }

    public static PublishedLimits Read(ConfigMap? published) =>
        published?.Data is { } data ? new(data.ToFrozenDictionary(StringComparer.Ordinal)) : None;

    /// <summary>What stands says this, and nothing more.</summary>
    public static bool Says(ConfigMap? standing, ConfigMap wanted) =>
        standing?.Data is { } data && data.Count == wanted.Data!.Count
        && wanted.Data.All(entry => data.GetValueOrDefault(entry.Key) == entry.Value);

    public LimitLook Of(string ns) =>
        entries.GetValueOrDefault(Format) != Version ? new LimitLook.Unknown()
        : !entries.TryGetValue(TenantLimit.Digest(ns), out var entry) ? new LimitLook.NoTenant()
        : Parse(entry) is { } limit ? new LimitLook.Known(limit)
        : new LimitLook.Unknown();

    private static TenantLimit? Parse(string entry) =>
        entry.Split(' ') is [var group, var most] && TenantLimit.IsDigest(group)
        && int.TryParse(most, NumberStyles.None, CultureInfo.InvariantCulture, out var perDay)
        && perDay is > 0 and <= MostPerDay
            ? new TenantLimit(group, perDay)
            : null;
}
