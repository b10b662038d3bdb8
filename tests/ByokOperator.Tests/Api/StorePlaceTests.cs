using System.Text.RegularExpressions;
using ByokOperator.Api;
using ByokOperator.Records;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Api;

public sealed class StorePlaceTests
{
    private static readonly EncryptedStoreSpec OnAzure = new()
    {
        KeyRef = new() { Name = "acme-2026" },
        Azure = new()
        {
            SubscriptionId = "sub",
            ResourceGroup = "byok",
            Location = "westeurope",
            AccountName = "acmebackups",
            Container = "data",
        },
        Shared = new()
        {
            Azure = new()
            {
                AccountName = "platformbackups",
                Container = "backups",
                Prefix = "acme/",
                ResourceGroup = "platform",
            },
        },
    };

    [Theory]
    [InlineData("6a0d3c52-56e2-4b8e-9a44-0d5a8e6f1c11")]
    [InlineData("a")]
    public void A_derived_account_name_is_one_that_Azure_takes(string uid)
    {
        var name = StorePlace.Of(OnAzure with { Azure = OnAzure.Azure! with { AccountName = null } })
            .NameFor("acme", uid);
        Regex.IsMatch(name, "^byok[a-z0-9]{20}/data$").ShouldBeTrue(name);
    }

    [Fact]
    public void Two_uids_that_begin_alike_get_two_accounts()
    {
        var place = StorePlace.Of(OnAzure with { Azure = OnAzure.Azure! with { AccountName = null } });
        place.NameFor("acme", "6a0d3c52-56e2-4b8e-9a44-0d5a8e6f1c11")
            .ShouldNotBe(place.NameFor("acme", "6a0d3c52-56e2-4b8e-9a44-0d5a8e6f1c12"));
    }

    [Fact]
    public void A_derived_bucket_bears_its_tenants_prefix_and_nobody_elses()
    {
        var place = StorePlace.Of(new() { Aws = new() { Region = "eu-west-1" } });
        var name = place.NameFor("acme", "6a0d3c52-56e2-4b8e-9a44-0d5a8e6f1c11");
        Regex.IsMatch(name, "^byok-[0-9a-f]{12}-[0-9a-f]{12}-1$").ShouldBeTrue(name);
        name.ShouldStartWith(DerivedNames.BucketPrefix("acme"));
        name.ShouldNotStartWith(DerivedNames.BucketPrefix("acme-corp"));
        place.NameFor("acme", "6a0d3c52-56e2-4b8e-9a44-0d5a8e6f1c12").ShouldNotBe(name);
    }

    [Fact]
    public void The_longest_names_of_a_tenant_and_an_object_make_a_bucket_that_S3_takes() =>
        StorePlace.Of(new() { Aws = new() { Region = "eu-west-1" } })
            .NameFor(new('t', 253), new('u', 64)).Length.ShouldBeLessThanOrEqualTo(63);

    [Fact]
    public void The_shared_place_is_in_the_stores_subscription_unless_it_says_otherwise()
    {
        var shared = StorePlace.Of(OnAzure).Shared!;
        (shared.Name, shared.Holder,
            shared.Scope).ShouldBe(("platformbackups/backups", "platformbackups", "sub/platform"));
    }

    [Fact]
    public void Two_clouds_are_no_place() =>
        StorePlace.Of(OnAzure with { Aws = new() { Region = "eu-west-1" } }).IsNamed.ShouldBeFalse();

    [Fact]
    public void A_store_that_was_put_on_Azure_stays_where_it_was_put()
    {
        var edited = OnAzure with { Azure = null, Shared = null, Aws = new() { Region = "eu-west-1" } };
        StoredPlace.Of(OnAzure).Restore(edited).ShouldBe(OnAzure);
    }

    [Fact]
    public void A_store_that_was_put_on_AWS_is_not_looked_for_on_Azure()
    {
        var put = new EncryptedStoreSpec { KeyRef = new() { Name = "acme" }, Aws = new() { Region = "eu-west-1" } };
        StoredPlace.Of(put).Restore(put with { Aws = null, Azure = OnAzure.Azure }).ShouldBe(put);
    }

    [Theory]
    [InlineData("eu-west-1",
        "the key acme-2026 is on AWS and the store on Azure: name a key with spec.azureKeyVault or spec.imported.azure")]
    public void A_key_of_the_other_cloud_is_refused_with_both_clouds_named(string region, string message) =>
        StoreRules.CheckKey(
            new EncryptedStore { Spec = OnAzure },
            new TenantEncryptionKey
            {
                Metadata = new() { Name = "acme-2026" },
                Spec = new() { AwsKms = new() { Keys = [new() { Region = region }] } },
            })
            .ShouldBe([new("spec.keyRef.name", message)]);
}
