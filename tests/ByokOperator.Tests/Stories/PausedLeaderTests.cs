using FakeApiServer;
using Cluster.Tests.Primitives;
using Kube.Runtime.Hosting;
using LocalCloud.Faults;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Stories;

/// <summary>
/// A leader is stopped in the middle of an act, while the cloud's answer to the last look before the change is on its
/// way, and sleeps until another leads and has gone on. The answer waits in its socket: whatever it does with it, it
/// does the moment it wakes, before any of its own timers told it how long it slept.
/// </summary>
[Collection(AloneOnTheMachine.Name)]
public sealed class PausedLeaderTests
{
    private static readonly TimeSpan answerIsOnItsWay = TimeSpan.FromSeconds(4);

    [Fact]
    public async Task A_leader_that_slept_past_its_lease_changes_nothing_when_it_wakes()
    {
        await using var replicas = await Replicas.StartAsync();

        var key = "";
        await SleepAsync(replicas, async () => key = await replicas.ApplyStoreAsync("fenced"),
            Replicas.SharedOf("fenced"), "PutBucketPolicy", (leader, call) =>
                IsLookAt(call, leader, "fenced") && Did(replicas, null, "PutObject", "fenced", "/done.json"));
        await replicas.UntilReadyAsync("fenced");

        await SleepAsync(replicas, () => replicas.ApplyStoreAsync("switched"), Replicas.SharedOf("switched"),
            "PutObject", (leader, call) =>
                IsLookAt(call, leader, "switched") && Did(replicas, leader, "PutObject", "switched", "receipt.json"));
        await replicas.UntilReadyAsync("switched");

        var isBound = false;
        await SleepAsync(replicas, () => replicas.ApplyStoreAsync("retired"), Replicas.SharedOf("retired"),
            "DeleteObjects", (leader, call) =>
                (isBound |= call
                    == new ApiCall(leader, "PATCH",
                        $"/api/v1/namespaces/{Replicas.Namespace}/configmaps/retired-binding"))
                            && IsLookAt(call, leader, "retired"));
        await replicas.UntilReadyAsync("retired");

        var closing = new ClosingAct(replicas);
        await SleepAsync(replicas, () => closing.DisableAsync(key), Replicas.BucketOf("fenced"), "PutBucketPolicy",
            closing.IsBegun);
        await replicas.UntilAsync("fenced", "is closed", store => Tenant.Is(store, "TargetDenied", "True"));
    }

    /// <param name="occasion">What the act is done for.</param>
    /// <param name="isBegun">The act is being performed:
    /// its next look at the bucket's policy is the one to stop at.</param>
    /// <param name="change">What has to be done next; the other replica is given the time to do it.</param>
    private static async Task SleepAsync(
        Replicas replicas, Func<Task> occasion, string bucket, string change, Func<string, ApiCall, bool> isBegun)
    {
        var leader = await replicas.LeaderAsync();
        var armed = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        void Watch(ApiCall call)
        {
            if (!armed.Task.IsCompleted && isBegun(leader.Name, call))
            {
                armed.TrySetResult(replicas.Cloud.AddFault(
                    new FaultRule(new FaultEffect.Delay(answerIsOnItsWay))
                    {
                        Operation = "GetBucketPolicy",
                        Bucket = bucket,
                        AccessKey = leader.Name,
                        Count = 1,
                    }));
            }
        }

        replicas.Server.Asked += Watch;
        await occasion();
        var hold = await armed.Task.WaitAsync(LastResort.Timeout);
        replicas.Server.Asked -= Watch;
        while (replicas.Cloud.FaultStrikes(hold) == 0)
        {
            await Task.Delay(10);
        }

        await replicas.UntilQuietAsync(leader);
        leader.Process.Pause();
        var successor = await replicas.LeaderAsync(otherThan: leader.Name);
        await Until.TrueAsync($"{change} by another", () => Task.FromResult(replicas.Cloud.Calls().Any(call =>
            call.AccessKey == successor.Name && call.Operation == change)));

        replicas.Forget();
        replicas.Leave(leader);
        leader.Process.Wake();
        (await leader.Process.ExitCodeAsync())
            .ShouldBe(Kube.Runtime.Hosting.ExitCodes.LeadershipLost, leader.Process.Log);
        replicas.ChangesBy(leader).ShouldBeEmpty($"{change} was next: {leader.Process.Log}");
        replicas.Join();
    }

    /// <summary>The operator makes sure of its object right before each act that only a wanted store needs,
    /// and at no other time.</summary>
    private static bool IsLookAt(ApiCall call, string leader, string store) =>
        call
            == new ApiCall(leader, "GET",
                $"/apis/byok.dev/v1alpha1/namespaces/{Replicas.Namespace}/encryptedstores/{store}");

    private static bool Did(Replicas replicas, string? who, string operation, string store, string key) =>
        replicas.Cloud.Calls().Any(call =>
            (who is null || call.AccessKey == who) && call.Operation == operation
                && call.Bucket == Replicas.BucketOf(store)
                && call.Key?.EndsWith(key, StringComparison.Ordinal) == true);

    /// <summary>
    /// A closing looks first, at its Jobs live and at the bucket's policy, and then acts, the binding and the policy
    /// side by side. The binding is read in both, and at each probe.
    /// </summary>
    private sealed class ClosingAct(Replicas replicas)
    {
        private bool isDue;
        private bool hasLooked;
        private string? before;

        public Task DisableAsync(string key)
        {
            replicas.Cloud.SetKeyState(key, "Disabled");
            isDue = true;
            return Task.CompletedTask;
        }

        public bool IsBegun(string leader, ApiCall call)
        {
            if (isDue
                && call
                    == new ApiCall(leader, "GET", $"/apis/batch/v1/namespaces/{Quickstart.Stage.SystemNamespace}/jobs"))
            {
                (hasLooked, before) = (true, LastPolicy(leader));
            }

            return call
                == new ApiCall(leader, "GET", $"/api/v1/namespaces/{Replicas.Namespace}/configmaps/fenced-binding")
                    && hasLooked && LastPolicy(leader) != before;
        }

        private string? LastPolicy(string leader) => replicas.Cloud.Calls().Where(call =>
            call.AccessKey == leader && call.Operation == "GetBucketPolicy"
                && call.Bucket == Replicas.BucketOf("fenced")).MaxBy(call => call.Time)?.RequestId;
    }
}
