using System.Text.Json.Nodes;
using ByokOperator.Api;
using Kube.Core;

namespace Quickstart;

/// <summary>What becomes of a store once it stands: another key, new material, leaving.</summary>
internal sealed partial class Scene
{
    public const string NextKeyName = "acme-2027";

    /// <summary>The store goes to another key of the tenant's; then the tenant disables the old one,
    /// and nothing happens.</summary>
    /// <param name="next">The other key.</param>
    /// <param name="disable">What the tenant does to the old one.</param>
    public async Task ChangeKeyAsync((TenantEncryptionKeySpec Spec, string Id) next, Action disable)
    {
        await ApplyAsync(next.Spec, NextKeyName);
        await PatchAsync(new JsonObject
        {
            ["spec"] = new JsonObject { ["keyRef"] = new JsonObject { ["name"] = NextKeyName } },
        });
        narrator.Step($"the tenant makes another key, {next.Id}, and writes its name into spec.keyRef: {NextKeyName}");
        var store = await UntilAsync("the store is under the other key", item => IsReady(item)
            && item.Status is { PendingKey: null, PinnedKeys: null } status && status.ActiveKey == next.Id);
        var bucket = store.Status!.Location!.Bucket;
        narrator.Step(store.Status.Reencryption is { } done
            ? $"changed: {done.VersionsReencrypted} objects, the operator's marks among them, were put under the other "
                + $"key where they stand (engine {done.Engine}), and the old key is let go"
            : "changed: the account's root key is wrapped anew, nothing was copied, and the old key is let go");
        narrator.Detail(
            $"one of them is encrypted with {await shelf.EncryptionAsync(bucket, $"{prefix}backup-0000.txt")}");

        disable();
        await UntilKeyAsync("KeyDisabled");
        narrator.Step($"the tenant disables the old key, and nothing happens: {await OutsideAsync(bucket)}");
        if (await stage.Kube.Api<EncryptedStore>()
            .GetAsync(StoreAddress, CancellationToken.None) is not { Status.Availability: "Open" })
        {
            throw new InvalidOperationException("the store hangs on a key that it was let go of");
        }
    }

    /// <summary>Once the next secret was handed over: the key has it, and new data goes under it.</summary>
    public async Task UntilGenerationAsync(int generation)
    {
        await UntilKeyAsync($"it is of generation {generation}", KeyName, key => key.Status?.Generation == generation
            && Conditions.Find(key.Status.Conditions, "GenerationFollowed")?.Status == "True");
        narrator.Step($"rotated: the same KMS key has secret {generation} beside the earlier one; nothing moved");
    }

    /// <summary>The tenant ends bringing a key: its data goes back, and its key is nobody's any more.</summary>
    public async Task LeaveAsync()
    {
        await PatchAsync(new JsonObject
        {
            ["metadata"] = new JsonObject
            {
                ["annotations"] = new JsonObject { [Labels.ConfirmReturn] = $"{StoreName}/{KeyName}" },
            },
            ["spec"] = new JsonObject { ["keyRef"] = null },
        });
        narrator.Step(
            $"the tenant leaves: spec.keyRef is taken away, {Labels.ConfirmReturn}={StoreName}/{KeyName} consents");
        await UntilAsync("the data is back", item => IsReady(item) && item.Status is { ActiveKey: null }
            && item.Status.Location!.Bucket == shelf.Shared.Split('/')[0]);
        await stage.Kube.Api<TenantEncryptionKey>()
            .DeleteAsync(new ObjectKey(ns, KeyName), null, CancellationToken.None);
        await UntilGoneAsync();
        narrator.Step(
            $"left: {await shelf.CountAsync(prefix)} backups stand under {shelf.Shared}/{prefix} again, the store's "
                + $"own place is gone, the binding leads to the shared one, and TenantEncryptionKey {KeyName} is gone");
    }

    private async Task UntilGoneAsync()
    {
        var wait = new Wait(narrator, timeout);
        while (await stage.Kube.Api<TenantEncryptionKey>()
            .TryGetAsync(new ObjectKey(ns, KeyName), CancellationToken.None) is { } key)
        {
            if (wait.IsOver(key.Metadata))
            {
                throw new TimeoutException(
                    $"nothing changed for {timeout.TotalSeconds} s, in vain until {KeyName} was gone");
            }

            await Task.Delay(look);
        }
    }

    private async Task PatchAsync(JsonObject patch) =>
        await stage.Kube.Api<EncryptedStore>().PatchMergeAsync(StoreAddress, patch, CancellationToken.None);
}
