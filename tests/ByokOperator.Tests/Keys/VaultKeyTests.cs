using ByokOperator.Api;
using ByokOperator.Cluster;
using ByokOperator.Keys;
using ByokOperator.Records;
using Cloud;
using Cloud.Keys;
using Kube.Core;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Keys;

/// <summary>A vault's key in the clouds' terms: which version is held, and which key it stays.</summary>
public sealed class VaultKeyTests
{
    private const string First = "11111111111111111111111111111111";
    private const string Second = "22222222222222222222222222222222";
    private const string Third = "33333333333333333333333333333333";
    private const string Id = "https://acme.vault.azure.net/keys/acme";

    private static readonly Canary Once = new(Id, First, new byte[] { 1 }, new Dictionary<string, string>());
    private static readonly Canary Rotated = Once with { Successor = new CanarySuccessor(Second, new byte[] { 2 }) };

    [Fact]
    public void Without_a_hold_the_newest_is_meant()
    {
        var reference = KeyRefs.Of(Key(), KeyRef.AnyRegion, Id, Rotated, Third);

        (reference.Id, reference.Cloud).ShouldBe((Id, CloudKind.Azure));
        reference.Tenancy.ShouldBe(new KeyTenancy("tenant", "client"));
    }

    [Fact]
    public void A_version_that_the_spec_names_is_held_and_is_no_other_key()
    {
        var reference = KeyRefs.Of(Key(version: Second), KeyRef.AnyRegion, Id, Once);

        reference.Id.ShouldBe($"{Id}/{Second}");
        reference.Identity.ShouldBe(Id);
    }

    [Theory]
    [InlineData(null, Second)]
    [InlineData(First, First)]
    [InlineData(Second, Second)]
    [InlineData(Third, Third)]
    [InlineData("00000000000000000000000000000000", Second)]
    public void A_confirmation_is_followed_only_to_a_version_that_was_seen(string? confirmed, string held) =>
        KeyRefs.Of(Key(confirmed: confirmed, isManual: true), KeyRef.AnyRegion, Id, Rotated, Third).Id
            .ShouldBe($"{Id}/{held}");

    [Fact]
    public void A_store_follows_a_confirmed_version_once_it_was_proved() =>
        KeyRefs.Of(Key(confirmed: Third, isManual: true), KeyRef.AnyRegion, Id, Rotated).Id.ShouldBe($"{Id}/{Second}");

    [Fact]
    public void A_canary_keeps_its_heir_through_its_writing()
    {
        var read = KeyRecordCanary.OfText(KeyRecordCanary.Of(Rotated).Text()).ToCanary();

        read.Successor!.MaterialId.ShouldBe(Second);
        StoredCanary.Of(read).Digest.ShouldBe(StoredCanary.Of(Once).Digest);
    }

    [Fact]
    public void Whoever_names_another_vault_goes_on_being_asked_for_the_first_key()
    {
        var edited = Key(vault: "https://evil.vault.azure.net", version: Second);

        var standing = PinnedKeySpec.Of(edited, Recorded(Once)).Spec;

        standing.AzureKeyVault!.KeyId.ShouldBe(Id);
        standing.AzureKeyVault.KeyVersion.ShouldBeNull();
        KeyRules.CheckChange(standing, edited.Spec).ShouldHaveSingleItem().Field.ShouldBe("spec.azureKeyVault");
    }

    private static TenantEncryptionKey Key(
        string vault = "https://acme.vault.azure.net", string? version = null, string? confirmed = null,
        bool isManual = false) => new()
    {
        Metadata = new ObjectMeta { Name = "key", Namespace = "tenant", Uid = "uid" },
        Spec = new TenantEncryptionKeySpec
        {
            Rotation = new KeyRotation { Confirmation = isManual ? KeyRotation.Manual
                : KeyRotation.Automatic, ConfirmedVersion = confirmed },
            AzureKeyVault = new AzureKeyVaultSource
            {
                VaultUri = vault,
                KeyName = "acme",
                KeyVersion = version,
                TenantId = "tenant",
                ClientId = "client",
            },
        },
    };

    private static KeyRecord Recorded(Canary canary) =>
        KeyRecord.New(RecordOwner.Of(Key().Metadata))
            .With(KeyRef.AnyRegion, region => region with { Canary = KeyRecordCanary.Of(canary) });
}
