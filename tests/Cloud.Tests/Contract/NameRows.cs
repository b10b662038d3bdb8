using Amazon.S3.Model;
using Shouldly;

namespace Cloud.Tests.Contract;

/// <summary>Names that S3 takes and that get lost on some way: in XML, in addresses, in encodings.</summary>
internal static class NameRows
{
    private static readonly CancellationToken None = CancellationToken.None;

    /// <summary>Each after the prefix.</summary>
    private static readonly string[] Names =
    [
        .. Enumerable.Range(1, 0x1F).Select(code => $"c0-{(char)code}-"), "del-\u007F", "c1-\u0085", "\u0001", "end\n",
        "\r\n", "\t", "ff-\uFFFE-\uFFFF", "line-\u2028\u2029",
        "", " ", " both ", "nbsp\u00A0", "\u3000", "a//b", "/", "folder/", "...", ".", "..", "a/../b", "./a", "../a",
        "a/.", "a+b c%20d%2Fe%zz", "&amp;<>\"']]>", "&#x1;", "?a=b&c#d", "\\", "~!*'()",
        "\uFF08x", "\U0001F600", "e\u0301", "\u00E9", new string('n', 1000),
    ];

    public static readonly IReadOnlyList<ContractRow> All =
    [
        new("Whatever a name is, it is listed, copied and deleted", world => WholeLifeAsync(world, versioned: false)),
        new("Whatever a name is, each of its versions is listed, copied and deleted",
            world => WholeLifeAsync(world, versioned: true)),
        new("A name that XML can't hold is copied by parts too, and what S3 says of it is understood", async world =>
        {
            using var cloud = world.Adapters(multipartAbove: 1);
            var (shared, target) = (await world.SharedAsync(), await world.StoreAsync());
            await world.PutAsync(shared.Store, "acme/\u0001\uFFFE", "content");
            var listed = (await world.ListAsync(shared.Store, "acme/")).Single();
            await cloud.Objects.CopyAsync(ObjectRows.Order(shared, listed, target), None);
            (await world.ListAsync(target.Store, "acme/")).Single().Key.ShouldBe(listed.Key);
            await world.Objects.DeleteVersionsAsync(shared.Store, [listed], None);
            (await Should.ThrowAsync<CloudException>(() =>
                world.Objects.HashAsync(shared.Store, listed.Key, null, None))).Problem.Code.ShouldBe("NoSuchKey");
            (await world.Objects.ReadMarkAsync(shared.Store, listed.Key, None)).ShouldBeNull();
        }),
        new("A shared place is described whatever its names are", async world =>
        {
            var shared = await world.SharedAsync();
            await world.PutAsync(shared.Store, "acme/\u0001", "content");
            await world.Platform.InitiateMultipartUploadAsync(
                new InitiateMultipartUploadRequest { BucketName = shared.Store.Name, Key = "acme/upload" });
            var seen = await world.Cloud.Stores.DescribeSharedAsync(shared, "owner", None);
            (seen.IsEmpty, seen.UnfinishedUploads).ShouldBe((false, 1));
        }),
        new("One that is not the listed one any more stands in the way of its name alone", async world =>
        {
            var shared = await world.SharedAsync();
            await world.PutAsync(shared.Store, "acme/\u0001", "old");
            var listed = await world.ListAsync(shared.Store, "acme/");
            await world.PutAsync(shared.Store, "acme/\u0001", "new");
            var failure = await Should.ThrowAsync<CloudException>(() =>
                world.Objects.DeleteVersionsAsync(shared.Store, listed, None));
            failure.Problem.ShouldBeOfType<CloudProblem.Conflict>();
            (await world.ListAsync(shared.Store, "acme/")).Count.ShouldBe(1);
        }),
    ];

    private static async Task WholeLifeAsync(ContractWorld world, bool versioned)
    {
        var (shared, target) = (await world.SharedAsync(versioned), await world.StoreAsync(versioned));
        var keys = Names.Select(name => "acme/" + name).ToList();
        var writes = versioned ? 2 : 1;
        for (var write = 0; write < writes; write++)
        {
            await Parallel.ForEachAsync(keys, async (key, _) => await world.PutAsync(shared.Store, key, key));
        }

        var listed = await world.ListAsync(shared.Store, "acme/");
        listed.Select(version => version.Key).Distinct().ShouldBe(keys.Order(Comparer<string>.Create(CompareBytes)));
        listed.Count.ShouldBe(keys.Count * writes);
        foreach (var version in Enumerable.Reverse(listed))
        {
            await world.Objects.CopyAsync(ObjectRows.Order(shared, version, target), None);
        }

        (await world.ListAsync(target.Store, "acme/")).Select(version => version.Key)
            .ShouldBe(listed.Select(version => version.Key));
        await world.Objects.DeleteVersionsAsync(shared.Store, listed, None);
        (await world.ListAsync(shared.Store, "")).ShouldBeEmpty();
    }

    private static int CompareBytes(string one, string other) =>
        System.Text.Encoding.UTF8.GetBytes(one).AsSpan().SequenceCompareTo(System.Text.Encoding.UTF8.GetBytes(other));
}
