using ByokOperator.Api;
using ByokOperator.Cluster;
using ByokOperator.Records;
using Cloud.Keys;
using Kube.Core;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Keys;

/// <summary>What of a refused key goes on: what was begun, and nothing beside it.</summary>
public sealed class KeyScopeTests
{
    private static readonly KeyRecordCanary canary =
        new("arn:aws:kms:eu-west-1:222222222222:key/1", "m", "AQID", new Dictionary<string, string>());

    private static readonly TenantEncryptionKey brought = Key(new()
    {
        AwsKms = new()
        {
            Keys = [new() { Region = "eu-west-1", Arn = canary.KeyId },
                new() { Region = "eu-central-1", Arn = "arn:aws:kms:eu-central-1:222222222222:key/2" }],
        },
    });

    private static readonly TenantEncryptionKey imported =
        Key(new() { Imported = new() { Aws = new() { Regions = ["eu-west-1", "eu-central-1"] } } });

    [Fact]
    public void Nothing_of_a_key_that_was_never_begun_goes_on()
    {
        KeyScope.Begun(brought, new Recorded<KeyRecord>.Absent()).ShouldBeNull();
        KeyScope.Begun(brought,
            Recorded(new() { Regions = Only("eu-west-1", new() { UnknownSince = DateTimeOffset.UnixEpoch }) }))
            .ShouldBeNull("that nobody could ask it is no beginning");
        KeyScope.Begun(imported, Recorded(new())).ShouldBeNull();
    }

    [Fact]
    public void A_region_that_was_proved_is_asked_and_no_other() =>
        KeyScope.Begun(brought,
            Recorded(new() { Spec = brought.Spec, Regions = Only("eu-west-1", new() { Canary = canary }) }))!
            .Spec.AwsKms!.Keys.Select(key => key.Region).ShouldBe(["eu-west-1"]);

    [Fact]
    public void A_key_of_the_platforms_own_that_was_made_and_never_proved_goes_on_for_its_material_may_be_there()
    {
        var begun = imported.Spec with { Imported = new() { Aws = new() { Regions = ["eu-west-1"] } } };
        KeyScope.Begun(imported, Recorded(new() { Spec = begun, Regions = Only("eu-west-1", new()) }))!
            .Spec.Imported!.Aws!.Regions.ShouldBe(["eu-west-1"], "the second was never given");
        KeyScope.Begun(imported,
            Recorded(new() { Regions = Only("eu-central-1", new() { CreatingSince = DateTimeOffset.UnixEpoch }) }))!
            .Spec.Imported!.Aws!.Regions.ShouldBe(["eu-central-1"]);
    }

    [Fact]
    public void A_vaults_key_goes_on_where_it_was_made_whatever_the_spec_names_since()
    {
        var made = new AzureImport { VaultUri = "https://first.vault.azure.net", KeyName = "acme" };
        var now = Key(new() { Imported = new() { Azure = made with { VaultUri = "https://second.vault.azure.net" } } });
        var record = new KeyRecord
        {
            Spec = new() { Imported = new() { Azure = made } },
            Regions = Only(KeyRef.AnyRegion, new()),
        };
        KeyScope.Begun(now, Recorded(record))!.Spec.Imported!.Azure.ShouldBe(made);
    }

    [Fact]
    public void What_is_recorded_of_it_and_can_not_be_read_may_be_anything() =>
        KeyScope.Begun(brought, new Recorded<KeyRecord>.Unreadable("no JSON", "restore it")).ShouldBe(brought);

    private static TenantEncryptionKey Key(TenantEncryptionKeySpec spec) =>
        new() { Metadata = new ObjectMeta { Name = "key", Namespace = "acme", Uid = "u" }, Spec = spec };

    private static Recorded<KeyRecord> Recorded(KeyRecord record) => new Recorded<KeyRecord>.Authentic(record);

    private static Dictionary<string, KeyRecordRegion> Only(string region, KeyRecordRegion what) =>
        new() { [region] = what };
}
