using ByokOperator.Records;
using FakeApiServer;
using Kube.Client;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Simulation.Real.Clouds;
using Simulation.Real.Kubernetes;
using Simulation.Real.Running;
using Xunit;

namespace Simulation.Real;

/// <summary>A run that hangs on the thread pool must not pass for one that tells something.</summary>
public sealed class OneThreadTests : IDisposable
{
    private static readonly TimeSpan patience = TimeSpan.FromMinutes(1);

    private readonly SynchronizationContext? before = SynchronizationContext.Current;
    private readonly ManualTime time = new();
    private readonly Pump pump;

    public OneThreadTests()
    {
        SynchronizationContext.SetSynchronizationContext(null);
        pump = new Pump(time);
    }

    [Fact]
    public void What_goes_on_on_the_thread_pool_ends_the_run_by_name_though_whoever_met_it_took_it_for_a_blind_fact() =>
        Should.Throw<StrayedException>(() => pump.Finish(LookAsync(), patience)).Message
            .ShouldContain(nameof(LookAsync));

    [Fact]
    public void What_asks_nobody_anything_on_the_thread_pool_ends_the_run_too() =>
        Should.Throw<StrayedException>(() => pump.Finish(StrayAsync(), patience));

    [Fact]
    public void A_waiter_of_a_semaphore_strays_and_is_seen_whatever_passes_meanwhile()
    {
        using var one = new SemaphoreSlim(1, 1);
        Should.Throw<StrayedException>(() => pump.Finish(Task.WhenAll(HoldAsync(one), HoldAsync(one)), patience));
    }

    [Fact]
    public void What_comes_back_from_another_thread_by_its_context_ends_the_run_and_not_the_process()
    {
        var comes = new TaskCompletionSource();
        Should.Throw<StrayedException>(() => pump.Finish(Begin, patience, out _));

        Task Begin()
        {
            var waits = WaitAsync(comes.Task);
            new Thread(comes.SetResult).UnsafeStart();
            return waits;
        }
    }

    [Fact]
    public void What_waits_for_the_clock_alone_stays()
    {
        pump.Finish(WaitAsync(), patience).ShouldBeTrue();
        pump.Finish(WaitAsync, patience, out _).ShouldBeTrue();
        time.DemandOneThread();
    }

    [Fact]
    public void What_one_run_lost_to_the_thread_pool_is_not_another_s()
    {
        Should.Throw<StrayedException>(() => pump.Finish(StrayAsync(), patience));
        var next = new ManualTime();
        new Pump(next).Finish(Task.Delay(TimeSpan.FromSeconds(1), next), patience).ShouldBeTrue();
    }

    [Fact]
    public void A_call_that_hangs_and_is_cut_short_goes_on_on_the_thread_of_its_run()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10), time);
        var hung = new Striking(Strike.Hang, Domain.Kms,
            new Line(new Weather(new Rng(0)), time)).BeforeAsync(patience.Token).AsTask();
        pump.Finish(hung, OneThreadTests.patience).ShouldBeTrue();
        hung.IsCanceled.ShouldBeTrue();
    }

    [Fact]
    public void Who_waits_for_another_s_read_of_the_records_key_goes_on_where_that_ends()
    {
        var line = new Line(new Weather(new Rng(0)), time);
        using var client = new KubeClient(
            new KubeConnection { Host = "http://cluster", Namespace = World.OperatorNamespace },
            new KubeClientOptions { MaxAttempts = 1 }, time,
            new Wire(new ApiServerCore(time, () => "1"), _ => new Striking(Strike.Hang, Domain.Cluster, line)));
        using var seal = new RecordMacKey(World.OperatorNamespace, time, NullLogger<RecordMacKey>.Instance);
        pump.Finish(
            Task.WhenAll(seal.EnsureAsync(client, CancellationToken.None),
                seal.EnsureAsync(client, CancellationToken.None)), patience).ShouldBeTrue();
        seal.IsReady.ShouldBeFalse();
    }

    public void Dispose() => SynchronizationContext.SetSynchronizationContext(before);

    private async Task<string> LookAsync()
    {
        try
        {
            await Task.Yield();
            time.DemandOneThread();
            return "seen";
        }
        catch (StrayedException)
        {
            return "blind";
        }
    }

    private static async Task StrayAsync() => await Task.Yield();

    private async Task HoldAsync(SemaphoreSlim one)
    {
        await one.WaitAsync();
        await Task.Delay(TimeSpan.FromSeconds(1), time);
        one.Release();
    }

    private Task WaitAsync() => WaitAsync(Task.Delay(TimeSpan.FromSeconds(1), time));

    private static async Task WaitAsync(Task task) => await task;
}
