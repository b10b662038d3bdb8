namespace Cloud.Stores;

/// <summary>What tags on a bucket or an account say of whose it is. Pure. Clouds differ in how the tags are called,
/// not in what they say.</summary>
internal sealed record StoreTag(string Owner, string? Tenant, string? Namespace, string? Name, string? Origin)
{
    private const string OwnerWord = "owner";
    private const string TenantWord = "tenant";
    private const string NamespaceWord = "namespace";
    private const string NameWord = "name";
    private const string OriginWord = "origin";

    public static readonly IReadOnlyList<string> Words = [OwnerWord, TenantWord, NamespaceWord, NameWord, OriginWord];

    /// <summary>The uid that names are made of.</summary>
    public string Identity => Origin ?? Owner;

    /// <param name="tag">The tag of a word; null where there is none.</param>
    /// <returns>Null where no tag says whose it is.</returns>
    public static StoreTag? Read(Func<string, string?> tag) => tag(OwnerWord) is { Length: > 0 } owner
        ? new StoreTag(owner, tag(TenantWord), tag(NamespaceWord), tag(NameWord), tag(OriginWord))
        : null;

    /// <summary>What is to stand, word by word.</summary>
    public static IEnumerable<(string Word, string Value)> For(StoreSpec spec) =>
        new[]
        {
            (OwnerWord, (string?)spec.Owner), (TenantWord, spec.Names?.Tenant), (NamespaceWord, spec.Names?.Namespace),
            (NameWord, spec.Names?.Name), (OriginWord, spec.Names?.Origin),
        }
        .Where(one => one.Item2 is { Length: > 0 }).Select(one => (one.Item1, one.Item2!));

    public static StoreOwnership OwnershipOf(StoreTag? tag, StoreSpec spec) => tag is null ? StoreOwnership.Unmarked
        : tag.Owner == spec.Owner ? StoreOwnership.Ours
        : tag.IsEarlierOf(spec) && (spec.Takes is "" || spec.Takes == tag.Identity) ? StoreOwnership.Earlier
        : StoreOwnership.Stranger;

    /// <summary>Another object of the same tenant, namespace and name.</summary>
    public bool IsEarlierOf(StoreSpec spec) => spec is { Takes: not null, Names: { Tenant.Length: > 0 } names }
        && Owner != spec.Owner && Tenant == names.Tenant && Namespace == names.Namespace && Name == names.Name;
}
