using System.Collections.Concurrent;
using System.CommandLine;
using Amazon.S3;
using Amazon.S3.Model;
using Byok.Copying;
using ByokOperator.Reencrypting;
using Cloud;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Reencrypting;

/// <summary>The worker that puts what stands under an old key under the new one,
/// over a cloud with S3's manners.</summary>
public sealed class ReencryptionRunTests
{
    private const string Pin = ".byok/pin.json";

    [Fact]
    public async Task Every_version_and_every_mark_comes_under_the_new_key_where_it_stands_and_the_old_one_can_go()
    {
        await using var bucket =
            await Bucket.MakeAsync(ReencryptionEngine.Update, isVersioned: true, FillVersionsAsync);
        await bucket.PutAsync("b", "new");
        var before = await bucket.StandingAsync();
        before.Count(one => one.KeyId == bucket.Old).ShouldBe(5);

        (await bucket.RunAsync()).ShouldBe(CopyExit.Done);

        var after = await bucket.StandingAsync();
        after.ShouldAllBe(one => one.KeyId == bucket.New);
        after.Select(one => (one.Key, one.ETag))
            .ShouldBe(before.Select(one => (one.Key, one.ETag)), "nothing moved, no version was added");
        var state = await bucket.StateAsync();
        (state.Run.IsFinished, state.Engine, state.Reencrypted,
            state.Run.Refusal).ShouldBe((true, ReencryptionEngine.Update, 5L, null));
        bucket.Cloud.SetKeyState(bucket.Old, "Disabled");
        (await bucket.ReadAsync("a")).ShouldBe("second");
        var calls = 0;
        (await bucket.RunAsync(turn: (_, _) => Task.FromResult(++calls))).ShouldBe(CopyExit.Done);
        calls.ShouldBe(1, "a finished shard is not walked again");
    }

    [Fact]
    public async Task Where_no_versions_are_kept_each_object_is_written_over_with_itself()
    {
        await using var bucket = await Bucket.MakeAsync(ReencryptionEngine.Copy, isVersioned: false, async bucket =>
        {
            await bucket.PutAsync("a", "one", request =>
            {
                request.Metadata["kind"] = "backup";
                request.TagSet = [new Tag { Key = "k", Value = "v" }];
                request.WebsiteRedirectLocation = "/elsewhere";
            });
            await bucket.MarkAsync(Pin, bucket.Old);
        });

        (await bucket.RunAsync()).ShouldBe(CopyExit.Done);

        (await bucket.StandingAsync()).ShouldAllBe(one => one.KeyId == bucket.New);
        var head = await bucket.Writer.GetObjectMetadataAsync(bucket.Name, "a");
        (head.Metadata["kind"], head.WebsiteRedirectLocation,
            (await bucket.ReadAsync("a"))).ShouldBe(("backup", "/elsewhere", "one"));
        (await bucket.Writer.GetObjectTaggingAsync(
            new GetObjectTaggingRequest { BucketName = bucket.Name, Key = "a" })).Tagging.Single().Value.ShouldBe("v");
        (await bucket.StateAsync()).Reencrypted.ShouldBe(2);
    }

    [Theory]
    [InlineData("Copy")]
    [InlineData("Head")]
    public async Task Whoever_writes_or_deletes_meanwhile_wins(string at)
    {
        await using var bucket =
            await Bucket.MakeAsync(ReencryptionEngine.Copy, isVersioned: false, bucket => FillAsync(bucket, 3));
        var turns = 0;

        (await bucket.RunAsync(turn: async (call, key) =>
        {
            if (call == at && key is "o0" or "o1" && turns++ < 2)
            {
                await (key == "o0" ? bucket.PutAsync("o0", "newer")
                    : bucket.Writer.DeleteObjectAsync(bucket.Name, "o1"));
            }
        })).ShouldBe(CopyExit.Done);

        (await bucket.ReadAsync("o0")).ShouldBe("newer");
        (await bucket.StandingAsync()).Select(one => (one.Key, one.KeyId))
            .ShouldBe([("o0", bucket.New), ("o2", bucket.New)]);
    }

    [Fact]
    public async Task A_version_from_before_versions_were_kept_is_found_behind_the_one_that_was_written_meanwhile()
    {
        await using var bucket =
            await Bucket.MakeAsync(ReencryptionEngine.Update, isVersioned: false, bucket => FillAsync(bucket, 1));
        await bucket.VersionAsync();
        var turns = 0;
        (await bucket.RunAsync(turn: (call, key) =>
            call == "Head" && key == "o0" && turns++ == 0 ? bucket.PutAsync("o0", "newer")
                : Task.CompletedTask)).ShouldBe(CopyExit.Done);
        var standing = await bucket.StandingAsync();
        (standing.Count, standing.All(one => one.KeyId == bucket.New)).ShouldBe((2, true));
    }

    [Fact]
    public async Task A_bucket_that_keeps_versions_is_not_copied_onto_itself()
    {
        await using var bucket =
            await Bucket.MakeAsync(ReencryptionEngine.Copy, isVersioned: true, bucket => FillAsync(bucket, 1));
        (await bucket.RunAsync()).ShouldBe(CopyExit.Mismatch);
        (await bucket.StateAsync()).Run.Refusal!.Told.ShouldContain("keeps versions");
        (await bucket.StandingAsync()).Single().KeyId.ShouldBe(bucket.Old);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_kill_at_any_call_changes_nothing_in_the_end(bool isUpdate)
    {
        var engine = isUpdate ? ReencryptionEngine.Update : ReencryptionEngine.Copy;
        await using var bucket = await Bucket.MakeAsync(engine, isUpdate, bucket => FillAsync(bucket, 12));
        ConcurrentQueue<string> changed = [];
        var kills = 0;
        for (var at = 3; await DiesAsync(bucket, at, changed.Enqueue); at++)
        {
            kills++;
        }

        kills.ShouldBeGreaterThan(10);
        (await bucket.StandingAsync()).ShouldAllBe(one => one.KeyId == bucket.New);
        changed.ShouldBeUnique("what was done though nobody heard of it is found done");
        (await bucket.StateAsync()).Run.IsFinished.ShouldBeTrue();
    }

    [Fact]
    public async Task Objects_that_can_not_be_put_under_the_new_key_are_named_all_together_and_the_rest_is_done()
    {
        await using var bucket = await Bucket.MakeAsync(ReencryptionEngine.Copy, isVersioned: false, async bucket =>
        {
            await FillAsync(bucket, 4);
            await bucket.PutAsync("archived-1", "x", request => request.StorageClass = S3StorageClass.Glacier);
            await bucket.PutAsync("archived-2", "x", request => request.StorageClass = S3StorageClass.Glacier);
        });

        (await bucket.RunAsync()).ShouldBe(CopyExit.Refused);
        (await bucket.StandingAsync()).Count(one => one.KeyId == bucket.Old).ShouldBe(2);
        var refusal = (await bucket.StateAsync()).Run.Refusal.ShouldNotBeNull();
        refusal.Tell(ReencryptionRun.NotUnderNewKey)
            .ShouldStartWith("2 objects can't be put under the new key: 'archived-1': it is archived");
        var heads = 0;
        (await bucket.RunAsync(turn: (call, _) => Task.FromResult(heads += call == "Head" ? 1 : 0)))
            .ShouldBe(CopyExit.Refused);
        heads.ShouldBe(0, "a pod that takes the place of one that said so says the same");

        await bucket.Writer.DeleteObjectAsync(bucket.Name, "archived-1");
        await bucket.Writer.DeleteObjectAsync(bucket.Name, "archived-2");
        (await bucket.RunAsync(bucket.Order with { Attempt = 2 })).ShouldBe(CopyExit.Done);
        (await bucket.StateAsync()).Run.Refusal.ShouldBeNull();
    }

    [Fact]
    public async Task An_object_that_is_held_is_named()
    {
        await using var bucket = await Bucket.MakeAsync(ReencryptionEngine.Update, isVersioned: true,
            bucket =>
                bucket.PutAsync("held", "x",
                    request => request.ObjectLockLegalHoldStatus = ObjectLockLegalHoldStatus.On));
        (await bucket.RunAsync()).ShouldBe(CopyExit.Refused);
        (await bucket.StateAsync()).Run.Refusal!.Objects.Select(one => (one.Key, one.Code))
            .ShouldBe([("held", "ObjectLocked")]);
    }

    [Fact]
    public async Task
        A_store_that_asks_to_slow_down_is_asked_again_and_one_that_goes_on_so_is_left_to_the_next_pod()
    {
        await using var bucket =
            await Bucket.MakeAsync(ReencryptionEngine.Update, isVersioned: false, bucket => FillAsync(bucket, 2));
        var failures = 0;
        (await bucket.RunAsync(turn: (call, _) => call != "Update" ? Task.CompletedTask : failures++ switch
        {
            0 =>
                throw new CloudException(new CloudProblem.Throttled("SlowDown", "slow down", TimeSpan.Zero),
                    "s3:UpdateObjectEncryption"),
            1 =>
                throw new CloudException(new CloudProblem.Unreachable("Timeout", "no answer"),
                    "s3:UpdateObjectEncryption"),
            _ => Task.CompletedTask,
        })).ShouldBe(CopyExit.Done);

        await using var other =
            await Bucket.MakeAsync(ReencryptionEngine.Update, isVersioned: false, bucket => FillAsync(bucket, 2));
        other.Cloud.SetKeyState(other.Old, "Disabled");
        (await other.RunAsync()).ShouldBe(CopyExit.Retry);
        other.Cloud.SetKeyState(other.Old, "Enabled");
        (await other.RunAsync()).ShouldBe(CopyExit.Done);
    }

    [Fact]
    public async Task Asked_to_stop_it_finishes_what_it_has_in_hand_and_goes_on_from_there()
    {
        await using var bucket =
            await Bucket.MakeAsync(ReencryptionEngine.Update, isVersioned: false, bucket => FillAsync(bucket, 12));
        using var stop = new CancellationTokenSource();
        var updated = 0;
        (await bucket.RunAsync(
            turn: (call, _) => call == Interposed.Updated && ++updated == 4 ? stop.CancelAsync() : Task.CompletedTask,
            stop: stop.Token)).ShouldBe(CopyExit.Terminated);
        var standing = await bucket.StandingAsync();
        standing.Count(one => one.KeyId == bucket.New).ShouldBe((int)(await bucket.StateAsync()).Reencrypted);
        (await bucket.RunAsync()).ShouldBe(CopyExit.Done);
        (await bucket.StateAsync()).Reencrypted.ShouldBe(12);
    }

    [Fact]
    public async Task A_leftover_of_an_earlier_pod_does_not_write_over_what_a_later_one_finished()
    {
        await using var bucket =
            await Bucket.MakeAsync(ReencryptionEngine.Update, isVersioned: false, bucket => FillAsync(bucket, 2));
        var turns = 0;
        (await bucket.RunAsync(turn: async (call, _) =>
        {
            if (call == "List" && turns++ == 0)
            {
                (await bucket.RunAsync()).ShouldBe(CopyExit.Done);
            }
        })).ShouldBe(CopyExit.Retry);
        (await bucket.StateAsync()).Run.IsFinished.ShouldBeTrue();
    }

    [Fact]
    public async Task Each_shard_walks_its_own_part_and_the_run_is_finished_with_the_last()
    {
        await using var bucket =
            await Bucket.MakeAsync(ReencryptionEngine.Update, isVersioned: false, bucket => FillAsync(bucket, 12));
        var reader = bucket.Order with { Shards = 2 };
        (await bucket.RunAsync(reader)).ShouldBe(CopyExit.Done);
        (await bucket.StandingAsync()).ShouldContain(one => one.KeyId == bucket.Old);
        (await bucket.StateAsync(2)).Run.IsFinished.ShouldBeFalse();
        (await bucket.RunAsync(reader with { Shard = 1 })).ShouldBe(CopyExit.Done);
        (await bucket.StandingAsync()).ShouldAllBe(one => one.KeyId == bucket.New);
        (await bucket.StateAsync(2)).Run.IsFinished.ShouldBeTrue();
    }

    [Fact]
    public async Task The_Jobs_arguments_are_the_order_again_and_a_wrong_order_says_what_is_wrong()
    {
        await using var bucket =
            await Bucket.MakeAsync(ReencryptionEngine.Copy, isVersioned: false, _ => Task.CompletedTask);
        var order = bucket.Order with
        {
            OldKeys = [bucket.Old, "arn:aws:kms:eu-west-1:222222222222:key/3"],
            BucketKey = true,
            Shards = 4,
            Attempt = 3,
        };
        ReencryptionOptions? understood = null;
        var root = new RootCommand
        {
            ReencryptCommand.Create(
                given =>
                {
                    understood = given;
                    throw new OperationCanceledException("understood");
                },
                TimeProvider.System, NullLoggerFactory.Instance),
        };
        await root.Parse([.. order.ToArguments(), "--shard", "3"])
            .InvokeAsync(new InvocationConfiguration { Error = TextWriter.Null, Output = TextWriter.Null });
        understood.ShouldNotBeNull().Shard.ShouldBe(3);
        (understood with { Shard = 0 }).ToArguments().ShouldBe(order.ToArguments());

        order.Fault().ShouldBeNull();
        (order with { OldKeys = [bucket.New] }).Fault().ShouldBe("--old-key must not be the new key");
        (order with { OldKeys = [] }).Fault()!.ShouldContain("--old-key");
        (order with { Shards = 0 }).Fault()!.ShouldContain("--shards");
        (await bucket.RunAsync(order with { Shard = 9 })).ShouldBe(CopyExit.BadArguments);
    }

    private static async Task FillAsync(Bucket bucket, int count)
    {
        for (var number = 0; number < count; number++)
        {
            await bucket.PutAsync($"o{number}", $"{number}");
        }
    }

    private static async Task FillVersionsAsync(Bucket bucket)
    {
        await bucket.PutAsync("a", "first");
        await bucket.PutAsync("a", "second");
        await bucket.PutAsync("b", "old");
        await bucket.PutAsync("gone", "x");
        await bucket.Writer.DeleteObjectAsync(bucket.Name, "gone");
        await bucket.MarkAsync(Pin, bucket.Old);
    }

    /// <returns>False where it was done before it could die.</returns>
    private static async Task<bool> DiesAsync(Bucket bucket, int at, Action<string> changed)
    {
        var (calls, isDead) = (0, false);
        try
        {
            (await bucket.RunAsync(turn: (call, key) =>
            {
                if (call is Interposed.Copied or Interposed.Updated)
                {
                    changed(key);
                }

                isDead |= ++calls >= at;
                return isDead ? throw new DiedException() : Task.CompletedTask; // a dead process makes no call any more
            })).ShouldBe(CopyExit.Done);
            return false;
        }
        catch (DiedException)
        {
            return true;
        }
    }

    private sealed class DiedException : Exception;
}
