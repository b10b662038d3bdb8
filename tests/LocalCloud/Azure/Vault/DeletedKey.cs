namespace LocalCloud.Azure.Vault;

internal sealed record DeletedKey(VaultKey Key, DateTimeOffset DeletedAt, DateTimeOffset PurgeAt);
