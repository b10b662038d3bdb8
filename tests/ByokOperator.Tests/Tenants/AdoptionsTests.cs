using ByokOperator.Api;
using ByokOperator.Entitlements;
using ByokOperator.Reconciling;
using ByokOperator.Tenants;
using ByokOperator.Tests.Hosting;
using Kube.Core;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Tenants;

/// <summary>The platform's consent to take back what a lost cluster left: whose it is,
/// and what is said of one that can't be followed.</summary>
public sealed class AdoptionsTests
{
    private const string Lost = "9d4b3c1e-8a44-4d0e-8a8b-2f60a1c5e001";

    private static readonly TenantWorld Good = new()
    {
        Violations = [], Overlaps = Fact.Seen<IReadOnlyList<string>>([]), Lacks = "",
        Missing = Fact.Seen<IReadOnlyList<string>>([]),
    };

    [Fact]
    public void A_consent_is_for_the_object_that_it_names_and_for_no_other()
    {
        var authority = Authority.Of([Made("acme", 1, Entry("acme", "backups", Lost))]);
        authority.ConsentFor(StoreOf("acme", "backups")).ShouldBe(Lost);
        authority.ConsentFor(StoreOf("acme", "other")).ShouldBeNull();
        authority.ConsentFor(KeyOf("acme", "backups")).ShouldBeNull("it is a store's");
    }

    [Fact]
    public void A_tenant_consents_to_nothing_in_a_namespace_of_anothers()
    {
        var authority = Authority.Of([Made("acme", 1), Made("evil", 2, Entry("acme", "backups", Lost))]);
        authority.ConsentFor(StoreOf("acme", "backups")).ShouldBeNull();
        authority.ConsentFor(StoreOf("evil", "backups")).ShouldBeNull();
    }

    [Fact]
    public void A_tenant_that_breaks_a_rule_consents_to_nothing() =>
        Authority.Of([Made("acme", 1, Entry("acme", "backups", Lost), Entry("acme", "backups", "other"))])
            .ConsentFor(StoreOf("acme", "backups")).ShouldBeNull();

    [Fact]
    public async Task What_can_not_be_followed_is_told_and_what_is_not_there_yet_is_awaited()
    {
        await using var lookout = await Lookout.StartAsync();
        var live = await lookout.ApplyStoreAsync();
        var tenant = lookout.Around.Cluster.Tenants.Authority.TenantOf(Lookout.Namespace)!;
        var told = Adoptions.Of(
            tenant with
            {
                Spec = tenant.Spec with
                {
                    Adopt = [Entry("evil", "backups", Lost), Entry(Lookout.Namespace, "store", live.Metadata.Uid!),
                        Entry(Lookout.Namespace, "store", Lost), Entry(Lookout.Namespace, "gone", Lost)],
                },
            },
            lookout.Around.Cluster.Tenants);
        told.Refused.ShouldBe(
        [
            "spec.adopt[0]: namespace evil is not this tenant's, so nothing is taken back in it: add it to "
                + "spec.namespaces, or take the entry away",
            $"spec.adopt[1]: an object with the uid {live.Metadata.Uid} stands, and only what an object that is gone "
                + "left can be taken back: write the uid that the condition AdoptionNeeded says",
        ]);
        told.Awaited.ShouldBe(
            ["spec.adopt[3]: EncryptedStore acme/gone is not there: apply it, or take the entry away"]);
    }

    [Fact]
    public void A_consent_that_can_not_be_followed_stalls_its_tenant_and_one_that_waits_does_not()
    {
        ReadyOf(new Adoptions(["spec.adopt[0]: wrong"], []))
            .ShouldBe(("False", "AdoptionRefused", "AdoptionsFollowed: spec.adopt[0]: wrong"));
        ReadyOf(new Adoptions([], ["spec.adopt[0]: not there"]))
            .ShouldBe(("True", "Ready", "AdoptionsFollowed: spec.adopt[0]: not there"));
    }

    private static (string Status, string Reason, string Message) ReadyOf(Adoptions adoptions)
    {
        var world = Good with { Adoptions = Fact.Seen(adoptions) };
        var conditions = StatusReport.Conditions(TenantLadder.Choose(world), world, isServing: true, generation: 1, [],
            _ => throw new InvalidOperationException());
        return (conditions[0].Status, conditions[0].Reason, conditions[0].Message ?? "");
    }

    private static TenantSpecAdopt Entry(string ns, string store, string uid) =>
        new() { Namespace = ns, Store = store, Uid = uid };

    private static Tenant Made(string name, int age, params TenantSpecAdopt[] adopt) => new()
    {
        Metadata = new ObjectMeta
        {
            Name = name,
            CreationTimestamp = new DateTimeOffset(2026, 1, age, 0, 0, 0, TimeSpan.Zero),
        },
        Spec = new TenantSpec { Namespaces = [new() { Name = name }], Adopt = adopt },
    };

    private static EncryptedStore StoreOf(string ns, string name) =>
        new() { Metadata = new ObjectMeta { Namespace = ns, Name = name } };

    private static TenantEncryptionKey KeyOf(string ns, string name) =>
        new() { Metadata = new ObjectMeta { Namespace = ns, Name = name } };
}
