using Cloud.Objects;
using Shouldly;
using Xunit;

namespace Byok.Copying.Tests;

public sealed class KeyPlanTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void What_stands_without_an_id_is_no_copy_of_an_older_version()
    {
        var stored = Source("1") with { VersionId = null, LastModified = Noon.AddHours(1) };
        Adoption.Resembles(Source("1") with { IsLatest = false }, stored).ShouldBeFalse();
        Adoption.Resembles(Source("1") with { IsLatest = true }, stored).ShouldBeTrue();
    }

    [Fact]
    public void What_the_previous_run_verified_is_carried_and_the_rest_copied()
    {
        var plan = ObjectPlan.For([Source("1"), Source("2")], [Entry("1")], null);
        plan.Carried.ShouldBe([Entry("1")]);
        plan.Copies.ShouldBe([Source("2")]);
        plan.Removals.ShouldBeEmpty();
    }

    [Fact]
    public void A_version_that_slipped_in_below_a_carried_one_is_not_put_on_top()
    {
        var plan = ObjectPlan.For([Source("1"), Source("2"), Source("3")], [Entry("1"), Entry("3")], null);
        plan.Carried.ShouldBe([Entry("1")]);
        plan.Copies.ShouldBe([Source("2"), Source("3")]);
        plan.Removals.Select(one => one.VersionId).ShouldBe(["t3"]);
    }

    [Fact]
    public void Versions_in_another_order_than_they_were_copied_are_copied_again()
    {
        var plan = ObjectPlan.For([Source("2"), Source("1")], [Entry("1"), Entry("2")], null);
        plan.Carried.ShouldBe([Entry("2")]);
        plan.Copies.ShouldBe([Source("1")]);
        plan.Removals.Select(one => one.VersionId).ShouldBe(["t1"]);
    }

    [Fact]
    public void An_entry_whose_copy_was_taken_away_is_not_carried()
    {
        var plan = ObjectPlan.For([Source("1"), Source("2")], [Entry("1"), Entry("2")], [Target("t2")]);
        plan.Carried.ShouldBeEmpty();
        plan.Copies.ShouldBe([Source("1"), Source("2")]);
        plan.Removals.Select(one => one.VersionId).ShouldBe(["t2"]);
    }

    [Fact]
    public void Copies_without_an_entry_are_adopted_by_their_place()
    {
        var plan = ObjectPlan.For([Source("1"), Source("2"), Source("3")], [Entry("1")], [Target("t1"), Target("x")]);
        plan.Adoptions.ShouldBe([new Adoption(Source("2"), Target("x"))]);
        plan.Copies.ShouldBe([Source("3")]);
    }

    [Fact]
    public void More_copies_than_versions_are_none_of_them_trusted()
    {
        var plan = ObjectPlan.For([Source("1")], [], [Target("x"), Target("y")]);
        plan.Adoptions.ShouldBeEmpty();
        plan.Removals.Count.ShouldBe(2);
        plan.Copies.ShouldBe([Source("1")]);
    }

    [Fact]
    public void An_unversioned_copy_must_be_younger_than_its_source()
    {
        var source = Source(null) with { IsLatest = true };
        ObjectPlan.For([source], [], [Target(null) with { LastModified = Noon.AddSeconds(1) }]).Adoptions.Count
            .ShouldBe(1);

        var plan = ObjectPlan.For([source], [], [Target(null) with { LastModified = Noon.AddMilliseconds(900) }]);
        plan.Copies.ShouldBe([source]);
        plan.Removals.ShouldBeEmpty("the copy replaces it");
    }

    [Fact]
    public void What_left_the_source_leaves_the_target_by_its_own_version_or_ETag()
    {
        ObjectPlan.For([], [Entry("1")], null).Removals.ShouldBe([Entry("1").ToTarget()]);
        var removed = ObjectPlan.For([], [Entry(null)], null).Removals.ShouldHaveSingleItem();
        removed.VersionId.ShouldBeNull();
        removed.ETag.ShouldBe("copy");
    }

    private static ObjectVersion Source(string? version) =>
        new("k", version, $"e{version}", 3, Noon, false, false, "STANDARD");

    private static ObjectVersion Target(string? version) =>
        new("k", version, "other", 3, Noon.AddHours(1), false, false, "STANDARD");

    private static ManifestEntry Entry(string? version) =>
        ManifestEntry.For(Source(version), version is null ? null : $"t{version}", "copy", Proofs.StoredChecksum);
}
