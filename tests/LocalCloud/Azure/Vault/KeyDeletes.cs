namespace LocalCloud.Azure.Vault;

/// <summary>Delete, recover, purge.</summary>
internal sealed class KeyDeletes(ChangeMark changes)
{
    public Task DeleteKey(VaultCall call)
    {
        call.Demand(VaultAction.Delete);
        return call.SendAsync(KeyDocuments.DeletedBundle(call.Vault, Delete(call.Vault, call.Name, call.Now)));
    }

    public DeletedKey Delete(KeyVault vault, string name, DateTimeOffset now)
    {
        changes.Touch(now);
        lock (vault.Gate)
        {
            if (!vault.Keys.Remove(name, out var key))
            {
                throw VaultProblems.KeyNotFound(name);
            }

            var deleted = new DeletedKey(key, now, now.AddDays(vault.Settings.RetentionDays));
            if (vault.Settings.SoftDelete)
            {
                vault.DeletedKeys[name] = deleted;
            }

            return deleted;
        }
    }

    public Task GetDeletedKey(VaultCall call)
    {
        call.Demand(VaultAction.Get);
        return call.SendAsync(KeyDocuments.DeletedBundle(call.Vault, Find(call)));
    }

    public Task RecoverDeletedKey(VaultCall call)
    {
        call.Demand(VaultAction.Recover);
        var deleted = Find(call);
        Recover(call.Vault, deleted);
        return call.SendAsync(KeyDocuments.Bundle(call.Vault, call.Name, deleted.Key.Latest));
    }

    public static void Recover(KeyVault vault, DeletedKey deleted)
    {
        lock (vault.Gate)
        {
            vault.DeletedKeys.Remove(deleted.Key.Name);
            vault.Keys[deleted.Key.Name] = deleted.Key;
        }
    }

    public Task PurgeDeletedKey(VaultCall call)
    {
        call.Demand(VaultAction.Purge);
        Find(call);
        if (call.Vault.Settings.PurgeProtection)
        {
            throw VaultProblems.PurgeForbidden();
        }

        lock (call.Vault.Gate)
        {
            call.Vault.DeletedKeys.Remove(call.Name);
        }

        return call.Azure.SendEmptyAsync(204);
    }

    private static DeletedKey Find(VaultCall call)
    {
        lock (call.Vault.Gate)
        {
            call.Vault.PurgeDue(call.Now);
            return call.Vault.DeletedKeys.GetValueOrDefault(call.Name)
                ?? throw VaultProblems.DeletedKeyNotFound(call.Name);
        }
    }
}
