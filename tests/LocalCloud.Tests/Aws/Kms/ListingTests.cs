using Amazon.KeyManagementService.Model;
using Shouldly;
using Xunit;

namespace LocalCloud.Tests.Aws.Kms;

/// <summary>Keys, tags and aliases, page by page; and what becomes of an alias.</summary>
public sealed class ListingTests(CloudFixture cloud) : IClassFixture<CloudFixture>
{
    [Fact]
    public async Task Keys_are_listed_page_by_page()
    {
        var kms = cloud.Kms(CloudFixture.Operator, "eu-north-1");
        var made = new List<string>();
        for (var count = 0; count < 5; count++)
        {
            made.Add((await kms.CreateKeyAsync(new CreateKeyRequest())).KeyMetadata.Arn);
        }

        var seen = new List<string>();
        ListKeysResponse page;
        string? marker = null;
        var tooMany = 1001;
        do
        {
            page = await kms.ListKeysAsync(new ListKeysRequest { Limit = 2, Marker = marker });
            page.Keys.Count.ShouldBeLessThanOrEqualTo(2);
            seen.AddRange(page.Keys.Select(key => key.KeyArn));
            marker = page.NextMarker;
        }
        while (page.Truncated is true);

        seen.ShouldBe(made, ignoreOrder: true);
        await Expect.Problem(400, "ValidationException",
            () => kms.ListKeysAsync(new ListKeysRequest { Limit = tooMany }));
    }

    [Fact]
    public async Task Tags_are_listed_page_by_page()
    {
        var key = (await cloud.OperatorKms.CreateKeyAsync(
            new CreateKeyRequest { Tags = [Tag("a"), Tag("b"), Tag("c")] })).KeyMetadata.Arn;
        var first =
            await cloud.OperatorKms.ListResourceTagsAsync(new ListResourceTagsRequest { KeyId = key, Limit = 2 });
        (first.Truncated, first.Tags.Count).ShouldBe((true, 2));
        var rest = await cloud.OperatorKms.ListResourceTagsAsync(
            new ListResourceTagsRequest { KeyId = key, Limit = 2, Marker = first.NextMarker });
        (rest.Truncated, rest.Tags.Single().TagKey).ShouldBe((false, "c"));
    }

    [Fact]
    public async Task An_alias_is_taken_once_moved_on_request_and_goes_with_its_key()
    {
        var (first, second) = (await Key(), await Key());
        var name = "alias/" + cloud.Name("claim");
        await Expect.Problem(400, "NotFoundException",
            () => cloud.OperatorKms.UpdateAliasAsync(new UpdateAliasRequest { AliasName = name, TargetKeyId = first }));
        await cloud.OperatorKms.CreateAliasAsync(new CreateAliasRequest { AliasName = name, TargetKeyId = first });
        await Expect.Problem(400, "AlreadyExistsException",
            () =>
                cloud.OperatorKms.CreateAliasAsync(new CreateAliasRequest { AliasName = name, TargetKeyId = second }));
        (await cloud.OperatorKms.DescribeKeyAsync(name)).KeyMetadata.Arn.ShouldBe(first);
        await cloud.OperatorKms.UpdateAliasAsync(new UpdateAliasRequest { AliasName = name, TargetKeyId = second });
        (await cloud.OperatorKms.DescribeKeyAsync(name)).KeyMetadata.Arn.ShouldBe(second);
        (await cloud.OperatorKms.ListAliasesAsync(new ListAliasesRequest { KeyId = second })).Aliases.Single().AliasName
            .ShouldBe(name);
        cloud.Admin.RemoveKey(second);
        await Expect.Problem(400, "NotFoundException", () => cloud.OperatorKms.DescribeKeyAsync(name));
        await cloud.OperatorKms.CreateAliasAsync(new CreateAliasRequest { AliasName = name, TargetKeyId = first });
    }

    [Fact]
    public async Task A_key_waiting_for_deletion_gets_neither_alias_nor_tag()
    {
        var key = await Key();
        await cloud.OperatorKms.ScheduleKeyDeletionAsync(key, 7);
        await Expect.Problem(400, "KMSInvalidStateException",
            () =>
                cloud.OperatorKms.CreateAliasAsync(
                    new CreateAliasRequest { AliasName = "alias/" + cloud.Name("late"), TargetKeyId = key }));
        await Expect.Problem(400, "KMSInvalidStateException",
            () => cloud.OperatorKms.TagResourceAsync(new TagResourceRequest { KeyId = key, Tags = [Tag("a")] }));
    }

    private async Task<string> Key() =>
        (await cloud.OperatorKms.CreateKeyAsync(new CreateKeyRequest())).KeyMetadata.Arn;

    private static Tag Tag(string name) => new() { TagKey = name, TagValue = "x" };
}
