using k8s.Models;
using Kube.Core.Kinds;
using Kube.Runtime.LeaderElection;
using Shouldly;
using Xunit;

namespace Kube.Tests.Runtime.LeaderElection;

/// <summary>
/// Electors that race for one lease in simulated time: slow answers, lost ones, writes that land late, processes that
/// are stopped and wake up. At no tick may two of them hold the fence.
/// </summary>
public sealed class ElectionSimulationTests
{
    private static readonly TimeSpan tick = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan duration = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan validFor = TimeSpan.FromSeconds(12);
    private static readonly TimeSpan renewDeadline = TimeSpan.FromSeconds(10);

    [Fact]
    public void Two_never_hold_at_once_and_somebody_soon_does()
    {
        var handovers = 0;
        for (var seed = 0; seed < 60; seed++)
        {
            handovers += new World(new Random(seed), validFor).Run(seed, ticks: 2000, mustNeverCollide: true).Handovers;
        }

        handovers.ShouldBeGreaterThan(60); // else the simulation is too kind to prove anything
    }

    [Fact]
    public void Without_the_margin_the_simulation_would_notice()
    {
        var collisions = 0;
        for (var seed = 0; seed < 60; seed++)
        {
            collisions += new World(new Random(seed), duration * 2).Run(seed, ticks: 2000,
                mustNeverCollide: false).Collisions;
        }

        collisions.ShouldBeGreaterThan(0);
    }

    private sealed class World
    {
        private readonly Random random;
        private readonly ManualTime time = new();
        private readonly List<Elector> electors;
        private readonly List<(TimeSpan At, Action Effect)> coming = [];
        private Lease? lease;
        private int version;

        public World(Random random, TimeSpan fenceValidFor)
        {
            this.random = random;
            electors = [.. Enumerable.Range(0, 3)
                .Select(i => new Elector($"e{i}", this, new LeadershipFence(time, fenceValidFor)))];
        }

        public TimeSpan Now => time.GetElapsedTime(0);

        public (int Handovers, int Collisions) Run(int seed, int ticks, bool mustNeverCollide)
        {
            var (handovers, collisions, vacant) = (0, 0, 0);
            string? leader = null;
            for (var i = 0; i < ticks; i++)
            {
                time.Advance(tick);
                foreach (var due in coming.Where(one => one.At <= Now).ToList())
                {
                    coming.Remove(due);
                    due.Effect();
                }

                electors.ForEach(elector => elector.Tick());
                var holding = electors.Where(elector => elector.Fence.IsHeld).Select(elector => elector.Name).ToList();
                collisions += holding.Count > 1 ? 1 : 0;
                if (mustNeverCollide && holding.Count > 1)
                {
                    Assert.Fail($"seed {seed} at {Now}: {string.Join(", ", holding)}");
                }

                handovers += holding.Count == 1 && holding[0] != leader ? 1 : 0;
                leader = holding.Count == 1 ? holding[0] : leader;
                vacant = holding.Count == 0 ? vacant + 1 : 0;
                if (vacant >= 1200)
                {
                    Assert.Fail($"seed {seed}: two minutes without a leader");
                }
            }

            return (handovers, collisions);
        }

        /// <summary>The effect and the answer come when they come; either may be late,
        /// the answer may be lost.</summary>
        public void Send(Elector from, string? expected, Action<Lease?> answered)
        {
            var lands = Now + Delay();
            var life = from.Life;
            coming.Add((lands, () =>
            {
                Lease? written = null;
                if (lease?.Metadata.ResourceVersion == expected)
                {
                    var spec = new V1LeaseSpec
                    {
                        HolderIdentity = from.Name, LeaseDurationSeconds = (int)duration.TotalSeconds,
                    };
                    written = lease = new Lease
                    {
                        Metadata = new() { Uid = "u", ResourceVersion = $"{++version}" },
                        Spec = spec,
                    };
                }

                if (random.Next(10) > 0)
                {
                    coming.Add((Now + Delay(), () => from.When(life, () => answered(written))));
                }
            }));
        }

        public void Read(Elector from, Action<Lease?> answered)
        {
            var life = from.Life;
            coming.Add((Now + Delay(), () =>
            {
                var seen = lease;
                coming.Add((Now + Delay(), () => from.When(life, () => answered(seen))));
            }));
        }

        public int Roll(int sides) => random.Next(sides);

        private TimeSpan Delay() =>
            TimeSpan.FromSeconds(random.Next(12) == 0 ? random.NextDouble() * 20 : random.NextDouble() * 0.3);
    }

    /// <summary>The election loop's decisions, with the calls cut out: look, decide,
    /// write bound to the version.</summary>
    private sealed class Elector(string name, World world, LeadershipFence fence)
    {
        private static readonly TimeSpan retryPeriod = TimeSpan.FromSeconds(2);
        private static readonly TimeSpan timeout = TimeSpan.FromSeconds(5);

        private ObservedLease? sighting;
        private TimeSpan nextTry;
        private TimeSpan stoppedUntil;
        private TimeSpan? renewedAt;
        private bool busy;
        private TimeSpan busySince;

        public string Name { get; private set; } = name;

        public LeadershipFence Fence { get; } = fence;

        /// <summary>Counts processes: answers to an earlier life reach nobody.</summary>
        public int Life { get; private set; }

        private bool IsStopped => world.Now < stoppedUntil;

        public void Tick()
        {
            if (IsStopped)
            {
                return;
            }

            if (world.Roll(1500) == 0)
            {
                // SIGSTOP: nothing runs, the clock does
                stoppedUntil = world.Now + TimeSpan.FromSeconds(world.Roll(40));
                return;
            }

            if (renewedAt is { } last && world.Now - last >= renewDeadline)
            {
                Restart();
            }

            if (busy && world.Now - busySince > timeout)
            {
                busy = false; // gave up waiting; the write may still land
                Life++;
            }

            if (!busy && world.Now >= nextTry)
            {
                busy = true;
                busySince = world.Now;
                nextTry = world.Now + retryPeriod;
                world.Read(this, Decide);
            }
        }

        public void When(int life, Action answer)
        {
            if (life == Life && !IsStopped)
            {
                answer();
            }
        }

        private void Decide(Lease? seen)
        {
            sighting = ObservedLease.After(sighting, seen, world.Now);
            if (LeaseDecider.Next(sighting, world.Now, Name, duration) is LeaseDecision.Wait)
            {
                busy = false;
                return;
            }

            var sentAt = Fence.Now();
            var sent = world.Now;
            world.Send(this, sighting.Lease?.Metadata.ResourceVersion, written =>
            {
                busy = false;
                if (written is not null)
                {
                    sighting = ObservedLease.After(sighting, written, world.Now);
                    renewedAt = sent;
                    Fence.Renewed(sentAt);
                }
            });
        }

        private void Restart()
        {
            Fence.Lost();
            Life++;
            Name += "'";
            (busy, renewedAt, sighting) = (false, null, null);
        }
    }
}
