namespace Cloud.Keys;

/// <summary>Whose an imported key is. <paramref name="Uid"/> alone decides: a name can be given away and taken again,
/// a uid can't.</summary>
/// <param name="Uid">Of the first object that the key was made for: letters, digits and hyphens, as in a UUID.</param>
/// <param name="Namespace">With the name what an earlier object's key is found by,
/// and for people who look at the cloud's console.</param>
/// <param name="Name">As <paramref name="Namespace"/>.</param>
public sealed record ImportedKeyOwner(string Uid, string Namespace, string Name)
{
    /// <summary>Empty where nobody said.</summary>
    public string Tenant { get; init; } = "";

    /// <summary>Another object of the same tenant, namespace and name.</summary>
    /// <param name="tag">What the key's tags say, by word: <c>owner</c>, <c>tenant</c>, <c>namespace</c>,
    /// <c>name</c>.</param>
    /// <returns>Its uid; null where it is none.</returns>
    internal string? EarlierIn(Func<string, string?> tag) =>
        tag("owner") is { Length: > 0 } uid && uid != Uid && Tenant.Length > 0 && tag("tenant") == Tenant
            && tag("namespace") == Namespace && tag("name") == Name ? uid : null;
}

/// <summary>A key of ours that an earlier object of the same names left.</summary>
/// <param name="Uid">Of the first object that it was made for: what consent to take it back names.</param>
public sealed record EarlierKey(ImportedKey Key, string Uid);
