using Shouldly;
using Xunit;

namespace Byok.Copying.Tests;

/// <summary>Law 9: crash anywhere, lose nothing; and copy next to nothing twice.</summary>
public sealed class CrashTests
{
    private const int Seeds = 150;

    [Theory]
    [InlineData(true, (int)FakeFault.CrashBefore)]
    [InlineData(true, (int)FakeFault.CrashAfter)]
    [InlineData(false, (int)FakeFault.CrashBefore)]
    [InlineData(false, (int)FakeFault.CrashAfter)]
    public async Task A_crash_at_any_call_changes_nothing_in_the_end(bool isVersioned, int kind)
    {
        var fault = (FakeFault)kind;
        for (var at = 1; ; at++)
        {
            var stage = new Stage(isVersioned);
            CopyRunTests.Fill(stage, objects: 5);
            var crashed = await CrashOnceAsync(stage, stage.Bulk(), at, fault);
            stage.Put("n/0001", "overwritten");
            stage.Delete("back");
            stage.Delete("plain");
            var crashedAgain = await CrashOnceAsync(stage, stage.Delta(), at, fault);
            stage.ShouldBeMirrored($"crash {fault} at call {at}");
            stage.CopiedTwice.ShouldBe(0, $"crash {fault} at call {at}");
            if (!crashed && !crashedAgain)
            {
                at.ShouldBeGreaterThan(50);
                return;
            }
        }
    }

    [Fact]
    public async Task Any_mix_of_faults_crashes_and_writers_ends_in_a_mirror()
    {
        for (var seed = 0; seed < Seeds; seed++)
        {
            var random = new Random(seed);
            var stage = new Stage(isVersioned: seed % 2 == 0)
            {
                Shards = random.Next(1, 4),
                Verification = seed % 3 == 0 ? VerificationMode.Metadata : VerificationMode.Checksum,
            };
            Write(stage, random, writes: 200);
            await InsistAsync(stage, random, stage.Bulk, () => Write(stage, random, writes: 1));
            Write(stage, random, writes: 20);
            await InsistAsync(stage, random, stage.Delta, () => { });
            stage.ShouldBeMirrored($"seed {seed}");

            (await new ReceiptWriter(new FakeWorker(stage.Stores)).WriteAsync(stage.Receipt, default))
                .ShouldBeOfType<ReceiptVerdict.Proved>($"seed {seed}");
            await RetirementTests.RetireAllAsync(stage);
            stage.Stores.All(Stage.Source, Stage.Prefix).ShouldBeEmpty($"seed {seed}");
            stage.NeighboursShouldStand();
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Fifty_kills_copy_at_most_one_in_twenty_twice(bool isVersioned)
    {
        var stage = new Stage(isVersioned) { Shards = 2 };
        CopyRunTests.Fill(stage, objects: 1_000);
        var random = new Random(7);
        var kills = 0;
        for (var shard = 0; shard < stage.Shards; shard++)
        {
            while (!await TryRunAsync(stage, stage.Bulk(shard),
                new FakeWorker(stage.Stores, CrashAt(random.Next(20, 150), FakeFault.CrashAfter))))
            {
                kills++;
            }
        }

        kills.ShouldBeGreaterThan(20);
        await stage.MigrateAsync();
        stage.ShouldBeMirrored();
        stage.CopiedTwice.ShouldBeLessThan(stage.Stores.Copies.Count / 20);
    }

    [Fact]
    public async Task A_throttled_store_is_waited_for_and_not_asked_twice_for_what_it_did()
    {
        var stage = new Stage();
        CopyRunTests.Fill(stage, objects: 100);
        var calls = 0;
        var worker = new FakeWorker(stage.Stores,
            operation => operation == "Copy" && calls++ % 3 != 0 ? FakeFault.Throttle : FakeFault.None);
        (await stage.RunAsync(stage.Bulk(), worker)).ShouldBe(CopyExit.Done);
        await stage.MigrateAsync();
        stage.ShouldBeMirrored();
        stage.CopiedTwice.ShouldBe(0);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_copy_whose_answer_is_lost_is_found_and_not_made_again(bool isVersioned)
    {
        var stage = new Stage(isVersioned);
        CopyRunTests.Fill(stage);
        var calls = 0;
        var worker = new FakeWorker(
            stage.Stores,
            operation => operation is "Copy" or "Mark" && calls++ % 2 == 0 ? FakeFault.LoseAnswer : FakeFault.None);
        (await stage.RunAsync(stage.Bulk(), worker)).ShouldBe(CopyExit.Done);
        await stage.MigrateAsync();
        stage.ShouldBeMirrored();
        stage.CopiedTwice.ShouldBe(0);
    }

    private static Func<string, FakeFault> CrashAt(int call, FakeFault fault)
    {
        var calls = 0;
        return _ => ++calls == call ? fault : FakeFault.None;
    }

    private static async Task<bool> CrashOnceAsync(Stage stage, CopyOptions options, int at, FakeFault fault)
    {
        var crashed = !await TryRunAsync(stage, options, new FakeWorker(stage.Stores, CrashAt(at, fault)));
        (await stage.RunAsync(options)).ShouldBe(CopyExit.Done, $"after a crash {fault} at call {at}");
        return crashed;
    }

    private static async Task<bool> TryRunAsync(Stage stage, CopyOptions options, FakeWorker worker)
    {
        try
        {
            var exit = await stage.RunAsync(options, worker);
            exit.ShouldBeOneOf(CopyExit.Done, CopyExit.Retry);
            return exit == CopyExit.Done;
        }
        catch (FakeWorker.DiedException)
        {
            return false;
        }
    }

    /// <summary>All shards side by side, each restarted until it is done; faults fade so that it ends.</summary>
    private static async Task InsistAsync(Stage stage, Random random, Func<int, CopyOptions> options, Action writer)
    {
        var rates = Enumerable.Range(0, stage.Shards).Select(_ => random.Next(10, 60)).ToList();
        var seeds = Enumerable.Range(0, stage.Shards).Select(_ => random.Next()).ToList();
        await Task.WhenAll(rates.Select(async (rate, shard) =>
        {
            var own = new Random(seeds[shard]);
            for (var attempt = 0; ; attempt++)
            {
                attempt.ShouldBeLessThan(2_000);
                var worker = new FakeWorker(stage.Stores, _ =>
                {
                    if (own.Next(20) == 0)
                    {
                        writer();
                    }

                    return own.Next(rate + attempt) != 0 ? FakeFault.None : (FakeFault)own.Next(1, 6);
                });
                if (await TryRunAsync(stage, options(shard), worker))
                {
                    return;
                }
            }
        }));
    }

    private static void Write(Stage stage, Random random, int writes)
    {
        lock (random)
        {
            for (var write = 0; write < writes; write++)
            {
                var name = $"k{random.Next(60)}\U0001F600";
                switch (random.Next(6))
                {
                    case 0:
                        stage.Delete(name);
                        break;
                    case 1 when stage.Listed(name) is { Count: > 0 } versions:
                        stage.Stores.Delete(Stage.Source, [versions[random.Next(versions.Count)]]);
                        break;
                    default:
                        // Few different contents, so that sizes and even contents
                        // repeat and prove nothing by themselves.
                        stage.Put(name, new string('x', random.Next(3)), random.Next(2) == 0 ? "SHA256"
                            : null, $"{random.Next(3)}");
                        break;
                }
            }
        }
    }
}
