using ByokOperator.Api;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Api;

public sealed class KeyUseTests
{
    private static readonly TenantEncryptionKey Key = new()
    {
        Metadata = new() { Name = "acme-2026", Namespace = "acme" },
        Spec = new()
        {
            AwsKms = new()
            {
                Keys = [new() { Region = "eu-west-1", Arn = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd" }],
            },
        },
    };

    [Fact]
    public void A_store_in_a_region_without_a_key_is_told_which_entry_to_add() =>
        StoreRules.CheckKey(Store("a", region: "eu-central-1"), Key)
            .ShouldBe(
                [new("spec.aws.region",
                    "the key acme-2026 has none for region eu-central-1: add an entry for it to that key's "
                        + "spec.awsKms.keys")]);

    [Fact]
    public void A_store_in_a_region_with_a_key_is_fine() => StoreRules.CheckKey(Store("a"), Key).ShouldBeEmpty();

    private static EncryptedStore Store(string name, string region = "eu-west-1") => new()
    {
        Metadata = new() { Name = name, Namespace = "acme" },
        Spec = new() { KeyRef = new() { Name = "acme-2026" }, Aws = new() { Region = region } },
    };
}
