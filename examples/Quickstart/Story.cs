using ByokOperator.Api;
using Cloud.Keys;
using LocalCloud;

namespace Quickstart;

/// <summary>A tenant with a key in its own account: its data moves under that key, the key is disabled and comes back,
/// another key takes its place, the report is read.</summary>
internal sealed class Story(Stage stage, Narrator narrator, string ns)
{
    private readonly Scene scene = new(stage, narrator, (ns, "acme/"), new S3Shelf(stage, ns));

    public async Task<int> TellAsync()
    {
        var arn = MakeKey();
        narrator.Step($"a tenant's account has a KMS key, {arn}");
        narrator.Detail(
            "its policy is the one that `byok-operator policy` prints: least privilege for the operator's role");
        await scene.MakeSharedDataAsync();
        await scene.ApplyAsync(SpecOf(arn));
        await scene.ApplyStoreAsync();
        return await scene.LiveAsync(enabled => stage.Cloud.Admin.SetKeyState(arn, enabled ? "Enabled" : "Disabled"),
            "account", Another);
    }

    private (TenantEncryptionKeySpec Spec, string Id) Another()
    {
        var arn = MakeKey();
        return (SpecOf(arn), arn);
    }

    private string MakeKey()
    {
        var arn = stage.Cloud.Admin.CreateKey(LocalCloudAccounts.Tenant, Stage.Region);
        stage.Cloud.Admin.SetKeyPolicy(arn, stage.KeyPolicy(arn, ns));
        return arn;
    }

    private static TenantEncryptionKeySpec SpecOf(string arn) => new()
    {
        AwsKms = new AwsKmsSource { Keys = [new AwsKmsKey { Region = Stage.Region, Arn = arn }] },
    };
}
