using System.Security.Cryptography;
using Byok.Import.Requests;
using Cluster.Tests.Primitives;
using Shouldly;
using Xunit;

namespace Byok.Import.Tests;

public sealed class KeyPairPoolTests
{
    private static readonly Func<RSA> small = () => RSA.Create(1024);

    [Fact]
    public async Task Pairs_are_made_ahead_up_to_the_size_and_go_on_after_one_is_taken()
    {
        using var pool = new KeyPairPool(2, small);
        using var stop = new CancellationTokenSource();
        var running = pool.RunAsync(stop.Token);
        await Until.TrueAsync("two are ready", () => Task.FromResult(pool.Ready == 2));
        (await pool.TakeAsync(CancellationToken.None)).ShouldNotBeNull().Dispose();
        await Until.TrueAsync("two are ready", () => Task.FromResult(pool.Ready == 2));
        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(running);
    }

    [Fact]
    public async Task A_call_that_finds_none_has_one_made_for_it_and_the_next_one_is_not_kept_waiting()
    {
        var going = new ManualResetEventSlim();
        using var pool = new KeyPairPool(1, () =>
        {
            going.Wait(LastResort.Timeout).ShouldBeTrue();
            return small();
        });
        var first = pool.TakeAsync(CancellationToken.None);
        var second = pool.TakeAsync(CancellationToken.None);
        second.IsCompleted.ShouldBeTrue();
        (await second).ShouldBeNull();
        going.Set();
        (await first).ShouldNotBeNull().Dispose();
        (await pool.TakeAsync(CancellationToken.None)).ShouldNotBeNull().Dispose();
    }

    /// <summary>What is made ahead runs where nobody else wants the processor;
    /// what a call waits for does not.</summary>
    [Fact]
    public async Task Only_what_is_made_ahead_is_made_at_idle_priority()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "reads /proc");
        var policies = new System.Collections.Concurrent.ConcurrentQueue<(string Policy, string Nice)>();
        using var pool = new KeyPairPool(1, () =>
        {
            policies.Enqueue(Scheduling());
            return small();
        });
        (await pool.TakeAsync(CancellationToken.None)).ShouldNotBeNull().Dispose();
        var own = policies.ShouldHaveSingleItem();
        own.ShouldBe(Scheduling());

        using var stop = new CancellationTokenSource();
        var running = pool.RunAsync(stop.Token);
        await Until.TrueAsync("one is ready", () => Task.FromResult(pool.Ready == 1));
        var ahead = policies.Last();
        (ahead.Policy == "5" || ahead.Nice == "19").ShouldBeTrue(ahead.ToString());
        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(running);
    }

    [Fact]
    public async Task A_pool_that_can_make_no_pair_says_so_to_whoever_runs_it()
    {
        using var pool = new KeyPairPool(1, () => throw new CryptographicException("no randomness"));
        (await Should.ThrowAsync<CryptographicException>(pool.RunAsync(CancellationToken.None))).Message
            .ShouldBe("no randomness");
    }

    /// <summary>Of the calling thread: fields 41 and 19 of its stat,
    /// which are counted from behind the name in parentheses.</summary>
    private static (string Policy, string Nice) Scheduling()
    {
        var stat = File.ReadAllText("/proc/thread-self/stat");
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return (fields[38], fields[16]);
    }
}
