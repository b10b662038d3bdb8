using Cloud;
using Shouldly;
using Xunit;

namespace Byok.Copying.Tests;

/// <summary>What no attempt can copy: named, all of a kind together, and no attempt more than one.</summary>
public sealed class RefusedObjectTests
{
    private static readonly CloudProblem.Refused Archived =
        new("ObjectArchived", "GLACIER") { Fix = "it is archived: restore it" };

    private readonly Stage stage = new(isVersioned: false) { Shards = 2 };

    [Fact]
    public async Task What_the_listing_tells_is_told_by_the_first_shard_for_all_before_it_copies()
    {
        Fill(40);
        Refuse(inListing: true, name => name.StartsWith("n3", StringComparison.Ordinal));

        (await stage.RunAsync(stage.Bulk())).ShouldBe(CopyExit.Refused);

        stage.Copied.ShouldBeEmpty();
        var refusal = (await StateAsync("bulk-1")).Refusal.ShouldNotBeNull();
        (refusal.Attempt, refusal.Count, refusal.Objects.Count).ShouldBe((1, 11, CopyRefusal.MostNamed));
        refusal.Told.ShouldBe(
            "11 objects can't be copied: 'acme/n3': it is archived: restore it; 'acme/n30': it is archived: restore "
                + "it; 'acme/n31': it is archived: restore it; ...");
    }

    [Fact]
    public async Task What_only_a_copy_meets_is_named_at_once_with_all_that_the_listing_tells()
    {
        Fill(40);
        Refuse(inListing: false, name => name == "n17");
        (await stage.RunAsync(stage.Bulk()))
            .ShouldBe(ObjectShard.Of("acme/n17", 2) == 0 ? CopyExit.Refused : CopyExit.Done);
        (await stage.RunAsync(stage.Bulk(1)))
            .ShouldBe(ObjectShard.Of("acme/n17", 2) == 1 ? CopyExit.Refused : CopyExit.Done);
        var refusal = (await StateAsync("bulk-1")).Refusal.ShouldNotBeNull();
        (refusal.Count, refusal.Objects.Single().Key).ShouldBe((1, "acme/n17"));
    }

    [Fact]
    public async Task Once_it_is_mended_the_next_attempt_goes_on_from_the_checkpoint_and_takes_the_word_back()
    {
        Fill(40);
        Refuse(inListing: false, name => name == "n17");
        foreach (var shard in (int[])[0, 1])
        {
            await stage.RunAsync(stage.Bulk(shard));
        }

        stage.Stores.Refuses = _ => null;
        foreach (var shard in (int[])[0, 1])
        {
            (await stage.RunAsync(stage.Bulk(shard) with { Attempt = 2 })).ShouldBe(CopyExit.Done);
            (await stage.RunAsync(stage.Delta(shard))).ShouldBe(CopyExit.Done);
        }

        stage.ShouldBeMirrored();
        stage.CopiedTwice.ShouldBe(0);
        (await StateAsync("bulk-1")).Refusal.ShouldBeNull();
    }

    [Fact]
    public async Task A_second_attempt_looks_first_again()
    {
        Fill(10);
        Refuse(inListing: true, name => name is "n3" or "n4");
        await stage.RunAsync(stage.Bulk());
        Refuse(inListing: true, name => name == "n4");
        (await stage.RunAsync(stage.Bulk() with { Attempt = 2 })).ShouldBe(CopyExit.Refused);
        var refusal = (await StateAsync("bulk-1")).Refusal.ShouldNotBeNull();
        (refusal.Attempt,
            refusal.Told).ShouldBe((2, "1 object can't be copied: 'acme/n4': it is archived: restore it"));
    }

    [Fact]
    public async Task A_refusal_that_is_about_no_object_says_why_the_copy_ended()
    {
        Fill(2);
        stage.Stores.WrongKey = "another";
        (await stage.RunAsync(stage.Bulk())).ShouldBe(CopyExit.Mismatch);
        (await StateAsync("bulk-1")).Refusal!.Told.ShouldContain("was written under another");
    }

    [Fact]
    public void What_shards_say_of_one_attempt_is_not_counted_twice_and_of_an_earlier_one_not_at_all()
    {
        CopyRefusal Of(int attempt, long count, params string[] keys) => new()
        {
            Attempt = attempt, At = DateTimeOffset.UnixEpoch, Count = count,
            Objects = [.. keys.Select(key => new RefusedObject(key, null, "c", "m"))],
        };
        var both = CopyRefusal.Together(Of(1, 7, "a", "b"), Of(1, 7, "b", "c"));
        (both.Count, string.Concat(both.Objects.Select(one => one.Key))).ShouldBe((7, "abc"));
        CopyRefusal.Together(Of(1, 7, "a"), Of(2, 1, "z")).Count.ShouldBe(1);
    }

    [Fact]
    public void A_name_is_told_without_what_a_terminal_would_obey_and_no_longer_than_a_line()
    {
        new RefusedObject("acme/\u001B[2J\u202Ex\n", "v1", "c", "m").Shown
            .ShouldBe("'acme/\\u001B[2J\\u202Ex\\u000A' (version v1)");
        new RefusedObject(new string('n', 1000), null, "c", "m").Shown.Length.ShouldBeLessThan(130);
    }

    private void Fill(int count)
    {
        for (var number = 0; number < count; number++)
        {
            stage.Put($"n{number}", "content");
        }
    }

    private void Refuse(bool inListing, Func<string, bool> which) =>
        stage.Stores.Refuses = key =>
            key.StartsWith(Stage.Prefix, StringComparison.Ordinal) && which(key[Stage.Prefix.Length..])
                ? (inListing, Archived) : null;

    private Task<RunState> StateAsync(string fingerprint) =>
        new RunReader(new FakeWorker(stage.Stores)).ReadAsync(Stage.Target, fingerprint, stage.Shards,
            CancellationToken.None);
}
