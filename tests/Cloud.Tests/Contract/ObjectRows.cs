using System.Security.Cryptography;
using Cloud.Objects;
using Cloud.Stores;
using Shouldly;

namespace Cloud.Tests.Contract;

/// <summary>What every cloud's data plane has to keep.</summary>
internal static class ObjectRows
{
    private static readonly CancellationToken None = CancellationToken.None;

    public static readonly IReadOnlyList<ObjectRow> All =
    [
        new("A copy of what changed meanwhile is refused", async world =>
        {
            var (shared, target) = (await world.SharedAsync(), await world.StoreAsync());
            await world.PutAsync(shared.Store, "acme/a", "old");
            var listed = (await world.ListAsync(shared.Store, "acme/")).Single();
            await world.PutAsync(shared.Store, "acme/a", "new");
            var failure = await Should.ThrowAsync<CloudException>(() =>
                world.Objects.CopyAsync(Order(shared, listed, target), None));
            failure.Problem.ShouldBeOfType<CloudProblem.Conflict>();
        }),
        new("An older version is copied as that version", async world =>
        {
            var (shared, target) = (await world.SharedAsync(versioned: true), await world.StoreAsync(versioned: true));
            await world.PutAsync(shared.Store, "acme/a", "old");
            await world.PutAsync(shared.Store, "acme/a", "new");
            var older = (await world.ListAsync(shared.Store, "acme/")).Single(version => !version.IsLatest);
            await world.Objects.CopyAsync(Order(shared, older, target), None);
            (await world.Objects.HashAsync(target.Store, "acme/a", null, None)).ShouldBe(SHA256.HashData("old"u8));
        }),
        new("A copy under a disabled key fails and leaves nothing", async world =>
        {
            var (shared, target) = (await world.SharedAsync(), await world.StoreAsync());
            await world.PutAsync(shared.Store, "acme/a", "x");
            await world.DisableAsync(target.Key);
            var listed = (await world.ListAsync(shared.Store, "acme/")).Single();
            var failure = await Should.ThrowAsync<CloudException>(() =>
                world.Objects.CopyAsync(Order(shared, listed, target), None));
            failure.Problem.ShouldBeOfType<CloudProblem.KeyUnusable>();
            (await world.ListAsync(target.Store, "")).ShouldBeEmpty();
        }),
        new("A listing has every version and marker, newest first, in key order", async world =>
        {
            var shared = await world.SharedAsync(versioned: true);
            await world.PutAsync(shared.Store, "acme/a", "1");
            await world.PutAsync(shared.Store, "acme/a", "2");
            await world.Objects.MarkDeletedAsync(shared.Store, "acme/a", None);
            await world.PutAsync(shared.Store, "acme/b", "1");
            var listed = await world.ListAsync(shared.Store, "acme/");
            listed.Select(version => (version.Key, version.IsDeleteMarker, version.IsLatest)).ShouldBe(
                [("acme/a", true, true), ("acme/a", false, false), ("acme/a", false, false), ("acme/b", false, true)]);
            (await world.ListAsync(shared.Store, "acme/", "acme/a")).Select(version => version.Key)
                .ShouldBe(["acme/b"]);
        }),
        new("Keys of any letters come back as they were written, and go", async world =>
        {
            var shared = await world.SharedAsync();
            string[] keys =
            [
                "acme/a b", "acme/a+b", "acme/a%20b", "acme/ü/名前", "acme/q?x=1&y", "acme/'\"<>", "acme/&amp;#1;",
                "acme/", "acme/ ", "acme//b", "acme/a ", "acme/\u3000",
                "acme/\u0001", "acme/\u001F\u007F\u0085", "acme/\t", "acme/\r\n", "acme/\uFFFE", "acme/a\uFFFF",
                "acme/\u2028", "acme/e\u0301", "acme/\u00E9",
            ];
            foreach (var key in keys)
            {
                await world.PutAsync(shared.Store, key, "x");
            }

            var listed = await world.ListAsync(shared.Store, "acme/");
            listed.Select(version => version.Key).ShouldBe(keys, ignoreOrder: true);
            var target = await world.StoreAsync();
            foreach (var version in listed)
            {
                await world.Objects.CopyAsync(Order(shared, version, target), None);
            }

            var copied = await world.ListAsync(target.Store, "acme/");
            copied.Select(version => version.Key).ShouldBe(keys, ignoreOrder: true);
            await world.Objects.DeleteVersionsAsync(target.Store, copied, None);
            (await world.ListAsync(target.Store, "")).ShouldBeEmpty();
        }),
        new("A listing goes on after any key, in the cloud's own order", async world =>
        {
            var shared = await world.SharedAsync(versioned: true);
            string[] names = ["a", "a/b", "a0", "\u00E9", "\uD7FF", "\uE000", "\uFF08x", "\uFFFD", "\U00010000",
                "\U0001F600", "\U0001F600/1", "\U0010FFFD"];
            foreach (var name in names.Concat(names.Take(3)))
            {
                await world.PutAsync(shared.Store, "acme/" + name, "x");
            }

            var listed = (await world.ListAsync(shared.Store, "acme/")).ConvertAll(version => version.Key);
            listed.ShouldBe(listed.Order(ObjectOrder.Of(shared.Store.Cloud)));
            listed.Distinct().Count().ShouldBe(names.Length);
            foreach (var after in listed.Distinct())
            {
                (await world.ListAsync(shared.Store, "acme/", after)).ConvertAll(version => version.Key)
                    .ShouldBe(listed.Skip(listed.LastIndexOf(after) + 1), after);
            }
        }),
        new("A listing goes on past one page", async world =>
        {
            var shared = await world.SharedAsync();
            await Parallel.ForEachAsync(Enumerable.Range(0, 1005),
                async (number, _) => await world.PutAsync(shared.Store, $"acme/{number:D4}", "x"));
            (await world.ListAsync(shared.Store, "acme/")).Count.ShouldBe(1005);
        }),
        new("An unversioned object is deleted only while it is the one listed", async world =>
        {
            var shared = await world.SharedAsync();
            await world.PutAsync(shared.Store, "acme/a", "old");
            var listed = await world.ListAsync(shared.Store, "acme/");
            await world.PutAsync(shared.Store, "acme/a", "new");
            var failure = await Should.ThrowAsync<CloudException>(() =>
                world.Objects.DeleteVersionsAsync(shared.Store, listed, None));
            failure.Problem.ShouldBeOfType<CloudProblem.Conflict>();
            (await world.ListAsync(shared.Store, "acme/")).Count.ShouldBe(1);
        }),
        new("Versions and markers are deleted for good, and twice is once", async world =>
        {
            var shared = await world.SharedAsync(versioned: true);
            await world.PutAsync(shared.Store, "acme/a", "1");
            await world.Objects.MarkDeletedAsync(shared.Store, "acme/a", None);
            var listed = await world.ListAsync(shared.Store, "acme/");
            await world.Objects.DeleteVersionsAsync(shared.Store, listed, None);
            await world.Objects.DeleteVersionsAsync(shared.Store, listed, None);
            (await world.ListAsync(shared.Store, "acme/")).ShouldBeEmpty();
        }),
        new("A mark is written under its condition and the tenant's key", async world =>
        {
            var spec = await world.StoreAsync();
            (await world.Objects.ReadMarkAsync(spec.Store, ".byok/m", None)).ShouldBeNull();
            var first = await WriteAsync(world, spec, "1", Mark.OnlyNew);
            (await Should.ThrowAsync<CloudException>(() => WriteAsync(world, spec, "2", Mark.OnlyNew))).Problem
                .ShouldBeOfType<CloudProblem.Conflict>();
            var second = await WriteAsync(world, spec, "2", first);
            (await Should.ThrowAsync<CloudException>(() => WriteAsync(world, spec, "3", first))).Problem
                .ShouldBeOfType<CloudProblem.Conflict>();
            var mark = await world.Objects.ReadMarkAsync(spec.Store, ".byok/m", None);
            (mark!.ETag, mark.Content.ToArray().Single()).ShouldBe((second, (byte)'2'));
            (await world.Objects.HeadAsync(spec.Store, ".byok/m", null, None))!.KeyId.ShouldBe(spec.Key.Id);
        }),
        new("What is not there has no head", async world =>
        {
            var shared = await world.SharedAsync();
            (await world.Objects.HeadAsync(shared.Store, "acme/none", null, None)).ShouldBeNull();
        }),
    ];

    public static CopyOrder Order(SharedRef shared, ObjectVersion version, StoreSpec target) =>
        new(shared.Store, version, target.Store, version.Key, target.Key, target.BucketKey);

    private static Task<string> WriteAsync(IObjectWorld world, StoreSpec spec, string content, string? condition) =>
        world.Objects.WriteMarkAsync(spec.Store, ".byok/m", System.Text.Encoding.UTF8.GetBytes(content), spec.Key,
            condition, None);
}
