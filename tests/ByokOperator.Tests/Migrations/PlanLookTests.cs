using Byok.Import.Tests;
using ByokOperator.Api;
using ByokOperator.Cluster;
using ByokOperator.Migrations;
using ByokOperator.Tests.Hosting;
using Cloud;
using Cloud.Objects;
using Cloud.Stores;
using NSubstitute;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Migrations;

/// <summary>A listing is counted a slice at a time, and nothing of it is counted twice or left out.</summary>
public sealed class PlanLookTests
{
    private const int Names = 30_000;
    private const int VersionsOfEach = 2;

    private static readonly SharedRef source = new(new StoreRef("eu-west-1", "shared"), "acme/");

    [Fact]
    public async Task A_long_listing_takes_several_looks_and_each_goes_on_where_the_last_one_stopped()
    {
        await using var lookout = await Lookout.StartAsync();
        List<string?> from = [];
        lookout.Objects.ListVersionsAsync(default!, default!, default, default).ReturnsForAnyArgs(call =>
        {
            from.Add(call.ArgAt<string?>(2));
            return Listing(call.ArgAt<string?>(2));
        });
        var look = new PlanLook(lookout.Around with { Time = new SetTime() });
        var facts = (await look.LookAsync(new EncryptedStore(), source, "plan-1", Glance(lookout))).ForDisplay()!;
        (facts.CountedAt, facts.Counts.Versions).ShouldBe((null, 20_000));
        for (var looks = 0; facts.CountedAt is null && looks < 10; looks++)
        {
            facts = (await look.LookAsync(new EncryptedStore(), source, "plan-1", Glance(lookout))).ForDisplay()!;
        }

        (facts.Counts.Objects, facts.Counts.Versions).ShouldBe((Names, Names * VersionsOfEach));
        from[0].ShouldBeNull();
        from[1].ShouldBe("acme/009999");
        await look.LookAsync(new EncryptedStore(), source, "plan-1", Glance(lookout));
        from.Count.ShouldBe(3, "what is counted is not listed again");
    }

    [Fact]
    public async Task Another_place_and_a_person_who_asks_begin_anew()
    {
        await using var lookout = await Lookout.StartAsync();
        lookout.Objects.ListVersionsAsync(default!, default!, default, default)
            .ReturnsForAnyArgs(_ => Listing("acme/029990"));
        var look = new PlanLook(lookout.Around with { Time = new SetTime() });
        foreach (var (fingerprint, asked, looks) in new[]
        {
            ("plan-1", "1", 1),
            ("plan-1", "1", 1),
            ("plan-1", "2", 2),
            ("plan-2", "2", 3),
        })
        {
            var store = new EncryptedStore
            {
                Metadata = new() { Annotations = new Dictionary<string, string> { [Labels.ReconcileAt] = asked } },
            };
            (await look.LookAsync(store, source, fingerprint, Glance(lookout))).ForDisplay()!.Counts.Objects
                .ShouldBe(9);
            lookout.Objects.ReceivedCalls()
                .Count(call => call.GetMethodInfo().Name == nameof(IObjectData.ListVersionsAsync)).ShouldBe(looks);
        }
    }

    [Fact]
    public async Task A_listing_that_breaks_off_goes_on_later_and_nobody_takes_it_for_an_empty_place()
    {
        await using var lookout = await Lookout.StartAsync();
        lookout.Objects.ListVersionsAsync(default!, default!, default, default).ReturnsForAnyArgs(
            call => Listing(call.ArgAt<string?>(2), breaksAfter: "acme/000005"),
            call => Listing(call.ArgAt<string?>(2)));
        var look = new PlanLook(lookout.Around with { Time = new SetTime() });
        (await look.LookAsync(new EncryptedStore(), source, "plan-1", Glance(lookout))).Blindness.ShouldNotBeNull();
        var facts = (await look.LookAsync(new EncryptedStore(), source, "plan-1", Glance(lookout))).ForDisplay()!;
        while (facts.CountedAt is null)
        {
            facts = (await look.LookAsync(new EncryptedStore(), source, "plan-1", Glance(lookout))).ForDisplay()!;
        }

        facts.Counts.Versions.ShouldBe(Names * VersionsOfEach);
    }

    private static Glance Glance(Lookout lookout) => lookout.Around.FactReader.At(CancellationToken.None);

    private static async IAsyncEnumerable<ObjectVersion> Listing(string? after, string? breaksAfter = null)
    {
        await Task.CompletedTask;
        for (var number = 0; number < Names; number++)
        {
            var name = $"acme/{number:D6}";
            if (breaksAfter is not null && string.CompareOrdinal(name, breaksAfter) > 0)
            {
                throw new CloudException(new CloudProblem.Unreachable("Gone", "the connection broke"),
                    "s3:ListObjectVersions");
            }

            for (var version = 0; version < VersionsOfEach && (after is null || string.CompareOrdinal(name, after) > 0);
                version++)
            {
                yield return new ObjectVersion(name, $"v{version}", "e", 1, DateTimeOffset.UnixEpoch, false,
                    version == 0, null, "SHA256");
            }
        }
    }
}
