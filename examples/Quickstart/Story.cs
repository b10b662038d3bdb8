using ByokOperator.Api;
using Cloud.Keys;
using LocalCloud;

namespace Quickstart;

/// <summary>A tenant with a key in its own account: its data moves under that key, the key is disabled and comes back, the report is read.</summary>
internal sealed class Story(Stage stage, Narrator narrator, string ns)
{
    private readonly Scene scene = new(stage, narrator, ns, "acme/");

    public async Task<int> TellAsync()
    {
        var arn = MakeKey();
        await scene.MakeSharedDataAsync();
        await scene.ApplyAsync(new TenantEncryptionKeySpec { AwsKms = new AwsKmsSource { Keys = [new AwsKmsKey { Region = Stage.Region, Arn = arn }] } });
        await scene.ApplyStoreAsync();
        var store = await scene.UntilOpenAsync();
        var bucket = store.Status!.Location!.Bucket;
        narrator.Step($"moved: {store.Status.Migration?.Progress} objects stand in {bucket}, under {store.Status.ActiveKey}");
        await scene.ShowDataAsync(bucket);

        stage.Cloud.Admin.SetKeyState(arn, "Disabled");
        narrator.Step("the tenant disables its key in its own account");
        store = await scene.UntilClosedAsync();
        narrator.Step($"closed: {store.Status!.ClosedReason}; {await scene.OutsideAsync(bucket)}");

        stage.Cloud.Admin.SetKeyState(arn, "Enabled");
        narrator.Step("the tenant enables the same key again");
        await scene.UntilOpenAsync();
        narrator.Step($"open: the same key proved itself; {await scene.OutsideAsync(bucket)}");
        return await scene.ReportAsync();
    }

    private string MakeKey()
    {
        var arn = stage.Cloud.Admin.CreateKey(LocalCloudAccounts.Tenant, Stage.Region);
        stage.Cloud.Admin.SetKeyPolicy(arn, stage.Aws.Policies.RequiredPolicy(new KeyRef(Stage.Region, arn)));
        narrator.Step($"a tenant's account has a KMS key, {arn}");
        narrator.Detail("its policy is the one that `byok-operator policy` prints: least privilege for the operator's role");
        return arn;
    }
}
