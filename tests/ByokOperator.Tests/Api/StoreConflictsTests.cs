using ByokOperator.Api;
using Kube.Core;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Api;

public sealed class StoreConflictsTests
{
    private static readonly DateTimeOffset Morning = new(2026, 11, 21, 6, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("acme/", "acme2/")]
    [InlineData("acme/", "beta/acme/")]
    [InlineData("a/b/", "a/c/")]
    public void Neighbours_do_not_conflict(string older, string newer) =>
        Check(Store("one", older), Store("two", newer, minutes: 1)).ShouldBeEmpty();

    [Theory]
    [InlineData("acme/", "acme/x/")]
    [InlineData("acme/x/", "acme/")]
    public void The_newer_of_two_overlapping_prefixes_is_refused_whichever_is_the_longer(string older, string newer) =>
        Check(Store("one", older), Store("two", newer, minutes: 1))
            .ShouldBe(
                [new("spec.shared.aws.prefix",
                    "the prefix overlaps that of store one, and objects would belong to both: name one beside it, not "
                        + "above or below")]);

    [Fact]
    public void The_older_store_stays_untouched_by_a_newcomer() =>
        StoreConflicts.Check(Store("one", "acme/"), [Store("one", "acme/"), Store("two", "acme/", minutes: 1)])
            .ShouldBeEmpty();

    [Fact]
    public void Two_stores_cannot_take_one_prefix() =>
        Check(Store("one", "acme/"), Store("two", "acme/", minutes: 1))
            .ShouldBe(
                [new("spec.shared.aws.prefix",
                    "store one already takes this prefix of the bucket: one store per prefix, name another one")]);

    [Fact]
    public void Of_two_stores_of_the_same_second_exactly_one_is_refused()
    {
        EncryptedStore[] both = [Store("two", "acme/"), Store("one", "acme/")];
        both.Select(store => StoreConflicts.Check(store, both).Count).ShouldBe([1, 0]);
    }

    [Fact]
    public void The_same_prefix_of_another_bucket_is_another_place() =>
        Check(Store("one", "acme/"), Store("two", "acme/", minutes: 1, shared: "other-backups")).ShouldBeEmpty();

    [Fact]
    public void A_bucket_name_is_taken_once() =>
        Check(Store("one", "acme/", bucket: "acme-own"), Store("two", "beta/", minutes: 1, bucket: "acme-own"))
            .ShouldBe(
                [new("spec.aws.bucketName",
                    "store one already uses this bucket: choose another name, or leave it out")]);

    [Fact]
    public void The_shared_bucket_of_another_store_cannot_become_a_store() =>
        Check(Store("one", "acme/"),
            Store("two", "beta/", minutes: 1, bucket: "platform-backups", shared: "other-backups"))
            .Single().Field.ShouldBe("spec.aws.bucketName");

    [Fact]
    public void Another_tenants_encrypted_store_cannot_be_named_as_the_shared_bucket() =>
        Check(Store("one", "acme/", bucket: "acme-own"), Store("two", "x/", minutes: 1, shared: "acme-own"))
            .Single().Field.ShouldBe("spec.shared.aws.bucket");

    [Fact]
    public void A_message_does_not_tell_the_name_of_an_object_in_another_namespace() =>
        Check(Store("secret-name", "acme/", ns: "tenant-a"), Store("two", "acme/x/", minutes: 1, ns: "tenant-b"))
            .Single().Message.ShouldNotContain("secret-name");

    [Fact]
    public void An_account_is_one_stores_alone() =>
        Check(OnAzure("one", "acme/", account: "acmeown"), OnAzure("two", "beta/", minutes: 1, account: "acmeown"))
            .ShouldBe(
                [new("spec.azure.accountName",
                    "store one already uses this account: choose another name, or leave it out")]);

    [Fact]
    public void Another_tenants_account_cannot_be_named_as_the_shared_one_whatever_the_container() =>
        Check(OnAzure("one", "acme/", account: "acmeown"), OnAzure("two", "x/", minutes: 1, shared: "acmeown"))
            .ShouldBe(
                [new("spec.shared.azure.accountName",
                    "this account is the encrypted store of store one: name the shared account")]);

    [Fact]
    public void Two_stores_cannot_take_one_prefix_of_a_container() =>
        Check(OnAzure("one", "acme/"), OnAzure("two", "acme/", minutes: 1))
            .ShouldBe(
                [new("spec.shared.azure.prefix",
                    "store one already takes this prefix of the container: one store per prefix, name another one")]);

    [Theory]
    [InlineData("acme/", null,
        "store one already takes a prefix of this container, and objects would belong to both: name a prefix beside "
            + "it, or another container")]
    [InlineData(null, "acme/", "store one already takes the whole container: name a place outside of it")]
    [InlineData(null, null, "store one already takes the whole container: name a place outside of it")]
    public void A_container_is_taken_whole_or_in_parts(string? older, string? newer, string told) =>
        Check(OnAzure("one", older), OnAzure("two", newer, minutes: 1))
            .ShouldBe([new("spec.shared.azure.prefix", told)]);

    [Fact]
    public void Another_container_of_the_account_is_another_place() =>
        Check(OnAzure("one", prefix: null), OnAzure("two", prefix: null, minutes: 1) is var two
            ? two with
            {
                Spec =
                    two.Spec with { Shared = new() { Azure = two.Spec.Shared!.Azure! with { Container = "others" } } },
            }
            : throw new InvalidOperationException()).ShouldBeEmpty();

    [Fact]
    public void One_name_on_two_clouds_is_two_places() =>
        Check(Store("one", "acme/", bucket: "acmeown", shared: "backups"),
            OnAzure("two", "acme/", minutes: 1, account: "acmeown", shared: "backups"))
            .ShouldBeEmpty();

    private static EncryptedStore OnAzure(
        string name, string? prefix, int minutes = 0, string? account = null, string shared = "platformbackups") =>
        Store(name, prefix ?? "", minutes) with
        {
            Spec = new()
            {
                KeyRef = new() { Name = "acme-2026" },
                Azure =
                    new() { SubscriptionId = "s", ResourceGroup = "g", Location = "westeurope", AccountName = account },
                Shared = new() { Azure = new() { AccountName = shared, Container = "backups", Prefix = prefix } },
            },
        };

    private static IReadOnlyList<Violation> Check(EncryptedStore older, EncryptedStore newer) =>
        StoreConflicts.Check(newer, [older, newer]);

    private static EncryptedStore Store(
        string name, string prefix, int minutes = 0, string? bucket = null, string shared = "platform-backups",
        string ns = "tenants") => new()
        {
            Metadata =
                new() { Name = name, Namespace = ns, Uid = name, CreationTimestamp = Morning.AddMinutes(minutes) },
            Spec = new()
            {
                KeyRef = new() { Name = "acme-2026" },
                Aws = new() { Region = "eu-west-1", BucketName = bucket },
                Shared = new() { Aws = new() { Bucket = shared, Prefix = prefix } },
            },
        };
}
