using System.Security.Cryptography;
using System.Text;
using Cloud;
using Cloud.Objects;
using Cloud.Stores;
using NSubstitute;
using Shouldly;
using Xunit;

namespace Byok.Copying.Tests;

/// <summary>What of a place that others write to as well may be deleted again: nothing that is lost with it.</summary>
public sealed class OwnCopiesTests
{
    private const string Key = "acme/a";

    private static readonly StoreRef store = new("westeurope", "store/data") { Cloud = CloudKind.Azure };
    private static readonly StoreRef place =
        HeldPlace.Of(new StoreRef("westeurope", "shared/data") { Cloud = CloudKind.Azure });

    private readonly IObjectData data = Substitute.For<IObjectData>();
    private readonly Dictionary<(StoreRef Store, string? Version), string> contents = [];
    private readonly List<ObjectVersion> ofStore = [];

    public OwnCopiesTests()
    {
        data.ListVersionsAsync(store, Key, null, Arg.Any<CancellationToken>())
            .Returns(_ => ofStore.ToAsyncEnumerable());
        data.HashAsync(default!, default!, default, default).ReturnsForAnyArgs(
            call =>
                SHA256.HashData(Encoding.UTF8.GetBytes(contents[(call.ArgAt<StoreRef>(0), call.ArgAt<string?>(2))])));
        data.HoldAsync(default!, default!, default).ReturnsForAnyArgs(true);
    }

    private OwnCopies Own => new(data, store, place);

    [Fact]
    public async Task What_is_held_is_ours_and_what_somebody_wrote_is_not()
    {
        Held(true);
        await Own.DemandAsync([Standing("one", null, isLatest: true)], byName: false, CancellationToken.None);
        await data.DidNotReceiveWithAnyArgs().HashAsync(default!, default!, default, default);
        Held(false);
        (await RefusedAsync([Standing("one", null, isLatest: true)], byName: true)).ShouldBe(Key);
        Stored("two");
        (await RefusedAsync([Standing("one", null, isLatest: true)], byName: true)).ShouldBe(Key);
    }

    [Fact]
    public async Task What_is_not_held_and_is_what_the_store_has_is_held_first_and_refused_where_it_changed_by_then()
    {
        Held(false);
        Stored("one");
        var standing = Standing("one", null, isLatest: true);
        await Own.DemandAsync([standing], byName: false, CancellationToken.None);
        await data.Received(1).HoldAsync(place, standing, Arg.Any<CancellationToken>());
        data.HoldAsync(default!, default!, default).ReturnsForAnyArgs(false);
        (await RefusedAsync([standing], byName: false)).ShouldBe(Key);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task
        A_version_that_is_kept_beside_what_is_held_is_ours_where_the_store_has_the_same_or_where_names_are_asked_for(
            bool hasSame)
    {
        Held(true);
        Stored(hasSame ? "one" : "two");
        ObjectVersion[] standing = [Standing("new", "v2", isLatest: true), Standing("one", "v1", isLatest: false)];
        if (hasSame)
        {
            await Own.DemandAsync(standing, byName: false, CancellationToken.None);
        }
        else
        {
            (await RefusedAsync(standing, byName: false)).ShouldBe(Key);
        }

        await Own.DemandAsync(standing, byName: true, CancellationToken.None);
        Held(false);
        (await RefusedAsync(standing, byName: true)).ShouldBe(Key);
    }

    [Fact]
    public async Task Checksums_that_are_kept_are_compared_without_reading_and_other_sizes_are_not_read()
    {
        Held(false);
        var sum = new Checksum("MD5", "a", IsFullObject: true);
        ofStore.Add(Standing("one", "s1", isLatest: true) with { Checksum = sum });
        await Own.DemandAsync([Standing("one", "v1", isLatest: false) with { Checksum = sum }], byName: false,
            CancellationToken.None);
        (await RefusedAsync([Standing("one", "v1", isLatest: false) with { Checksum = sum with { Value = "b" } }],
            byName: false)).ShouldBe(Key);
        (await RefusedAsync([Standing("longer", "v1", isLatest: false)], byName: false)).ShouldBe(Key);
        await data.DidNotReceiveWithAnyArgs().HashAsync(default!, default!, default, default);
    }

    [Fact]
    public async Task Where_a_statement_holds_everybody_off_nothing_is_asked()
    {
        var bucket = new StoreRef("eu-west-1", "shared");
        await new OwnCopies(data, store, HeldPlace.Of(bucket)).DemandAsync([Standing("one", null, isLatest: true)],
            byName: false, CancellationToken.None);
        data.ReceivedCalls().ShouldBeEmpty();
    }

    private async Task<string> RefusedAsync(IReadOnlyList<ObjectVersion> standing, bool byName)
    {
        var refused = await Should.ThrowAsync<ObjectRefusedException>(() =>
            Own.DemandAsync(standing, byName, CancellationToken.None));
        refused.Refused.Code.ShouldBe(HeldPlace.TakenCode);
        return refused.Refused.Key;
    }

    private void Held(bool isHeld) => data.IsHeldAsync(place, Key, Arg.Any<CancellationToken>()).Returns(isHeld);

    private void Stored(string content)
    {
        ofStore.Clear();
        ofStore.Add(Version(store, content, "s1", isLatest: true));
    }

    private ObjectVersion Standing(string content, string? version, bool isLatest) =>
        Version(place, content, version, isLatest);

    private ObjectVersion Version(StoreRef where, string content, string? version, bool isLatest)
    {
        contents[(where, version)] = content;
        return new(Key, version, $"e-{content}", content.Length, DateTimeOffset.UnixEpoch, IsDeleteMarker: false,
            isLatest, StorageClass: null);
    }
}
