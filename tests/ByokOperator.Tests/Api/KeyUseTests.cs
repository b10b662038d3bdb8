using ByokOperator.Api;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Api;

public sealed class KeyUseTests
{
    private static readonly TenantEncryptionKey Key = new()
    {
        Metadata = new() { Name = "acme-2026", Namespace = "acme" },
        Spec = new() { AwsKms = new() { Keys = [new() { Region = "eu-west-1", Arn = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd" }] } },
    };

    [Fact]
    public void A_store_in_a_region_without_a_key_is_told_which_entry_to_add() =>
        StoreRules.CheckKey(Store("a", region: "eu-central-1"), Key)
            .ShouldBe([new("spec.aws.region", "the key acme-2026 has none for region eu-central-1: add an entry for it to that key's spec.awsKms.keys")]);

    [Fact]
    public void A_store_in_a_region_with_a_key_is_fine() => StoreRules.CheckKey(Store("a"), Key).ShouldBeEmpty();

    [Fact]
    public void A_key_in_use_stays_and_names_its_stores() =>
        KeyRules.CheckDeletion(Key, [Store("b"), Store("a"), Store("c", key: "other")])
            .ShouldBe([new("metadata.deletionTimestamp", "the key is in use and stays until these stores are gone: delete a, b first")]);

    [Fact]
    public void A_key_of_the_same_name_in_another_namespace_is_another_key() =>
        KeyRules.CheckDeletion(Key, [Store("a", ns: "beta")]).ShouldBeEmpty();

    [Fact]
    public void A_message_about_many_stores_has_an_end() =>
        KeyRules.CheckDeletion(Key, [.. Enumerable.Range(10, 90).Select(number => Store($"s{number}"))])
            .Single().Message.ShouldEndWith("s18, s19 and 80 more first");

    private static EncryptedStore Store(string name, string region = "eu-west-1", string key = "acme-2026", string ns = "acme") => new()
    {
        Metadata = new() { Name = name, Namespace = ns },
        Spec = new() { KeyRef = new() { Name = key }, Aws = new() { Region = region } },
    };
}
