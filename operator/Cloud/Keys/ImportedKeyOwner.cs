namespace Cloud.Keys;

/// <summary>Whose an imported key is. <paramref name="Uid"/> alone decides: a name can be given away and taken again, a uid can't.</summary>
/// <param name="Uid">Of the owning resource: letters, digits and hyphens, as in a UUID.</param>
/// <param name="Namespace">For people who look at the cloud's console.</param>
/// <param name="Name">For people who look at the cloud's console.</param>
public sealed record ImportedKeyOwner(string Uid, string Namespace, string Name);
