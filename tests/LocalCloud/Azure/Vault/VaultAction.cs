namespace LocalCloud.Azure.Vault;

/// <summary>One thing to be permitted, under its two names: the access policy's and the role's.</summary>
internal sealed record VaultAction(string Permission, string DataAction)
{
    private const string Keys = "Microsoft.KeyVault/vaults/keys/";

    public static VaultAction Get { get; } = new("get", Keys + "read");

    public static VaultAction List { get; } = new("list", Keys + "read");

    public static VaultAction Create { get; } = new("create", Keys + "create/action");

    public static VaultAction Import { get; } = new("import", Keys + "import/action");

    public static VaultAction Update { get; } = new("update", Keys + "update/action");

    public static VaultAction Delete { get; } = new("delete", Keys + "delete");

    public static VaultAction Recover { get; } = new("recover", Keys + "recover/action");

    public static VaultAction Purge { get; } = new("purge", Keys + "purge/action");

    public static VaultAction Rotate { get; } = new("rotate", Keys + "rotate/action");

    public static VaultAction Encrypt { get; } = new("encrypt", Keys + "encrypt/action");

    public static VaultAction Decrypt { get; } = new("decrypt", Keys + "decrypt/action");

    public static VaultAction WrapKey { get; } = new("wrapKey", Keys + "wrap/action");

    public static VaultAction UnwrapKey { get; } = new("unwrapKey", Keys + "unwrap/action");
}
