namespace LocalCloud.Azure.Vault;

/// <summary>A key: its versions, oldest first. The vault's lock guards it.</summary>
internal sealed class VaultKey(string name, VaultKeyVersion first)
{
    private readonly List<VaultKeyVersion> versions = [first];

    public string Name { get; } = name;

    public IReadOnlyList<VaultKeyVersion> Versions => versions;

    public VaultKeyVersion Latest => versions[^1];

    public VaultKeyVersion? Find(string version) =>
        versions.Find(one => string.Equals(one.Id, version, StringComparison.OrdinalIgnoreCase));

    public void Add(VaultKeyVersion version) => versions.Add(version);
}
